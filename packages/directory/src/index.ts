export type { Turned } from './bookmarks.ts';
export type { AgedCatalog, Catalog, CatalogKind, CatalogLock } from './catalog.ts';
export type { Page } from './collection.ts';
export type { Committed, Import } from './commit.ts';
export type { CommittedGroup } from './commit-group.ts';
export type { Chance } from './contention.ts';
export { type Directory, openDirectory } from './directory.ts';
export type { Permission, Recording } from './effect.ts';
export type { Identity } from './identity.ts';
export type { ImportProgress, ListedAccounts, ListedIdentity } from './import.ts';
export { layoutProblems, verifyLayout } from './layout.ts';
export { MAPPED_ATTRIBUTES, toMappedAttribute } from './learned-mapping.ts';
export type { Leased, Unleased } from './lease.ts';
export type {
  Intent,
  Note,
  Observed,
  PlannedIntent,
  TimelineEntry,
  TimelineEvent,
  Tombstone,
} from './records.ts';
export { withoutUnsaid } from './said.ts';
export { idOf, type Key, type Lane, type Scope, type Urgency, userKey } from './scope.ts';
export type { Awaited, AwaitedName, BrakeLimits, Postponement, Settled, Settlement } from './settle.ts';
export type { DirectoryStatus } from './status.ts';
export type { KeyState, PersonStory } from './story.ts';
export type { StoredResource } from './stored.ts';
export type { KnownAccount } from './unmanaged.ts';
export { DirectoryUnavailable, LayoutMismatch } from './unavailable.ts';
