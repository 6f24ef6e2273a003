// status: how much is stored, waits or failed, and whether somebody has to look.
import { setTimeout as sleep } from 'node:timers/promises';
import { bindToParent } from '@fresh-scim/runtime';
import { CliError, EXIT } from '../failure.ts';
import { needConnection, withInstallation } from '../installation.ts';
import type { Installation } from '../installation.ts';
import { toJson } from '../io.ts';
import { attentionOf } from '../look/attention.ts';
import { loadStatus } from '../look/connection-status.ts';
import type { StatusDocument } from '../look/connection-status.ts';
import { toStatusText } from '../look/status-text.ts';
import { examples, JSON_FLAG } from './command.ts';
import type { AddCommand, JsonOption } from './command.ts';

const WATCH_EVERY_MS = 2_000;
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

interface Options extends JsonOption {
  readonly watch?: true;
  readonly check?: true;
}

/** Adds `status`. */
export const addStatus: AddCommand = (program, io) => {
  program
    .command('status')
    .description('show what is stored, what waits and what failed, per connection')
    .argument('[connection]', 'name or id; all without it')
    .option(...JSON_FLAG)
    .option('--watch', 'show it again every 2 seconds, until Ctrl-C')
    .option('--check', 'exit 1 when something needs a person')
    .addHelpText('after', examples('status', 'status acme --watch', 'status --json --check'))
    .action(async (idOrName: string | undefined, options: Options) => {
      if (options.watch && (options.json || options.check)) {
        const fix = 'Use --watch alone.';
        throw new CliError(EXIT.wrongUsage, 'wrong-usage', '--watch shows a table until Ctrl-C.', fix);
      }
      if (options.watch) bindToParent();
      await withInstallation(io, async (installation) => {
        const status = await load(installation, idOrName);
        if (options.json) io.out(toJson(status));
        else io.out(toStatusText(status));
        if (status.connections.length === 0)
          io.hint('There is no connection yet: fresh-scim connection add --help');
        while (options.watch && io.isRead()) {
          await sleep(WATCH_EVERY_MS);
          const text = toStatusText(await load(installation, idOrName));
          io.out(process.stdout.isTTY ? `${CLEAR_SCREEN}${text}` : text);
        }
        if (options.check) demandNobodyNeeded(status);
      });
    });
};

async function load(
  { redis, connections }: Installation,
  idOrName: string | undefined,
): Promise<StatusDocument> {
  const chosen =
    idOrName === undefined ? await connections.list() : [await needConnection(connections, idOrName)];
  return loadStatus(redis, chosen);
}

/** @throws {CliError} needs-a-person */
function demandNobodyNeeded(status: StatusDocument): void {
  const sentences = attentionOf(status);
  if (sentences.length === 0) return;
  throw new CliError(
    EXIT.failed,
    'needs-a-person',
    sentences.join('\n'),
    'Look at "fresh-scim failures CONNECTION" and "fresh-scim held CONNECTION".',
  );
}
