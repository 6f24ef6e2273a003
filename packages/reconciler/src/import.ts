/**
 * The import: lists everybody of a Freshservice account, a hundred at a call, with what live work leaves of the budget.
 * Fills the identity index, keeps snapshots young, and makes accounts that nobody owns visible to SCIM as unmanaged
 * resources. Reads only. The progress is stored page by page, so that any process goes on where another one ended.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Import, ImportProgress, KnownAccount } from '@fresh-scim/directory';
import {
  BudgetExhausted,
  type ErrorKind,
  FreshserviceError,
  type Page,
  type Requester,
} from '@fresh-scim/freshservice';
import { findDrift } from './drift.ts';
import { toLearned } from './mapping/learned.ts';
import { toListedSnapshot, toUnmanaged } from './mapping/unmanaged.ts';
import { targetOf, type World } from './run.ts';

export interface ImportOptions {
  /** Ends the work after the page at hand; the import itself goes on in another process. */
  readonly signal: AbortSignal;
  /** Called after every page. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** A process that does not turn a page for so long is taken to be dead. @default 60_000 */
  readonly leaseMs?: number;
}

/** `elsewhere`: none is running, or another process is at it. `interrupted`: to be gone on with, later. */
export type ImportEnd = 'done' | 'failed' | 'elsewhere' | 'interrupted';

const LEASE_MS = 60_000;
/** No wait for the budget is longer without prolonging the lease. */
const WAIT_MAX_MS = 10_000;
const FAILURES_MAX = 5;
/** A snapshot that is younger than this may be newer than the index that lists are made of. */
const YOUNG_MS = 60_000;

/** What errors of a list call mean; the others are worth another try. */
const FATAL: ReadonlySet<ErrorKind> = new Set(['forbidden', 'invalid', 'notFound', 'conflict']);

/**
 * Goes on with the import that was asked for, to its end.
 *
 * @throws when the store is gone. The import then goes on when its lease has run out.
 */
export async function importAccounts(world: World, options: ImportOptions): Promise<ImportEnd> {
  const { directory } = world;
  const { signal, onProgress, leaseMs = LEASE_MS } = options;
  const holder = randomUUID();
  let failures = 0;
  while (!signal.aborted) {
    const listedAt = await directory.takeImport(holder, leaseMs);
    if (listedAt === undefined) return 'elsewhere';
    const progress = await directory.loadImport();
    const page = await fetchPage(world, progress.page, signal);
    if ('records' in page) {
      failures = 0;
      if (progress.page === 1 && page.records.length === 0) {
        // The owner of our API key would be listed: an empty account is an error, and no proof of absence.
        await directory.failImport(holder, 'empty-listing');
        return 'failed';
      }
      const isLast = page.nextPage === undefined;
      if (!(await takeIn(world, holder, progress, page, listedAt))) return 'elsewhere';
      onProgress?.(await directory.loadImport());
      if (isLast) return 'done';
      continue;
    }
    if (page.isFailure) failures += 1;
    if (page.fatal !== undefined) {
      await directory.failImport(holder, page.fatal);
      return 'failed';
    }
    if (page.waitMs === undefined || failures >= FAILURES_MAX) break;
    await sleep(Math.min(page.waitMs, WAIT_MAX_MS), undefined, { signal }).catch(() => undefined);
  }
  await directory.releaseImport(holder);
  return 'interrupted';
}

/** Why there is no page; without `waitMs` and `fatal` it is not worth another try now. */
interface NoPage {
  readonly isFailure: boolean;
  readonly waitMs?: number;
  readonly fatal?: string;
}

async function fetchPage(world: World, page: number, signal: AbortSignal): Promise<Page<Requester> | NoPage> {
  try {
    return await world.freshservice.requesters.list(
      { page, includeAgents: true },
      { urgency: 'bulk', signal },
    );
  } catch (error) {
    if (signal.aborted) return { isFailure: false };
    if (error instanceof BudgetExhausted) return { isFailure: false, waitMs: error.retryInMs };
    if (!(error instanceof FreshserviceError)) throw error;
    if (error.kind === 'throttled') return { isFailure: false, waitMs: error.retryAfterMs ?? 1000 };
    if (error.kind === 'unauthorized') {
      await world.stop('unauthorized');
      return { isFailure: true };
    }
    return FATAL.has(error.kind) ? { isFailure: true, fatal: error.kind } : { isFailure: true, waitMs: 1000 };
  }
}

/** @returns false when the import was cancelled or taken meanwhile: then nobody is taken to be gone. */
async function takeIn(
  world: World,
  holder: string,
  { listing }: ImportProgress,
  { records, nextPage }: Page<Requester>,
  listedAt: number,
): Promise<boolean> {
  const { directory } = world;
  const known = await directory.loadAccounts(records.map(({ id }) => id));
  const learned = [...(await directory.loadMapping()).keys()];
  const once = new Map(records.map((row): [number, Requester] => [row.id, row]));
  const taken = [...once.values()].map(async (row): Promise<boolean> => {
    const account = known.get(row.id);
    const observed = toListedSnapshot(row, account?.observed, listedAt);
    const listed = { remoteId: row.id, observed, listing };
    if (account?.managed) return refreshManaged(world, account, listed, learned);
    await takeInUnmanaged(world, row, account, listed);
    return false;
  });
  const drifted = (await Promise.all(taken)).filter(Boolean).length;
  const turned = await directory.turnImportPage(holder, {
    nextPage,
    drifted,
    people: records.map((row) => ({
      remoteId: row.id,
      address: row.primary_email ?? undefined,
      externalId: row.external_id ?? undefined,
    })),
  });
  // Who was in neither this complete listing nor the one before is gone. If this process dies here, the next one does it.
  if (turned && nextPage === undefined) await directory.hideVanished(listing);
  return turned;
}

/** @returns whether somebody else has changed the account since the last look. */
async function refreshManaged(
  { directory, settings }: World,
  { key, stored, observed: before, isClean, unsaid }: KnownAccount,
  listed: Import,
  learned: readonly string[],
): Promise<boolean> {
  if (!key || !before || before.readAt >= listed.observed.readAt - YOUNG_MS) return false;
  const names: string[] = [];
  if (stored && isClean && settings.drift !== 'off') {
    const notSaid = unsaid.filter((name) => !learned.includes(name));
    const target = targetOf(stored, { unsaid: notSaid, learned }, settings);
    names.push(...findDrift(target, before, listed.observed, new Set(toLearned(notSaid))));
  }
  if (names.length === 0) return directory.refreshAccount(key, before.readAt, listed);
  const wakes = settings.drift === 'repair' && settings.mode === 'apply';
  const drift = { event: { what: 'drifted', attributes: names }, wakes };
  return directory.refreshAccount(key, before.readAt, listed, drift);
}

async function takeInUnmanaged(
  { directory, settings }: World,
  row: Requester,
  account: KnownAccount | undefined,
  listed: Import,
): Promise<void> {
  const attributes = settings.adopt === 'email' ? toUnmanaged(row) : undefined;
  if (!attributes) return; // shown before, and not to be shown any more: it leaves as one that vanished does
  const unmanaged = { ...listed, observed: { ...listed.observed, adopted: true } };
  if (!account) {
    await directory.showAccount(attributes, unmanaged);
  } else if (account.key && account.stored?.json === JSON.stringify(attributes)) {
    await directory.refreshAccount(account.key, account.observed?.readAt ?? 0, unmanaged);
  } else if (account.stored) {
    await directory.updateAccount(account.stored, attributes, unmanaged);
  }
}
