import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { BudgetExhausted } from './exhausted.ts';
import { Line, type Patience } from './line.ts';
import type { Taken } from './scripts.ts';

const PATIENCE: Patience = { patienceMs: 2000, waitMaxMs: 10_000, restMaxMs: 1, retryMaxMs: 60_000 };

/** A line whose questions are answered by hand, one after the other. */
function openLine() {
  const questions: { costs: readonly number[]; waiting: number; answer: (taken: Partial<Taken>) => void }[] =
    [];
  const unused: string[] = [];
  const line = new Line(
    (costs, waiting) => {
      const { promise, resolve } = Promise.withResolvers<Taken>();
      const answer = (taken: Partial<Taken>): void =>
        resolve({ grants: [], waitMs: 0, intervalMs: 0, heldBy: 'overall', ...taken });
      questions.push({ costs, waiting, answer });
      return promise;
    },
    async (grant) => {
      unused.push(grant);
    },
    PATIENCE,
  );
  const question = async (number: number) => {
    for (let turns = 0; turns < 100 && questions.length < number; turns += 1) await nextTurn();
    const found = questions[number - 1];
    if (found === undefined) throw new Error(`question ${number} was not asked`);
    return found;
  };
  return { line, question, questions, unused };
}

describe('a waiting line', () => {
  test('asks one question at a time, for everybody who waits, and serves in order', async () => {
    const { line, question, questions } = openLine();
    const first = line.join(1, undefined);
    const others = [line.join(1, undefined), line.join(3, undefined)];
    expect(questions.map(({ costs }) => costs)).toEqual([[1]]);
    (await question(1)).answer({ grants: ['a'] });
    const second = await question(2);
    expect(second.costs).toEqual([1, 3]);
    second.answer({ grants: ['b', 'c'] });
    expect(await Promise.all([first, ...others])).toEqual(['a', 'b', 'c']);
    expect(questions).toHaveLength(2);
  });

  test('rests as long as it is told, then asks again', async () => {
    const { line, question } = openLine();
    const grant = line.join(1, undefined);
    (await question(1)).answer({ waitMs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    (await question(2)).answer({ grants: ['a'] });
    expect(await grant).toBe('a');
  });

  test('a grant whose caller has left is given back as unused, and nobody loses a place', async () => {
    const { line, question, unused } = openLine();
    const controller = new AbortController();
    const ahead = line.join(1, undefined);
    (await question(1)).answer({ grants: ['a'] });
    await ahead;
    const leaving = line.join(1, controller.signal);
    const staying = line.join(1, undefined);
    const asked = await question(2);
    controller.abort(new Error('enough'));
    await expect(leaving).rejects.toThrow('enough');
    asked.answer({ grants: ['b'] });
    (await question(3)).answer({ grants: ['c'] });
    expect(await staying).toBe('c');
    expect(unused).toEqual(['b']);
  });

  test('a signal that has already fired asks nothing', async () => {
    const { line, questions } = openLine();
    await expect(line.join(1, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(questions).toHaveLength(0);
  });

  test('a closed bucket sends everybody away at once', async () => {
    const { line, question } = openLine();
    const results = Promise.allSettled([line.join(1, undefined), line.join(1, undefined)]);
    (await question(1)).answer({ waitMs: 30_000 });
    for (const result of await results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { bucket: 'overall', retryInMs: 30_000 } });
    }
  });

  test('of the list bucket one interval is waited for; the others get a time each', async () => {
    const { line, question } = openLine();
    const first = line.join(1, undefined);
    (await question(1)).answer({ grants: ['a'] });
    await first;
    const outcomes = ['b', 'c', 'd', 'e'].map(() => line.join(1, undefined).catch((error: unknown) => error));
    (await question(2)).answer({ waitMs: 200, intervalMs: 600, heldBy: 'list' });
    const sentAway = await Promise.all(outcomes.slice(1));
    expect(sentAway.every((error) => error instanceof BudgetExhausted)).toBe(true);
    expect(sentAway).toMatchObject([{ retryInMs: 800 }, { retryInMs: 1400 }, { retryInMs: 2000 }]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    (await question(3)).answer({ grants: ['b'] });
    expect(await outcomes[0]).toBe('b');
  });
});
