// The import of the people who were in the account before: the demo waits for its end, so that Entra finds them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Directory } from '@fresh-scim/directory';
import { CliError, EXIT } from '../failure.ts';
import type { Io } from '../io.ts';

const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 120_000;

/** @throws {CliError} import-failed, also when it takes longer than two minutes and three of the account's own per 10,000 people */
export async function importPeople(
  directory: Pick<Directory, 'loadImport'>,
  account: { readonly people: number; readonly minuteMs: number },
  io: Io,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS + (account.people / 10_000) * 3 * account.minuteMs;
  for (;;) {
    const { state, seen, why } = await directory.loadImport();
    if (state === 'done') {
      io.hint(`import: ${seen} accounts of people were there before`);
      return;
    }
    if (state !== 'running' || performance.now() > deadline) throw importFailed(why ?? state);
    await sleep(LOOK_EVERY_MS);
  }
}

function importFailed(why: string): CliError {
  return new CliError(
    EXIT.failed,
    'import-failed',
    `The people of the simulated account were not imported: ${why}.`,
    'Look at the file worker.log in the folder of the logs.',
  );
}
