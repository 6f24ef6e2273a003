/** Looking at Freshservice: one account by its id, accounts by an address. Reads only. */

import { FreshserviceError, parseAgentId, parseRequesterId, type Requester } from '@fresh-scim/freshservice';
import type { Person } from './mapping/observed.ts';
import { sameAddress } from './mapping/text.ts';
import { callOptions, type Run } from './run.ts';

/**
 * An account by id, whichever kind it is now: an administrator may have converted it.
 *
 * @returns `undefined` only when both endpoints say 404; an error of Freshservice is never read as absence.
 */
export async function fetchPerson(
  run: Run,
  remoteId: number,
  first: Person['kind'],
): Promise<Person | undefined> {
  const order = first === 'agent' ? (['agent', 'requester'] as const) : (['requester', 'agent'] as const);
  for (const kind of order) {
    const person = await fetchKind(run, remoteId, kind);
    if (person) return person;
  }
  return undefined;
}

async function fetchKind(run: Run, remoteId: number, kind: Person['kind']): Promise<Person | undefined> {
  const { agents, requesters } = run.world.freshservice;
  try {
    if (kind === 'agent') return { kind, record: await agents.get(parseAgentId(remoteId), callOptions(run)) };
    const record = await requesters.get(parseRequesterId(remoteId), callOptions(run));
    // Some accounts show an agent here as well; only the agents' endpoint can change it.
    return record.is_agent ? undefined : { kind, record };
  } catch (error) {
    if (error instanceof FreshserviceError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

/** Whoever Freshservice names for these addresses, agents and inactive people included; each account once. */
export async function fetchByAddresses(run: Run, addresses: readonly string[]): Promise<Found> {
  const rows = new Map<number, Requester>();
  for (const address of addresses) {
    const found = await run.world.freshservice.requesters.findByEmail(
      address,
      { includeAgents: true },
      callOptions(run),
    );
    for (const row of found) rows.set(row.id, row);
  }
  const isOne = (candidate: string | null): boolean =>
    candidate !== null && addresses.some((address) => sameAddress(address, candidate));
  const all = [...rows.values()];
  return {
    primary: all.filter((row) => isOne(row.primary_email)),
    secondary: all.filter((row) => !isOne(row.primary_email) && row.secondary_emails.some(isOne)),
  };
}

/** A secondary address is reported, never adopted. */
export interface Found {
  readonly primary: readonly Requester[];
  readonly secondary: readonly Requester[];
}

/** The full record of a row; an agent's row is shaped like a requester's and has to be read from its own endpoint. */
export async function fetchWhole(run: Run, row: Requester): Promise<Person | undefined> {
  return row.is_agent ? fetchPerson(run, row.id, 'agent') : { kind: 'requester', record: row };
}
