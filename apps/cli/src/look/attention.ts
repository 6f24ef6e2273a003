// What needs a person, in sentences: what `status --check` fails for.
import type { StatusDocument } from './connection-status.ts';
import { toDuration } from '../words/time.ts';

/** A leaver takes seconds; after this long something is wrong. */
const URGENT_OLD_SECONDS = 300;
/** Longer than any healthy backlog between two looks of a person. */
const DIRTY_OLD_SECONDS = 24 * 3600;

/** One sentence for each thing that somebody has to look at; empty when all is well. */
export function attentionOf(status: StatusDocument): string[] {
  return [
    ...status.redis.problems,
    ...status.connections.flatMap((connection) => {
      const { name, state, reason, parked, parkedLeavers, held, oldestUrgentSeconds, oldestDirtySeconds } =
        connection;
      const urgentOld = (oldestUrgentSeconds ?? 0) > URGENT_OLD_SECONDS;
      const dirtyOld = (oldestDirtySeconds ?? 0) > DIRTY_OLD_SECONDS;
      return [
        ...(state === 'stopped' ? [`${name} is stopped: ${reason ?? 'unknown'}.`] : []),
        ...(parkedLeavers > 0
          ? [
              `${name}: ${people(parkedLeavers)} left and still ${parkedLeavers === 1 ? 'has' : 'have'} access; see "failures".`,
            ]
          : []),
        ...(parked > parkedLeavers
          ? [`${name}: ${people(parked - parkedLeavers)} put aside; see "failures".`]
          : []),
        ...(held > 0 ? [`${name}: the brake holds ${people(held)} back; see "held".`] : []),
        ...(urgentOld ? [`${name}: a leaver has waited for ${toDuration(oldestUrgentSeconds ?? 0)}.`] : []),
        ...(dirtyOld ? [`${name}: a change has waited for ${toDuration(oldestDirtySeconds ?? 0)}.`] : []),
      ];
    }),
  ];
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
