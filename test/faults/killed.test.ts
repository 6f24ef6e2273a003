/** Workers that are processes of their own: killed by SIGKILL, or stopped by SIGSTOP while another one takes over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { Counts, FaultCase } from './cases.ts';
import { isLong, onlyCase } from './describe-sweep.ts';
import type { Fault } from './operations.ts';
import { type Outsider, runCase } from './run-case.ts';
import type { MeanwhileName, ScenarioName } from './scenarios.ts';
import { countOperations, describeVerdict, openTheatre, type Theatre } from './sweep.ts';
import type { ChildTask } from './worker-child.ts';
import type { Surroundings } from './worker.ts';

const CHILD = fileURLToPath(new URL('./worker-child.ts', import.meta.url));
/** Processes at a time. */
const WIDTH = 4;
const WAKE_MS = 20;

/** A process that ends itself, or stops itself, at an operation; or is killed while its first request is on its way. */
class ChildWorker implements Outsider, AsyncDisposable {
  readonly #redisUrl: string;
  readonly #fault: Fault | 'killed in flight';
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(redisUrl: string, fault: Fault | 'killed in flight') {
    this.#redisUrl = redisUrl;
    this.#fault = fault;
  }

  async work(around: Surroundings): Promise<void> {
    const { scope, upstream, ownerId, operations, times } = around;
    const faults = this.#fault === 'killed in flight' ? [] : [this.#fault];
    const task: ChildTask = { redisUrl: this.#redisUrl, ...scope, upstream, ownerId, times, faults };
    if (this.#fault === 'killed in flight') {
      around.holdNext(async () => {
        await this.#kill();
        return 'let in';
      });
    }
    const child = spawn(process.execPath, [CHILD, JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    this.#ended = once(child, 'exit');
    await Promise.race([this.#ended, once(child.stdout, 'data')]);
    await operations.meanwhile();
  }

  /** Again and again: it says that it stops before it does, and a SIGCONT that comes in between would be lost. */
  async goOn(): Promise<void> {
    const waking = setInterval(() => this.#child?.kill('SIGCONT'), WAKE_MS);
    await this.#ended;
    clearInterval(waking);
  }

  /** How it ended; null: by itself. */
  get signal(): NodeJS.Signals | null {
    return this.#child?.signalCode ?? null;
  }

  async #kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kill();
  }
}

/** Of the operations of a worker the last three are: the intent, the record of the answer, and the settle. */
function faultsOf({ redis, http }: Counts): (Fault | 'killed in flight')[] {
  const killed = { family: 'redis', kind: 'killed-after' } as const;
  const stopped = { family: 'redis', kind: 'paused-after' } as const;
  const last = [redis - 2, redis - 1, redis];
  const all = Array.from({ length: redis }, (_, index) => index + 1);
  return [
    'killed in flight',
    ...(isLong ? all : last).map((nth) => ({ ...killed, nth })),
    ...(isLong ? all : last.slice(0, 1)).map((nth) => ({ ...stopped, nth })),
    ...Array.from({ length: isLong ? http : 1 }, (_, index) => ({
      family: 'http' as const,
      kind: 'paused-after' as const,
      nth: index + 1,
    })),
  ];
}

/** @returns what is wrong, for people; empty when all is well */
async function runWithChild(
  theatre: Theatre,
  one: FaultCase,
  fault: Fault | 'killed in flight',
): Promise<string> {
  await using child = new ChildWorker(inject('redisUrl'), fault);
  // A test that is given up by its timeout disposes of nothing.
  onTestFinished(() => child[Symbol.asyncDispose]());
  const verdict = await runCase(theatre, one, child);
  const wanted = fault === 'killed in flight' || fault.kind.startsWith('killed') ? 'SIGKILL' : null;
  if (verdict.problems.length === 0 && child.signal === wanted) return '';
  return `${JSON.stringify(fault)} ended the process by ${child.signal ?? 'itself'}\n${describeVerdict(verdict)}`;
}

const short: readonly MeanwhileName[] = ['rename'];
const wide: readonly MeanwhileName[] = ['nothing', 'rename'];
const scenarios: readonly ScenarioName[] = ['create', 'change', 'deactivate'];

describe.skipIf(onlyCase !== undefined)('a worker process that is killed or stopped', () => {
  it.for(scenarios)('in the middle of: %s', async (scenario) => {
    await using theatre = await openTheatre();
    const counts = await countOperations(theatre, scenario);
    const waiting = (isLong ? wide : short).flatMap((meanwhile) =>
      faultsOf(counts).map((fault) => ({ one: { scenario, faults: [], meanwhile }, fault })),
    );
    const wrong: string[] = [];
    const lane = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const text = await runWithChild(theatre, next.one, next.fault);
        if (text !== '') wrong.push(text);
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, lane));
    expect(wrong.join('\n')).toBe('');
  });
});
