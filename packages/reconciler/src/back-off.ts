/** When to try again. Pure: randomness is passed in. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A licence that is missing now may be there in an hour. */
export const LICENCE_MS = HOUR;
/** A leaver that cannot be deactivated is tried again this often. */
export const PARKED_LEAVER_MS = 15 * MINUTE;
/** Parked keys come round on Entra's own schedule, and go on beyond its 28 days. */
const PARKED_MS = [6 * HOUR, 12 * HOUR, 24 * HOUR] as const;

/** The gap after `failures` failed reconciles: doubling, with up to a quarter of jitter. Urgent 1 s to 30 s, else 5 s to 15 min. */
export function backOffMs(failures: number, isUrgent: boolean, random: () => number): number {
  const [first, last] = isUrgent ? [SECOND, 30 * SECOND] : [5 * SECOND, 15 * MINUTE];
  const gap = Math.min(last, first * 2 ** Math.min(failures, 20));
  return Math.round(gap * (1 - random() / 4));
}

/** The gap before a parked key is looked at again. `times`: how often it was parked before. */
export const parkedMs = (times: number, isLeaver: boolean): number =>
  isLeaver ? PARKED_LEAVER_MS : (PARKED_MS[Math.min(times, PARKED_MS.length - 1)] ?? 24 * HOUR);
