// connection remove: ends a connection and everything that is stored about its people. Freshservice stays as it is.
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Connection } from '@fresh-scim/connections';
import { CliError, EXIT } from '../failure.ts';
import { needConnection, withInstallation } from '../installation.ts';
import type { Installation } from '../installation.ts';
import type { Io } from '../io.ts';
import { erasePeople } from '../look/erase.ts';
import { examples } from './command.ts';

/** Other processes remember a token for 5 s: until then Entra may still be answered, and something be stored. */
const TOKENS_END_MS = 5_500;

/** Adds `connection remove`. */
export function addConnectionRemove(connection: Command, io: Io): void {
  connection
    .command('remove')
    .description('end a connection and delete what is stored about its people; Freshservice stays as it is')
    .argument('<connection>', 'name or id')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('connection remove acme', 'connection remove acme --yes'))
    .action((idOrName: string, options: { readonly yes?: true }) =>
      withInstallation(io, async (installation) => {
        const found = await needConnection(installation.connections, idOrName);
        if (!options.yes) await confirm(found);
        await removeConnection(installation, found, io);
        io.out(`${found.name} is removed.`);
        io.hint(
          'Accounts in Freshservice stay as they are, active ones included. Remove the application in Entra too.',
        );
      }),
    );
}

/** Safe to repeat until it succeeds: the connection itself goes only when its people are gone. */
async function removeConnection(installation: Installation, connection: Connection, io: Io): Promise<void> {
  await erasePeople(installation, connection);
  await installation.connections.remove(connection.id);
  io.hint('Waiting for requests that are under way ...');
  await sleep(TOKENS_END_MS);
  await erasePeople(installation, connection);
}

/** @throws {CliError} not-confirmed */
async function confirm({ name }: Connection): Promise<void> {
  if (!process.stdin.isTTY) throw notConfirmed('Nobody can be asked, because stdin is no terminal.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await terminal.question(`Type the name of the connection to remove it (${name}): `);
    if (typed.trim() !== name) throw notConfirmed('That is not the name; nothing was removed.');
  } finally {
    terminal.close();
  }
}

function notConfirmed(message: string): CliError {
  return new CliError(
    EXIT.wrongUsage,
    'not-confirmed',
    message,
    'Add --yes to remove it without being asked.',
  );
}
