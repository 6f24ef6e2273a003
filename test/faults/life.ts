/**
 * One worker process as far as its effects go. It runs; or it is paused, and everything that it begins waits until it
 * is released; or it is dead, and nothing that it still tries has an effect. Being thrown out of the running code is
 * as good as SIGKILL for the world outside, and leaves no promise and no timer behind.
 */

/** Ends the code of a process that is dead. Never a reason of ours, so no code of ours may act on it. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** The life of one worker process. */
export class Life {
  #dead = false;
  #pause: PromiseWithResolvers<void> | undefined;
  #stopped = Promise.withResolvers<void>();

  /** Resolves when the process dies or is paused, the next time. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  get isPaused(): boolean {
    return this.#pause !== undefined;
  }

  /** To be awaited before each effect. @throws {Killed} */
  async passes(): Promise<void> {
    await this.#pause?.promise;
    if (this.#dead) throw new Killed();
  }

  die(): void {
    this.#dead = true;
    this.#stopped.resolve();
  }

  /** Waits until the process is released, which it is after `atMostMs` by itself. A dead one does not wait. */
  async pause(atMostMs?: number): Promise<void> {
    if (this.#dead) return;
    this.#pause ??= Promise.withResolvers();
    if (atMostMs !== undefined) setTimeout(() => this.release(), atMostMs);
    this.#stopped.resolve();
    await this.#pause.promise;
  }

  release(): void {
    this.#stopped = Promise.withResolvers();
    this.#pause?.resolve();
    this.#pause = undefined;
  }
}
