// What a command that keeps processes running has to undo. Filled while it starts, emptied from the end: by a signal,
// by the loss of the launcher, or by the command itself.
import { bindToParent, onShutdown } from '@fresh-scim/runtime';
import type { Io } from '../io.ts';

const ALL_MS = 60_000;

/** A growing list of things to undo. */
export interface Ending {
  /** Undone before all that was added earlier. After the end has begun: at once. */
  add(undo: () => Promise<void> | void): void;
  /** Undoes everything, the last first; safe to repeat. Errors are told, and the rest is undone. */
  run(): Promise<void>;
}

/**
 * The ending of this process. A signal begins it and then exits: with 0, or with 1 while `isUnfinished` says so.
 * @param isUnfinished whether an end now is a failure of the command. @default never
 */
export function endingOfProcess(io: Io, isUnfinished: () => boolean = () => false): Ending {
  const undos: (() => Promise<void> | void)[] = [];
  let running: Promise<void> | undefined;

  const undoAll = async (): Promise<void> => {
    for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
      try {
        await undo();
      } catch (error) {
        io.hint(`Stopping: ${error instanceof Error ? error.message : 'a step failed'}`);
      }
    }
  };
  const ending: Ending = {
    add: (undo) => {
      undos.push(undo);
      if (running !== undefined) running = running.then(undoAll);
    },
    run: () => (running ??= undoAll()),
  };

  const stop = async (): Promise<void> => {
    const unfinished = isUnfinished();
    io.hint('Stopping ...');
    await ending.run();
    if (unfinished) throw new Error('ended before it was finished'); // The exit code is 1 then.
  };
  bindToParent(onShutdown([{ name: 'everything', run: stop }], { deadlineMs: ALL_MS }));
  return ending;
}
