/**
 * The directory of one connection: what Entra wants, and what is not settled yet. Knows SCIM resources and key
 * states; refuses to know what is done with them.
 */

import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Attributes, Lookup, Member, MemberChange, Membership, Position } from '@fresh-scim/scim';
import { claimAlert, forgetAlerts, keepAlert } from './alert.ts';
import { findBookmark, type Turned, turnPage } from './bookmarks.ts';
import {
  type AgedCatalog,
  awaitedNames,
  type Catalog,
  type CatalogKind,
  type CatalogLock,
  distrustCatalog,
  loadCatalog,
  lockCatalog,
  storeCatalog,
  wakeAwaiting,
} from './catalog.ts';
import { GROUPS, loadPage, type Page, scan, USERS } from './collection.ts';
import type { Committed, Import } from './commit.ts';
import type { CommittedGroup } from './commit-group.ts';
import type { Chance } from './contention.ts';
import { intend, type Permission, type Recording, record } from './effect.ts';
import { createGroup, getGroup, mutateGroup, removeGroup } from './groups.ts';
import { type Identity, ownerOf, refuseAttribute, remoteIdOf, sameIdentity } from './identity.ts';
import {
  cancelImport,
  failImport,
  findListed,
  type ImportProgress,
  type ListedAccounts,
  loadImport,
  releaseImport,
  startImport,
  takeImport,
  type TurnedPage,
  turnImportPage,
} from './import.ts';
import { editMapping, loadMapping, type MappingEdit } from './learned-mapping.ts';
import { acquire, type Leased, renew, type Unleased } from './lease.ts';
import { findUser, lookupGroups, lookupUsers, type UserLookup, type UserWithGroups } from './lookup.ts';
import { countMembers, groupsOf, loadMembers } from './memberships.ts';
import { type MemberMoves, moveObserved, nextMoves } from './observed-members.ts';
import type { PlannedIntent, TimelineEvent } from './records.ts';
import { createUser, getUser, mutateUser } from './resources.ts';
import { eraseConnection, purge } from './retention.ts';
import type { Key, Lane, Scope, Urgency } from './scope.ts';
import {
  type BrakeLimits,
  type Postponement,
  passBrake,
  postpone,
  type Settled,
  type Settlement,
  settle,
} from './settle.ts';
import { type DirectoryStatus, keysIn, loadStatus } from './status.ts';
import { findPeople, loadChanges, loadStory, type PersonStory } from './story.ts';
import type { StoredResource } from './stored.ts';
import {
  type Drift,
  hideAccount,
  hideVanished,
  type KnownAccount,
  loadAccounts,
  refreshAccount,
  showAccount,
  updateAccount,
} from './unmanaged.ts';
import { due, type FeedOptions, feed, rejectHeld, wakeKeys } from './wake.ts';

/** Every method throws `DirectoryUnavailable` when Redis is down or refuses to work. */
export interface Directory {
  readonly scope: Scope;

  createUser(attributes: Attributes): Promise<Committed>;
  getUser(id: string): Promise<StoredResource | undefined>;
  mutateUser(
    id: string,
    change: (attributes: Attributes) => Attributes,
    options?: { readonly ifMatch?: string },
  ): Promise<Committed | undefined>;
  removeUser(id: string, options?: { readonly ifMatch?: string }): Promise<Committed | undefined>;
  findUser(userName: string): Promise<UserWithGroups | undefined>;
  lookupUsers(lookup: UserLookup): Promise<StoredResource[]>;
  pageUsers(start: number | Position, count: number, list?: string): Promise<Page>;
  scanUsers(sliceSize: number): AsyncGenerator<StoredResource[]>;

  findBookmark(list: string, index: number): Promise<readonly string[]>;
  turnPage(list: string, turned: Turned): Promise<void>;

  createGroup(attributes: Attributes, members: readonly string[]): Promise<CommittedGroup>;
  /** Without its members. */
  getGroup(id: string): Promise<StoredResource | undefined>;
  mutateGroup(
    id: string,
    change: (attributes: Attributes) => Attributes,
    members: readonly MemberChange[],
    options?: { readonly ifMatch?: string },
  ): Promise<CommittedGroup | undefined>;
  removeGroup(id: string, options?: { readonly ifMatch?: string }): Promise<CommittedGroup | undefined>;
  lookupGroups(lookup: Lookup): Promise<StoredResource[]>;
  pageGroups(start: number | Position, count: number, list?: string): Promise<Page>;
  scanGroups(sliceSize: number): AsyncGenerator<StoredResource[]>;
  countMembers(groupIds: readonly string[]): Promise<readonly number[]>;
  loadMembers(groupId: string, max: number): Promise<readonly Member[] | undefined>;
  groupsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly Membership[]>>;
  moveObserved(groupId: string, memberId: string, isIn: boolean): Promise<boolean>;
  nextMoves(groupId: string, slice: number, after?: MemberMoves['next']): Promise<MemberMoves>;

