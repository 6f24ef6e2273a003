// connection pause, resume, set, set-key and rotate-token.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { CHANGE_NOTICED_MS, type Connection } from '@fresh-scim/connections';
import { directoryOf, needConnection, withInstallation } from '../installation.ts';
import type { Installation } from '../installation.ts';
import { toJson } from '../io.ts';
import type { Io } from '../io.ts';
import { demandGoodKey } from '../look/key-check.ts';
import { readKeyFile } from '../look/key-file.ts';
import { wakeEverybody } from '../look/people.ts';
import { tenantUrlOf } from '../places.ts';
import { toSettings } from '../settings-option.ts';
import { examples } from './command.ts';

/** Adds the commands that change a connection. */
export function addConnectionChanges(connection: Command, io: Io): void {
  const onOne = (name: string, description: string, ...shown: string[]): Command =>
    connection
      .command(name)
      .description(description)
      .argument('<connection>', 'name or id')
      .addHelpText('after', examples(...shown));

  onOne(
    'pause',
    'send nothing to Freshservice until resumed; Entra is still answered',
    'connection pause acme',
  ).action((idOrName: string) =>
    change(io, idOrName, async ({ connections }, { id, name }) => {
      await connections.setPaused(id, true);
      io.out(`${name} is paused: changes of Entra are kept and wait.`);
    }),
  );

  onOne(
    'resume',
    'go on after pause, or after Freshservice refused the key',
    'connection resume acme',
  ).action((idOrName: string) =>
    change(io, idOrName, async ({ connections }, { id, name }) => {
      await connections.setPaused(id, false);
      await connections.resume(id);
      io.out(`${name} goes on.`);
    }),
  );

  onOne('set', 'change settings', 'connection set acme brake.count=20 email=work')
    .argument('<key=value...>', 'settings; "connection show" lists them all')
    .action((idOrName: string, texts: string[]) =>
      change(io, idOrName, async (installation, { id, name }) => {
        const changed = await installation.connections.set(id, toSettings(texts));
        io.out(`${name} is changed.`);
        io.hint('Waiting until every worker has noticed ...');
        // Whoever is woken before that is looked at under the old settings, and not looked at again.
        await sleep(CHANGE_NOTICED_MS);
        // It may change what anybody is to look like.
        const people = await wakeEverybody(directoryOf(installation.redis, changed));
        if (people > 0) io.hint(`${people} people are looked at again in the background.`);
      }),
    );

  onOne('set-key', 'give another API key, checked first', 'connection set-key acme --api-key-file key.txt')
    .requiredOption('--api-key-file <file>', 'file with the API key; "-" reads stdin')
    .action((idOrName: string, options: { readonly apiKeyFile: string }) =>
      change(io, idOrName, async ({ connections, redis }, known) => {
        const apiKey = await readKeyFile(options.apiKeyFile, io);
        await demandGoodKey(redis, io, { baseUrl: known.baseUrl, apiKey, known });
        await connections.setKey(known.id, apiKey);
        await connections.resume(known.id);
        io.out(`${known.name} uses the new key.`);
      }),
    );

  addRotateToken(onOne('rotate-token', 'make another Secret Token', 'connection rotate-token acme'), io);
}

function addRotateToken(command: Command, io: Io): void {
  command
    .option('--revoke-now', 'end the older tokens at once instead of in 24 hours')
    .option('--json', 'print one JSON document and nothing else')
    .action((idOrName: string, options: { readonly revokeNow?: true; readonly json?: true }) =>
      change(io, idOrName, async ({ connections, publicUrl }, { id }) => {
        const how = options.revokeNow ? { oldValidMs: 0 } : {};
        const { token } = await connections.rotateToken(id, how);
        const tenantUrl = tenantUrlOf(publicUrl);
        if (options.json) {
          io.out(toJson({ id, tenantUrl, token }));
          return;
        }
        io.out(`Tenant URL    ${tenantUrl}\nSecret Token  ${token}`);
        io.hint('The token is shown this once: paste it in Entra under Provisioning > Admin Credentials.');
        io.hint(
          options.revokeNow ? 'The older tokens have ended.' : 'The older tokens work for another 24 hours.',
        );
      }),
    );
}

async function change(
  io: Io,
  idOrName: string,
  work: (installation: Installation, connection: Connection) => Promise<void>,
): Promise<void> {
  await withInstallation(io, async (installation) =>
    work(installation, await needConnection(installation.connections, idOrName)),
  );
}
