/**
 * The workers of a case, one at work at a time: one that died or is paused is followed by another, and those that are
 * paused are released when the others have nothing left to do.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestWorld } from '../support/world.ts';
import type { Life } from './life.ts';
import { startWorker, type Surroundings, type Worker } from './worker.ts';

/** A case that takes longer will never come to rest. */
const REST_WITHIN_MS = 180_000;
/** Between two looks at what is due. */
const PAUSE_MS = 15;

/** A round that has begun. */
interface Started {
  readonly worker: Worker;
  readonly round: Promise<void>;
}

export class Shift {
  readonly #world: TestWorld;
  readonly #around: Surroundings;
  readonly #workers: Worker[] = [];
  #paused: Started[] = [];

  constructor(world: TestWorld, around: Surroundings) {
    this.#world = world;
    this.#around = around;
  }

  /** Works until nothing waits and nobody is paused; back-offs pass at once. @throws when there is no rest in three minutes */
  async workUntilRest(): Promise<void> {
    const { directory, sim } = this.#world;
    const deadline = performance.now() + REST_WITHIN_MS;
    for (;;) {
      await this.#workOneRound();
      const { dirty } = await directory.status();
      if (dirty === 0 && this.#paused.length === 0) break;
      if (dirty === 0) {
        await this.releaseAll();
      } else {
        await sleep(PAUSE_MS);
        await this.#passTime();
      }
      if (performance.now() > deadline) {
        throw new Error(`there is no rest: ${JSON.stringify(await directory.status())}`);
      }
    }
    sim.disarm();
    this.#around.holdNone();
  }

  /** Lets those that are paused go on, but for `asking`. They end before it resolves, or are paused again. */
  async releaseAll(asking?: Life): Promise<void> {
    const paused = this.#paused.filter(({ worker }) => worker.life !== asking);
    this.#paused = this.#paused.filter(({ worker }) => worker.life === asking);
    for (const started of paused) {
      started.worker.life.release();
      await this.#untilOver(started);
    }
  }

  async close(): Promise<void> {
    for (const { life } of this.#workers) life.die();
    await this.releaseAll();
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  async #workOneRound(): Promise<void> {
    let worker = this.#workers.at(-1);
    if (!worker || worker.life.isDead || worker.life.isPaused) {
      worker = startWorker(this.#around);
      this.#workers.push(worker);
    }
    await this.#untilOver({ worker, round: worker.round() });
  }

  async #untilOver(started: Started): Promise<void> {
    await Promise.race([started.round, started.worker.life.stopped]);
    if (started.worker.life.isPaused) this.#paused.push(started);
    else await started.round;
  }

  async #passTime(): Promise<void> {
    const deferred = await this.#world.directory.keysIn('deferred', 0, 100);
    if (deferred.length > 0) await this.#world.directory.wake(deferred, { urgency: 'normal' });
  }
}
