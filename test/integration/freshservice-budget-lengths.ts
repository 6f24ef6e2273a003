/**
 * How the budget's tests tell what the budget wastes from what the machine takes. A machine that is busy with other
 * things takes time, some of every window, of which a short window has little to lose; the budget's pace is a part of
 * the window, however long that is. So work that falls short is done again under longer windows, up to half of a real one.
 */
import { expect } from 'vitest';

const WINDOWS_MS = [2000, 8000, 30_000] as const;

/** @param work gives what falls short, in words; what must hold at any length, such as no refusal, it expects by itself */
export async function atSomeLength(work: (windowMs: number) => Promise<readonly string[]>): Promise<void> {
  const short: string[] = [];
  for (const windowMs of WINDOWS_MS) {
    const now = await work(windowMs);
    if (now.length === 0) return;
    short.push(...now.map((what) => `windows of ${windowMs} ms: ${what}`));
  }
  expect(short).toEqual([]);
}

/** That there are fewer than `aim`, in words; nothing when there are enough. */
export function shortOf(what: string, measured: number, aim: number): string[] {
  return measured >= aim ? [] : [`${what}: ${measured.toFixed(2)}, and not ${aim.toFixed(2)}`];
}
