// import: the listing of an account's people, its progress, its start and its end.
import { setTimeout as sleep } from 'node:timers/promises';
import { Argument } from 'commander';
import type { Directory, ImportProgress } from '@fresh-scim/directory';
import { bindToParent } from '@fresh-scim/runtime';
import { CliError, EXIT } from '../failure.ts';
import { directoryOf, needConnection, withInstallation } from '../installation.ts';
import { toJson } from '../io.ts';
import type { Io } from '../io.ts';
import { reasonOf } from '../words/why.ts';
import { examples, JSON_FLAG } from './command.ts';
import type { AddCommand, JsonOption } from './command.ts';

const WATCH_EVERY_MS = 1_000;

interface Options extends JsonOption {
  readonly watch?: true;
}

/** Adds `import`. */
export const addImport: AddCommand = (program, io) => {
  program
    .command('import')
    .description('show, start or cancel the import of the people whom Freshservice has already')
    .argument('<connection>', 'name or id')
    .addArgument(
      new Argument('[action]', 'what to do; shows the progress without it').choices(['start', 'cancel']),
    )
    .option('--watch', 'show the progress until the import ends')
    .option(...JSON_FLAG)
    .addHelpText('after', examples('import acme', 'import acme start --watch', 'import acme cancel'))
    .action(async (idOrName: string, action: 'start' | 'cancel' | undefined, options: Options) => {
      if (options.watch) bindToParent();
      await withInstallation(io, async ({ connections, redis }) => {
        const directory = directoryOf(redis, await needConnection(connections, idOrName));
        if (action === 'start') await directory.startImport();
        if (action === 'cancel') await cancel(directory);
        const progress = options.watch ? await watch(directory, io) : await directory.loadImport();
        if (options.json) io.out(toJson({ import: toDocument(progress) }));
        else io.out(toText(progress));
        if (options.watch && progress.state === 'failed') throw hasFailed(progress);
      });
    });
};

async function cancel(directory: Directory): Promise<void> {
  if (await directory.cancelImport()) return;
  const fix = 'Look at it with: fresh-scim import CONNECTION';
  throw new CliError(EXIT.failed, 'no-import', 'No import is running.', fix);
}

async function watch(directory: Directory, io: Io): Promise<ImportProgress> {
  let told = -1;
  for (;;) {
    const progress = await directory.loadImport();
    if (progress.state !== 'running') return progress;
    if (progress.seen !== told) io.hint(`${progress.seen} people so far`);
    told = progress.seen;
    await sleep(WATCH_EVERY_MS);
  }
}

const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** What programs read. */
function toDocument({ state, seen, withoutAddress, drifted, startedAt, completedAt, why }: ImportProgress) {
  return {
    state,
    seen,
    withoutAddress,
    drifted,
    startedAt: isoOf(startedAt),
    completedAt: isoOf(completedAt),
    why,
  };
}

function toText({ state, seen, withoutAddress, drifted, completedAt, why }: ImportProgress): string {
  const aside = withoutAddress === 0 ? '' : `, ${withoutAddress} of them without an address and so not shown`;
  const complete = completedAt === null ? '' : `\nThe newest complete one: ${isoOf(completedAt)}`;
  const changed = drifted === 0 ? '' : `; somebody else has changed ${drifted} of those whom Entra manages`;
  const people = `${seen} people${aside}${changed}`;
  switch (state) {
    case 'none':
      return 'There was no import yet. Start it with: fresh-scim import CONNECTION start';
    case 'running':
      return `The import is running: ${people} so far.${complete}`;
    case 'done':
      return `The import is done: ${people}.${complete}`;
    case 'cancelled':
      return `The import was cancelled: ${people}. Nobody is taken to be gone.${complete}`;
    case 'failed':
      return `The import failed, because ${reasonOf(why).meaning}: ${people}.${complete}`;
  }
}

function hasFailed({ why }: ImportProgress): CliError {
  const { meaning, advice } = reasonOf(why);
  return new CliError(EXIT.failed, 'import-failed', `The import failed: ${meaning}.`, advice);
}
