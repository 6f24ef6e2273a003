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
  type ListedAccounts,
  type Observed,
  userKey,
} from '@fresh-scim/directory';
import { userNameOf } from '@fresh-scim/scim';
import { fetchByAddresses, fetchPerson, fetchWhole, type Found } from './accounts.ts';
import { type Person, toObserved } from './mapping/observed.ts';
import { sameAddress } from './mapping/text.ts';
import type { Ending } from './outcome.ts';
import { Halt, redisNow, remember, type Run } from './run.ts';
import { isPrimary, leaveOutSecondary, reportSecondary } from './secondary.ts';

/** A waiting create looks again so often at most; the end of the import wakes it before. */
const IMPORT_LOOK_MS = 60_000;
const LISTING_YOUNG_MS = 24 * 3_600_000;
/** externalId is Entra's objectId only if it looks like one; a nickname proves nothing. */
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Until another key of the same person has found out what became of its last call. */
const UNRESOLVED_MS = 1000;

/** Looks once per reconcile. Leaves `run.observed` bound, or unbound when there is no such account. */
export async function findAccount(run: Run): Promise<void> {
  if (run.searched) return;
  run.searched = true;
  await waitForFirstImport(run);
  if (await takeOverSamePerson(run)) return;
  if (await adoptListed(run)) return;
  if (await isListedNowhere(run)) return;
  const addresses = await addressesToLookFor(run);
  if (addresses.length > 0) await adoptFound(run, await fetchByAddresses(run, addresses));
}

/** Whoever is to be found is not created blindly; whoever is to be disabled never waits. */
async function waitForFirstImport(run: Run): Promise<void> {
  const leftMs = run.lease.importWaitMs;
  if (!run.target.active || leftMs <= 0) return;
  const awaits = await awaiting(run, ['import']);
  // It may have ended between the lease and the count of its ends: then there is no other end to wait for.
  if ((await run.world.directory.loadImport()).state !== 'running') return;
  run.awaits.push(...awaits);
  const ms = Math.min(leftMs, IMPORT_LOOK_MS);
  throw new Halt({ kind: 'later', ms, why: 'waiting-for-import', isFailure: false });
}

/**
 * Adopts the account that the newest listing names: by externalId, else by a primary address. The account is read,
 * since it may have changed since the listing.
 *
 * @throws {Halt} parked, when the listing and the account agree that there are two.
 */
async function adoptListed(run: Run): Promise<boolean> {
  const { target, world } = run;
  const listed = target.active
    ? await world.directory.findListed(target.externalId, target.addresses)
    : await findListedLeaver(run);
  const { byExternalId, byAddress } = listed;
  const ids = new Set([...(byExternalId === undefined ? [] : [byExternalId]), ...byAddress]);
  const owners = await world.directory.loadAccounts([...ids]);
  const people: Person[] = [];
  for (const id of ids) {
    const owner = owners.get(id);
    if (owner?.managed && (owner.key === undefined || owner.stored)) continue; // another person's
    const person = await fetchPerson(run, id, 'requester');
    if (person && isStill(person, target)) people.push(person);
  }
  const [person, second] = people;
  if (person && second) {
    const detail = `accounts ${person.record.id} and ${second.record.id}`;
    throw new Halt({ kind: 'parked', why: 'ambiguous', detail });
  }
  return person !== undefined && adopt(run, person);
}

/** What is by now the identifier or address of somebody else, who is to have access, says nothing of a leaver. */
async function findListedLeaver(run: Run): Promise<ListedAccounts> {
  const { target, world, lease } = run;
  const { externalId } = target;
  const others = externalId === undefined ? [] : await world.directory.sameIdentity(externalId, lease.key);
  const isOthers = others.some(({ active }) => active);
  return world.directory.findListed(isOthers ? undefined : externalId, await addressesToLookFor(run));
}

/**
 * A leaver who never had an account needs no look-up while a complete listing is young, and shows none of the addresses.
 */
async function isListedNowhere({ target, world, observed, lease }: Run): Promise<boolean> {
  if (target.active || (observed?.sentAddresses ?? []).length > 0) return false;
  const { byExternalId, byAddress, completedAt } = await world.directory.findListed(
    target.externalId,
    target.addresses,
  );
  const isYoung = completedAt !== null && lease.loadedAt - completedAt < LISTING_YOUNG_MS;
  return isYoung && byExternalId === undefined && byAddress.length === 0;
}

function isStill({ kind, record }: Person, { externalId, addresses }: Run['target']): boolean {
  const address = kind === 'agent' ? record.email : record.primary_email;
  if (externalId !== undefined && record.external_id === externalId) return true;
  return address !== null && addresses.some((wanted) => sameAddress(wanted, address));
}

/**
 * A complete listing has shown who has an account, agents included, and what came after it a create tells by its
 * conflict: so only the other address is looked for before it. Without a listing a server that lets an agent and a
 * requester have one address would make a second account, so every address is. A person who is to be inactive is
 * looked for under every address that was ever sent.
 */
export async function addressesToLookFor(run: Run): Promise<readonly string[]> {
  const { target, world, lease } = run;
  if (target.active) {
    const { completedAt } = await world.directory.findListed(target.externalId, target.addresses);
    return completedAt === null ? target.addresses : target.addresses.slice(1);
  }
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
  if (!row) {
    if (run.target.active) await reportSecondary(run, found.secondary);
    return false;
  }
  await assertMayAdopt(run, row.id);
  const person = await fetchWhole(run, row);
  return person !== undefined && adopt(run, person);
}

/** @throws {Halt} parked, see {@link adoptFound}. */
async function adopt(run: Run, person: Person): Promise<boolean> {
  const { id } = person.record;
  await assertMayAdopt(run, id);
  let owner = await bind(run, person, 'adopted');
  // Only the import has shown this account: there are never two resources of one account.
  if (owner !== undefined && (await hideUnmanaged(run, id))) owner = await bind(run, person, 'adopted');
  if (owner === undefined) return true;
  if (!run.target.active) return false; // the account is another person's by now: nothing of the leaver is left
  const shown = person.kind === 'agent' ? person.record.email : person.record.primary_email;
  if (!isPrimary(run, shown)) {
    await leaveOutSecondary(run, id);
    return false;
  }
  throw new Halt(await waitForOwner(run, id));
}

async function hideUnmanaged(run: Run, remoteId: number): Promise<boolean> {
  const key = await run.world.directory.ownerOf(remoteId);
  return key !== undefined && run.world.directory.hideAccount(key);
}

async function assertMayAdopt(run: Run, remoteId: number): Promise<void> {
  if (run.world.settings.adopt === 'email') return;
  if (await run.world.directory.ownerOf(remoteId)) return; // ours already: from a deleted resource of the same address
  throw new Halt({ kind: 'parked', why: 'account-exists', detail: `account ${remoteId}` });
}

/** Claims the account and stores what it shows. @returns the owner that stands in the way. */
export async function bind(
  run: Run,
  person: Person,
  what: 'adopted' | 'taken-over' | 'found-created',
  takeoverFrom?: Key,
): Promise<string | undefined> {
  const shown: Observed = toObserved(person, run.observed, redisNow(run));
  const observed = what === 'found-created' ? shown : { ...shown, adopted: true };
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

/** What `settle` and `postpone` need to notice a change that happened before they registered the wait. */
export async function awaiting(run: Run, keys: readonly string[]): Promise<Awaited[]> {
  const { directory } = run.world;
  return Promise.all(
    keys.map(async (key) => ({ key: key as Key, changes: await directory.loadChanges(key as Key) })),
  );
}
