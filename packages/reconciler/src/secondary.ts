/**
 * The other address of a person. It is worth less than anybody's primary one: where the two meet, it is left out, and
 * whoever has it gives it away.
 */

import { type Key, userKey } from '@fresh-scim/directory';
import type { Requester } from '@fresh-scim/freshservice';
import { sameAddress } from './mapping/text.ts';
import { Halt, type Run } from './run.ts';

const ATTRIBUTE = 'secondary_emails';

/** Whether this is the address under which the person's account goes. */
export function isPrimary({ target }: Run, address: string | null): boolean {
  const primary = target.attributes['primary_email'];
  return typeof primary === 'string' && address !== null && sameAddress(primary, address);
}

/** Everything else is applied; the person waits for the account that has the address, if we know whose it is. */
export async function leaveOutSecondary(run: Run, holder: number | undefined): Promise<void> {
  if (run.leftOut.has(ATTRIBUTE)) return;
  const { directory } = run.world;
  const key = holder === undefined ? undefined : await directory.ownerOf(holder);
  const waitsFor = key ?? (holder === undefined ? undefined : `account ${holder}`);
  const reason = holder === undefined ? 'conflict-without-owner' : 'address-in-use';
  run.leftOut.set(ATTRIBUTE, reason);
  run.notes.push({ attribute: ATTRIBUTE, reason, ...(waitsFor === undefined ? {} : { waitsFor }) });
  if (key) run.awaits.push({ key, changes: await directory.loadChanges(key) });
}

/**
 * Somebody has one of the person's addresses as a secondary one: no matter if it is only the other address, and that of
 * a person whom we know.
 *
 * @throws {Halt} parked
 */
export async function reportSecondary(run: Run, rows: readonly Requester[]): Promise<void> {
  for (const row of rows) {
    const taken = row.secondary_emails.find((address) => isPrimary(run, address));
    const key = taken === undefined ? undefined : await askToYield(run, taken);
    if (key)
      throw new Halt({ kind: 'parked', why: 'address-in-use', detail: `account ${row.id}, of ${key}` });
    if (taken !== undefined || (await run.world.directory.ownerOf(row.id)) === undefined) {
      throw new Halt({ kind: 'parked', why: 'address-is-secondary', detail: `account ${row.id}` });
    }
    await leaveOutSecondary(run, row.id);
  }
}

/**
 * The primary address is refused, and nobody shows it as theirs. A search may not find secondary addresses; the person
 * of whom Entra says that it is their other address is asked to give it away.
 *
 * @returns that person, for whom this one waits from now on.
 */
export async function askToYield(run: Run, address: string): Promise<Key | undefined> {
  const { directory } = run.world;
  const key = await otherWith(run, 'workEmail', address);
  if (key === undefined) return undefined;
  run.awaits.push({ key, changes: await directory.loadChanges(key) });
  await directory.wake([key], { urgency: 'normal' });
  return key;
}

/** The other address of this person may be the userName of somebody else, who needs it more. */
export async function needsItMore(run: Run, address: string): Promise<Key | undefined> {
  return otherWith(run, 'userName', address);
}

async function otherWith(run: Run, by: 'workEmail' | 'userName', value: string): Promise<Key | undefined> {
  const found = await run.world.directory.lookupUsers({ by, value });
  return found.map(({ id }) => userKey(id)).find((key) => key !== run.lease.key);
}
