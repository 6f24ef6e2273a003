// How often one source may try a wrong password: after `failuresMax` in a row it has to wait until `windowMs` after the
// first of them. Kept in memory, bounded; a restart forgets, which the length of the password affords.

export interface SignInThrottle {
  /** Milliseconds until the source may try again; 0 if it may now. */
  waitMs(source: string): number;
  /** Notes a wrong password. */
  failed(source: string): void;
  /** Notes the right password, which forgives the wrong ones before it. */
  succeeded(source: string): void;
}

interface Failures {
  readonly since: number;
  readonly count: number;
}

/** `now` in milliseconds. @default 5 failures in 5 minutes, 10,000 sources */
export function createSignInThrottle(options: {
  readonly now: () => number;
  readonly failuresMax?: number;
  readonly windowMs?: number;
  readonly sourcesMax?: number;
}): SignInThrottle {
  const { now, failuresMax = 5, windowMs = 5 * 60_000, sourcesMax = 10_000 } = options;
  const sources = new Map<string, Failures>();

  function recent(source: string): Failures | undefined {
    const failures = sources.get(source);
    if (failures === undefined || now() - failures.since < windowMs) return failures;
    sources.delete(source);
    return undefined;
  }

  return {
    waitMs(source) {
      const failures = recent(source);
      if (failures === undefined || failures.count < failuresMax) return 0;
      return failures.since + windowMs - now();
    },
    failed(source) {
      const failures = recent(source) ?? { since: now(), count: 0 };
      sources.set(source, { since: failures.since, count: failures.count + 1 });
      const oldest = sources.keys().next();
      if (sources.size > sourcesMax && oldest.done !== true) sources.delete(oldest.value);
    },
    succeeded(source) {
      sources.delete(source);
    },
  };
}
