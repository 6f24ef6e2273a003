import { describe, expect, test } from 'vitest';
import { readGroup, readGroupPatch } from './group-requests.ts';
import type { Steps } from './steps.ts';
import { CORE_GROUP, PATCH_MESSAGE } from './urns.ts';

/** The result, and how often the work could have been left for others. */
function walk<T>(steps: Steps<T>): { result: T; pauses: number } {
  for (let pauses = 0; ; pauses += 1) {
    const { done, value } = steps.next();
    if (done === true) return { result: value, pauses };
  }
}

const range = (length: number) => Array.from({ length }, (_, n) => `u${n}`);

describe('read in steps', () => {
  test('20,000 operations can be left at each of them', () => {
    const ids = range(20_000);
    const operations = ids.map((id) => ({ op: 'Remove', path: `members[value eq "${id}"]` }));
    const { result, pauses } = walk(readGroupPatch({ schemas: [PATCH_MESSAGE], Operations: operations }));
    expect(result).toEqual({ attributes: [], members: [{ op: 'remove', ids }] });
    expect(pauses).toBeGreaterThanOrEqual(ids.length);
  });

  test('a group of 100,000 can be left after each look at all of it', () => {
    const ids = range(100_000);
    const members = ids.map((value) => ({ value }));
    const { result, pauses } = walk(readGroup({ schemas: [CORE_GROUP], displayName: 'All', members }));
    expect(result).toEqual({ attributes: { displayName: 'All' }, members: ids });
    expect(pauses).toBeGreaterThanOrEqual(14);
  });

  test('so can an operation on as many', () => {
    const ids = range(100_000);
    const operation = { op: 'Add', path: 'members', value: ids.map((value) => ({ value })) };
    const { result, pauses } = walk(readGroupPatch({ schemas: [PATCH_MESSAGE], Operations: [operation] }));
    expect(result).toEqual({ attributes: [], members: [{ op: 'add', ids }] });
    expect(pauses).toBeGreaterThanOrEqual(14);
  });
});
