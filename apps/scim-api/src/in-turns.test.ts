import type { Steps } from '@fresh-scim/scim';
import { describe, expect, it } from 'vitest';
import { inTurns } from './in-turns.ts';

/** A step of the work, which takes longer than a turn. */
function busy(): void {
  const endsAt = performance.now() + 10;
  while (performance.now() < endsAt);
}

function* work(seen: string[]): Steps<string> {
  for (const step of ['first', 'second']) {
    busy();
    seen.push(step);
    yield;
  }
  return 'done';
}

describe('work in steps', () => {
  it('lets others in between, and gives what it comes to', async () => {
    const seen: string[] = [];
    const others = (): void => {
      seen.push('others');
      if (seen.length < 4) setImmediate(others);
    };
    setImmediate(others);
    expect(await inTurns(work(seen))).toBe('done');
    expect(seen.slice(0, 3)).toEqual(['first', 'others', 'second']);
  });

  it('passes its error on', async () => {
    await expect(
      inTurns(
        (function* (): Steps<never> {
          yield;
          throw new RangeError('no');
        })(),
      ),
    ).rejects.toThrow(RangeError);
  });
});
