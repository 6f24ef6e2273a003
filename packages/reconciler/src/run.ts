/** One reconcile of one key: what it works with, what it has learnt so far, and its bounds. */

import type { Settings } from '@fresh-scim/connections';
import {
  type Awaited,
  type Directory,
  type Leased,
  type Note,
  type Observed,
  type Recording,
  type StoredResource,
  withoutUnsaid,
} from '@fresh-scim/directory';
import type { CallOptions, FreshserviceClient } from '@fresh-scim/freshservice';
import type { Attributes } from '@fresh-scim/scim';
import { toLearned } from './mapping/learned.ts';
import type { Target } from './mapping/target.ts';
import { toTarget } from './mapping/target.ts';
import type { Ending } from './outcome.ts';
import type { References } from './references.ts';

/** Everything outside: passed in, so that tests decide about time, chance and the network. */
export interface World {
  readonly directory: Directory;
  readonly freshservice: FreshserviceClient;
  readonly settings: Settings;
  /** A holder that does not renew is taken to be dead after this. Longer than a call can be in flight. */
  readonly leaseMs: number;
  /** Milliseconds that only grow, for durations. */
  readonly monotonicMs: () => number;
  readonly random: () => number;
  /** Freshservice does not accept our key any more: stop sending for this connection. */
  stop(reason: string): Promise<void>;
  /** The agent whose API key we use: never deactivated. */
  keyOwnerId(options: CallOptions): Promise<number>;
}

/** Calls to Freshservice in one reconcile; beyond that it goes on behind whatever is more urgent. */
const CALLS_MAX = 25;
const DURATION_MAX_MS = 20_000;

/** Ends the reconcile from wherever it is. */
export class Halt extends Error {
  override readonly name = 'Halt';
  readonly ending: Ending;
  constructor(ending: Ending) {
    super(ending.kind);
    this.ending = ending;
  }
}

export interface Run {
  readonly world: World;
  readonly lease: Leased;
  /** What the User alone tells. */
  readonly own: Target;
  /** The same, completed by what it refers to. */
  target: Target;
  /** What its references came to; absent until they are resolved, and when they have to be resolved again. */
  references: References | undefined;
  readonly signal: AbortSignal;
  readonly startedMs: number;
  /** What is believed of Freshservice now. */
  observed: Observed | undefined;
  /** The snapshot has to be read again before anything is planned. */
  stale: boolean;
  /** The account was looked for already. */
  searched: boolean;
  calls: number;
  /** Codes of what was done, in order: `created`, `changed`, ... */
  readonly applied: Set<string>;
  readonly notes: Note[];
  readonly awaits: Awaited[];
  /** Attributes that are not sent in this reconcile, with the reason. */
  readonly leftOut: Map<string, string>;
  /** Attributes that are cleared by an empty text, since null was refused. */
  readonly clearedByText: Set<string>;
  /** Attributes whose list was read again in this reconcile because they were refused. */
  readonly retried: Set<string>;
}

/** @param signal ends the calls: a lost lease, or the process that stops. */
export function startRun(world: World, lease: Leased, signal: AbortSignal): Run {
  const target = lease.resource ? targetOf(lease.resource, lease, world.settings) : targetOfTombstone(lease);
  return {
    world,
    lease,
    own: target,
    target,
    references: undefined,
    signal,
    startedMs: world.monotonicMs(),
    observed: ownSnapshot(lease),
    stale: lease.suspect,
    searched: false,
    calls: 0,
    applied: new Set(),
    notes: [...target.notes],
    awaits: [],
    leftOut: new Map(lease.refused.map((attribute) => [attribute, 'unknown-to-freshservice'])),
    clearedByText: new Set(),
    retried: new Set(),
  };
}

/** What Entra's own words tell of a person: without what only an import has said, and with what the mapping makes ours. */
export function targetOf(
  { json }: StoredResource,
  { unsaid, learned }: Pick<Leased, 'unsaid' | 'learned'>,
  settings: Settings,
): Target {
  const said = withoutUnsaid(JSON.parse(json) as Attributes, unsaid); // written by the directory only
  return { ...toTarget(said, settings), learned: toLearned(learned) };
}

/** A deleted person is to be inactive; its addresses are what it can be found by. */
function targetOfTombstone({ tombstone }: Leased): Target {
  const addresses = [tombstone?.userName, tombstone?.workEmail].filter((address) => address !== undefined);
  const nothing = { attributes: {}, defaults: {}, byElement: [], learned: [], notes: [] };
  return { ...nothing, active: false, addresses, externalId: tombstone?.externalId };
}

/** An account that another key owns by now is not ours any more; what was sent is remembered. */
function ownSnapshot({ observed, owned }: Leased): Observed | undefined {
  if (!observed || owned) return observed;
  const { readAt, sentAddresses, ours } = observed;
  return { readAt, values: {}, echoes: {}, sentAddresses, ours };
}

/** Attributes that are neither set nor cleared in this reconcile: refused, not found, or not Entra's word. */
export const leaveOut = (run: Run): ReadonlySet<string> =>
  new Set([...run.leftOut.keys(), ...(run.references?.unresolved ?? []), ...toLearned(run.lease.unsaid)]);

/** Whether two snapshots tell the same of the account; what is ours of it, and echoes, are not the account's. */
function showsSame(before: Observed | undefined, after: Observed): boolean {
  const shown = (one: Observed | undefined): string =>
    JSON.stringify([one?.remoteId, one?.kind, one?.active, one?.values]);
  return shown(before) === shown(after);
}

/** Now, by the clock of Redis as far as this process can tell. */
export const redisNow = (run: Run): number =>
  Math.round(run.lease.loadedAt + run.world.monotonicMs() - run.startedMs);

/** @throws {Halt} when the bound of one reconcile is reached. */
export function callOptions(run: Run, beforeSend?: () => Promise<void>): CallOptions {
  run.calls += 1;
  if (run.calls > CALLS_MAX || run.world.monotonicMs() - run.startedMs > DURATION_MAX_MS) {
    throw new Halt({ kind: 'again', why: 'bounded' });
  }
  return { urgency: run.lease.urgency, signal: run.signal, ...(beforeSend ? { beforeSend } : {}) };
}

/**
 * Stores what was seen. @throws {Halt} `lost` when another holder has the key.
 * @returns the owner that stands in the way of a claim, if any.
 */
export async function remember(run: Run, recording: Recording): Promise<string | undefined> {
  const changed = recording.observed !== undefined && !showsSame(run.observed, recording.observed);
  const permission = await run.world.directory.record(run.lease, { ...recording, changed });
  if (permission.result === 'owned') return permission.owner;
  const isTaken = permission.result === 'taken';
  if (permission.result !== 'ok' && !isTaken) throw new Halt({ kind: 'lost' });
  if (recording.observed) run.observed = recording.observed;
  if (recording.observed || isTaken) run.stale = isTaken;
  return undefined;
}