  acquire(key: Key, leaseMs: number): Promise<Leased | Unleased>;
  renew(lease: Leased): Promise<boolean>;
  intend(lease: Leased, intent: PlannedIntent, callMs: number): Promise<Permission>;
  record(lease: Leased, recording: Recording): Promise<Permission>;
  settle(lease: Leased, how: Settlement): Promise<Settled>;
  postpone(lease: Leased, how: Postponement): Promise<'postponed' | 'again' | 'lost'>;
  passBrake(lease: Leased, limits: BrakeLimits): ReturnType<typeof passBrake>;
  /** The count of changes of a key, for `Awaited`. */
  loadChanges(key: Key): Promise<string>;
  /** The other keys, live or deleted, of the person with this externalId. */
  sameIdentity(externalId: string, except: Key): Promise<Identity[]>;
  ownerOf(remoteId: number): Promise<Key | undefined>;
  /** The Freshservice account that a key is bound to. */
  remoteIdOf(key: Key): Promise<number | undefined>;
  /** An attribute that the Freshservice account does not know is never sent to it again. */
  refuseAttribute(attribute: string): Promise<void>;

  loadCatalog(kind: CatalogKind): Promise<AgedCatalog | undefined>;
  storeCatalog(kind: CatalogKind, catalog: Catalog, wasReadNow: boolean): Promise<void>;
  distrustCatalog(kind: CatalogKind): Promise<void>;
  lockCatalog(kind: CatalogKind, ms: number): Promise<CatalogLock | undefined>;
  awaitedNames(): Promise<readonly string[]>;
  wakeAwaiting(names: readonly string[]): Promise<void>;

  loadImport(): Promise<ImportProgress>;
  startImport(): Promise<boolean>;
  cancelImport(): Promise<boolean>;
  takeImport(holder: string, ms: number): Promise<number | undefined>;
  turnImportPage(holder: string, page: TurnedPage): Promise<boolean>;
  releaseImport(holder: string): Promise<boolean>;
  failImport(holder: string, why: string): Promise<boolean>;
  findListed(externalId: string | undefined, addresses: readonly string[]): Promise<ListedAccounts>;
  loadAccounts(remoteIds: readonly number[]): Promise<ReadonlyMap<number, KnownAccount>>;
  showAccount(attributes: Attributes, listed: Import): Promise<boolean>;
  updateAccount(stored: StoredResource, attributes: Attributes, listed: Import): Promise<void>;
  refreshAccount(key: Key, readAt: number, listed: Import, drift?: Drift): Promise<boolean>;
  hideAccount(key: Key): Promise<boolean>;
  hideVanished(listing: number): Promise<number>;
  loadMapping(): Promise<ReadonlyMap<string, number>>;
  editMapping(edit: MappingEdit): Promise<number>;

  feed(lane: Lane, options: FeedOptions): Promise<Key[]>;
  due(): Promise<{ urgent: number; normal: number }>;
  wake(
    keys: readonly Key[],
    how: { readonly urgency: Urgency; readonly release?: boolean; readonly event?: TimelineEvent },
  ): Promise<number>;
  rejectHeld(keys: readonly Key[], event: TimelineEvent): Promise<number>;

  claimAlert(subject: string, ms: number): Promise<boolean>;
  keepAlert(subject: string, ms: number): Promise<void>;
  forgetAlerts(subjects: readonly string[]): Promise<void>;

  status(): Promise<DirectoryStatus>;
  keysIn(state: 'parked' | 'held' | 'deferred', start: number, count: number): Promise<Key[]>;
  findPeople(who: string): Promise<PersonStory[]>;
  story(key: Key): Promise<PersonStory | undefined>;

  /** Forgets what was deleted long ago, and goes on with deletes that were not finished. @returns tombstones forgotten. */
  purge(keepMs: number): Promise<number>;
  erase(): Promise<void>;
}

const systemChance: Chance = {
  newId: () => randomUUID(),
  pause: (ms) => sleep(ms),
  random: () => randomInt(1_000_000) / 1_000_000,
};

