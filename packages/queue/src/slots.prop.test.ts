import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Release, createSlots } from './slots.ts';

type Act = { readonly act: 'ask'; readonly group: string } | { readonly act: 'release' | 'leave' };

const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant('ask' as const), group: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ act: fc.constantFrom('release' as const, 'leave' as const) }),
);

describe('slots, whatever is asked, given back or left', () => {
  it('are never more than the total, never idle while somebody waits, and all come back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(acts, { maxLength: 60 }),
        async (total, script) => {
          const slots = createSlots(total);
          const held: Release[] = [];
          const waiters = new Set<AbortController>();
          const settle = async (): Promise<void> => {
            for (let n = 0; n < 5; n += 1) await Promise.resolve();
          };
          for (const step of script) {
            if (step.act === 'ask') {
              const leaver = new AbortController();
              waiters.add(leaver);
              slots.acquire(step.group, leaver.signal).then(
                (release) => held.push(release) && waiters.delete(leaver),
                () => waiters.delete(leaver),
              );
            } else if (step.act === 'release') {
              held.shift()?.();
            } else {
              [...waiters][0]?.abort();
            }
            await settle();
            expect(slots.held).toBe(held.length);
            expect(slots.waiting).toBe(waiters.size);
            expect(slots.held).toBeLessThanOrEqual(total);
            if (slots.waiting > 0) expect(slots.held).toBe(total);
          }
          while (held.length > 0) {
            held.shift()?.();
            await settle();
          }
          expect([slots.held, slots.waiting]).toEqual([0, 0]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
