/**
 * Which account is this person? Before a remote id is bound the first hit wins: the account of the same person under
 * another resource, then an account whose primary address is one of the person's. After binding only the remote id
 * counts. Nothing is created here.
 */

import {
  type Awaited,
  type Identity,
  type Key,
  type Leased,
  type Observed,
  userKey,
} from '@fresh-scim/directory';
import type { Requester } from '@fresh-scim/freshservice';
import { userNameOf } from '@fresh-scim/scim';
import { fetchByAddresses, fetchPerson, fetchWhole, type Found } from './accounts.ts';
import { type Person, toObserved } from './mapping/observed.ts';
import type { Ending } from './outcome.ts';
import { Halt, redisNow, remember, type Run } from './run.ts';

/** externalId is Entra's objectId only if it looks like one; a nickname proves nothing. */
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Until another key of the same person has found out what became of its last call. */
const UNRESOLVED_MS = 1000;

/** Looks once per reconcile. Leaves `run.observed` bound, or unbound when there is no such account. */
export async function findAccount(run: Run): Promise<void> {
  if (run.searched) return;
  run.searched = true;
  if (await takeOverSamePerson(run)) return;
  const addresses = await addressesToLookFor(run);
  if (addresses.length > 0) await adoptFound(run, await fetchByAddresses(run, addresses));
}

/**
 * A create tells by its conflict that the primary address is taken, so only the other address is looked for before
 * it. A person who is to be inactive is looked for under every address that was ever sent.
 */
export async function addressesToLookFor(run: Run): Promise<string[]> {
  const { target, world, lease } = run;
  if (target.active) return target.addresses.slice(1);
  const known = [...target.addresses, ...(run.observed?.sentAddresses ?? [])].map((a) => a.toLowerCase());
  const unique = [...new Set(known)];
  const free = await Promise.all(
    unique.map(async (address) => {
      const holders = await world.directory.lookupUsers({ by: 'userName', value: address });
      return holders.every(({ id, json }) => userKey(id) === lease.key || !holds(json, address));
    }),
  );
  return unique.filter((_, index) => free[index]);
}

/** Whether a live, active resource uses this address: then an account under it is that person's, not the leaver's. */
function holds(json: string, address: string): boolean {
  const user = JSON.parse(json);
  return user.active !== false && userNameOf(user).toLowerCase() === address;
}

/** Who has an account, or may have made one, then who was posted first: or two that are new would wait for each other. */
function comesFirst({ key, createdAt = 0, remoteId, isUnresolved }: Identity, lease: Leased): boolean {
  if (remoteId !== undefined || isUnresolved) return true;
  const ownCreatedAt = lease.resource?.createdAt ?? 0;
  return createdAt === ownCreatedAt ? key < lease.key : createdAt < ownCreatedAt;
}

/** Two keys of one GUID never become two people: the account of a deleted or disabled one is taken over. */
async function takeOverSamePerson(run: Run): Promise<boolean> {
  const { target, world, lease } = run;
  if (!target.active || target.externalId === undefined || !GUID.test(target.externalId)) return false;
  const others = await world.directory.sameIdentity(target.externalId, lease.key);
  const rival = others.find((other) => other.active && comesFirst(other, lease));
  if (rival) {
    throw new Halt({ kind: 'parked', why: 'duplicate-identity', detail: rival.key, awaits: [rival] });
  }
  // A create of the other one may have made the account that is to be taken over: nobody knows before it is looked for.
  if (others.some((other) => other.isUnresolved)) {
    throw new Halt({ kind: 'later', ms: UNRESOLVED_MS, why: 'same-person-unresolved', isFailure: false });
  }
  for (const other of others) {
    if (other.remoteId === undefined) continue;
    const person = await fetchPerson(run, other.remoteId, 'requester');
    if (person && (await bind(run, person, 'taken-over', other.key)) === undefined) return true;
  }
  return false;
}

/**
 * Binds the one account that carries one of the person's addresses.
 *
 * @throws {Halt} parked, when there are two, when the settings say that existing accounts are not adopted, when the
 * address is only somebody's secondary one, or when another key owns the account.
 */
export async function adoptFound(run: Run, found: Found): Promise<boolean> {
  const [row, second] = found.primary;
  if (row && second) {
    throw new Halt({ kind: 'parked', why: 'ambiguous', detail: `accounts ${row.id} and ${second.id}` });
  }
  const [elsewhere] = found.secondary;
  if (!row) {
    if (elsewhere && run.target.active) {
      throw new Halt({ kind: 'parked', why: 'address-is-secondary', detail: `account ${elsewhere.id}` });
    }
    return false;
  }
  await assertMayAdopt(run, row);
  const person = await fetchWhole(run, row);
  if (!person) return false;
  if ((await bind(run, person, 'adopted')) === undefined) return true;
  if (!run.target.active) return false; // the account is another person's by now: nothing of the leaver is left
  throw new Halt(await waitForOwner(run, row.id));
}

async function assertMayAdopt(run: Run, row: Requester): Promise<void> {
  if (run.world.settings.adopt === 'email') return;
  if (await run.world.directory.ownerOf(row.id)) return; // ours already: from a deleted resource of the same address
  throw new Halt({ kind: 'parked', why: 'account-exists', detail: `account ${row.id}` });
}

/** Claims the account and stores what it shows. @returns the owner that stands in the way. */
export async function bind(
  run: Run,
  person: Person,
  what: string,
  takeoverFrom?: Key,
): Promise<string | undefined> {
  const observed: Observed = toObserved(person, run.observed, redisNow(run));
  return remember(run, {
    observed,
    claim: { remoteId: person.record.id, ...(takeoverFrom ? { takeoverFrom } : {}) },
    intent: 'clear',
    event: { what, detail: `account ${person.record.id}` },
  });
}

/** The account belongs to another key by now: what was sent to it stays remembered, nothing else. */
export function unbind(run: Run): void {
  const { sentAddresses = [], ours = [] } = run.observed ?? {};
  run.observed = { readAt: redisNow(run), values: {}, echoes: {}, sentAddresses, ours };
}

/** The address belongs to an account of another key: wait until that key changes. */
async function waitForOwner(run: Run, remoteId: number): Promise<Ending> {
  const { owner, isStill } = await confirmOwner(run, remoteId, run.target.addresses);
  // It has moved on, or was deleted, since the look that led here.
  if (!isStill || (await remember(run, { claim: { remoteId }, intent: 'keep' })) === undefined) {
    return { kind: 'again', why: 'address-freed' };
  }
  const detail = `account ${remoteId}, of ${owner?.key ?? 'another connection'}`;
  return { kind: 'parked', why: 'address-in-use', detail, awaits: owner ? [owner] : [] };
}

/**
 * Who owns the account that holds one of these addresses, and whether it does so still. The owner's changes are counted
 * before that look: what it does after it moves the count, and `settle` and `postpone` do not let it go unnoticed.
 */
export async function confirmOwner(
  run: Run,
  remoteId: number,
  addresses: readonly string[],
): Promise<{ owner: Awaited | undefined; isStill: boolean }> {
  const { directory } = run.world;
  const key = await directory.ownerOf(remoteId);
  const owner = key && { key, changes: await directory.loadChanges(key) };
  const { primary, secondary } = await fetchByAddresses(run, addresses);
  return { owner, isStill: [...primary, ...secondary].some(({ id }) => id === remoteId) };
}