/** Opens the directory of a connection. Does no I/O. */
export function openDirectory(redis: Redis, scope: Scope, chance: Chance = systemChance): Directory {
  return {
    scope,
    createUser: (attributes) => createUser(redis, scope, chance, attributes),
    getUser: (id) => getUser(redis, scope, id),
    mutateUser: (id, change, options) => mutateUser(redis, scope, chance, id, change, options?.ifMatch),
    removeUser: (id, options) => mutateUser(redis, scope, chance, id, () => undefined, options?.ifMatch),
    findUser: (userName) => findUser(redis, scope, userName),
    lookupUsers: (lookup) => lookupUsers(redis, scope, lookup),
    pageUsers: (start, count, list) => loadPage(redis, scope, USERS, start, count, list),
    scanUsers: (sliceSize) => scan(redis, scope, USERS, sliceSize),

    findBookmark: (list, index) => findBookmark(redis, scope, list, index),
    turnPage: (list, turned) => turnPage(redis, scope, list, turned),

    createGroup: (attributes, members) => createGroup(redis, scope, chance, attributes, members),
    getGroup: (id) => getGroup(redis, scope, id),
    mutateGroup: (id, change, members, options) =>
      mutateGroup(redis, scope, chance, id, change, members, options?.ifMatch),
    removeGroup: (id, options) => removeGroup(redis, scope, chance, id, options?.ifMatch),
    lookupGroups: (lookup) => lookupGroups(redis, scope, lookup),
    pageGroups: (start, count, list) => loadPage(redis, scope, GROUPS, start, count, list),
    scanGroups: (sliceSize) => scan(redis, scope, GROUPS, sliceSize),
    countMembers: (groupIds) => countMembers(redis, scope, groupIds),
    loadMembers: (groupId, max) => loadMembers(redis, scope, groupId, max),
    groupsOf: (ids) => groupsOf(redis, scope, ids),
    moveObserved: (groupId, memberId, isIn) => moveObserved(redis, scope, groupId, memberId, isIn),
    nextMoves: (groupId, slice, after) => nextMoves(redis, scope, groupId, slice, after),

    acquire: (key, leaseMs) => acquire(redis, scope, key, leaseMs),
    renew: (lease) => renew(redis, scope, lease),
    intend: (lease, intent, callMs) => intend(redis, scope, lease, intent, callMs),
    record: (lease, recording) => record(redis, scope, lease, recording),
    settle: (lease, how) => settle(redis, scope, lease, how),
    postpone: (lease, how) => postpone(redis, scope, lease, how),
    passBrake: (lease, limits) => passBrake(redis, scope, lease, limits),
    loadChanges: (key) => loadChanges(redis, scope, key),
    sameIdentity: (externalId, except) => sameIdentity(redis, scope, externalId, except),
    ownerOf: (remoteId) => ownerOf(redis, scope, remoteId),
    remoteIdOf: (key) => remoteIdOf(redis, scope, key),
    refuseAttribute: (attribute) => refuseAttribute(redis, scope, attribute),

    loadCatalog: (kind) => loadCatalog(redis, scope, kind),
    storeCatalog: (kind, catalog, wasReadNow) => storeCatalog(redis, scope, kind, catalog, wasReadNow),
    distrustCatalog: (kind) => distrustCatalog(redis, scope, kind),
    lockCatalog: (kind, ms) => lockCatalog(redis, scope, kind, ms),
    awaitedNames: () => awaitedNames(redis, scope),
    wakeAwaiting: (names) => wakeAwaiting(redis, scope, names),

    loadImport: () => loadImport(redis, scope),
    startImport: () => startImport(redis, scope),
    cancelImport: () => cancelImport(redis, scope),
    takeImport: (holder, ms) => takeImport(redis, scope, holder, ms),
    turnImportPage: (holder, page) => turnImportPage(redis, scope, holder, page),
    releaseImport: (holder) => releaseImport(redis, scope, holder),
    failImport: (holder, why) => failImport(redis, scope, holder, why),
    findListed: (externalId, addresses) => findListed(redis, scope, externalId, addresses),
    loadAccounts: (remoteIds) => loadAccounts(redis, scope, remoteIds),
    showAccount: (attributes, listed) => showAccount(redis, scope, chance, attributes, listed),
    updateAccount: (stored, attributes, listed) => updateAccount(redis, scope, stored, attributes, listed),
    refreshAccount: (key, readAt, listed, drift) => refreshAccount(redis, scope, key, readAt, listed, drift),
    hideAccount: (key) => hideAccount(redis, scope, key),
    hideVanished: (listing) => hideVanished(redis, scope, listing),
    loadMapping: () => loadMapping(redis, scope),
    editMapping: (edit) => editMapping(redis, scope, edit),

    feed: (lane, options) => feed(redis, scope, lane, options),
    due: () => due(redis, scope),
    wake: (keys, how) => wakeKeys(redis, scope, keys, how),
    rejectHeld: (keys, event) => rejectHeld(redis, scope, keys, event),

    claimAlert: (subject, ms) => claimAlert(redis, scope, subject, ms),
    keepAlert: (subject, ms) => keepAlert(redis, scope, subject, ms),
    forgetAlerts: (subjects) => forgetAlerts(redis, scope, subjects),

    status: () => loadStatus(redis, scope),
    keysIn: (state, start, count) => keysIn(redis, scope, state, start, count),
    findPeople: (who) => findPeople(redis, scope, who),
    story: (key) => loadStory(redis, scope, key),

    purge: (keepMs) => purge(redis, scope, keepMs),
    erase: () => eraseConnection(redis, scope),
  };
}
