// Everything that one simulated account consists of while it is served.
import type { Account } from '../account/account.ts';
import type { Duplicate } from '../account/user-table.ts';
import type { Clock } from '../clock.ts';
import type { FaultList, Faults } from '../faults/faults.ts';
import type { Knobs } from '../knobs.ts';
import type { BucketUse, RateLimiter } from '../limits/limiter.ts';
import type { Random } from '../random.ts';
import type { RequestLog, RouteCount } from '../traffic/request-log.ts';

/** What has happened since the last reset. */
export interface Stats {
  readonly calls: number;
  /** Calls refused with 429. */
  readonly refused: number;
  readonly byRoute: Readonly<Record<string, RouteCount>>;
  /** Per bucket; `maxUsed` never exceeds the limit. */
  readonly windows: Readonly<Record<string, BucketUse>>;
  /** People who share an address or an external id, and departments that share a name. */
  readonly duplicates: readonly Duplicate[];
  readonly people: { readonly requesters: number; readonly agents: number };
  readonly departments: number;
  readonly locations: number;
  readonly fields: number;
  readonly faults: FaultList;
}

/** The parts of a simulator that requests are answered from. */
export interface World {
  readonly account: Account;
  readonly limiter: RateLimiter;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly clock: Clock;
  /** For delays. */
  readonly random: Random;
  /** Aborted when the simulator closes: delays and hangs end. */
  readonly closing: AbortSignal;
  readonly knobs: () => Knobs;
  /** Changes some knobs, all or nothing. */
  readonly configure: (changes: unknown) => Knobs;
  /** Until when everything is answered 503; epoch milliseconds. */
  readonly maintenanceUntil: () => number;
  /** People, log, counters and faults back to the start; knobs too unless they are kept. */
  readonly reset: (options: { keepKnobs: boolean }) => void;
  /** Counts, windows and duplicates. */
  readonly stats: () => Stats;
}
