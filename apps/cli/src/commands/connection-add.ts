// connection add: checks a Freshservice account and its key, stores the connection, and prints what Entra needs, once.
import type { Command } from 'commander';
import { Option } from 'commander';
import { parseSettings, parseUpstream } from '@fresh-scim/connections';
import { PLANS } from '@fresh-scim/freshservice';
import { CliError, EXIT } from '../failure.ts';
import { directoryOf, withInstallation } from '../installation.ts';
import type { Installation } from '../installation.ts';
import { toJson } from '../io.ts';
import type { Io } from '../io.ts';
import { demandGoodKey } from '../look/key-check.ts';
import { readKeyFile } from '../look/key-file.ts';
import { tenantUrlOf } from '../places.ts';
import { collectSettings, toSettings } from '../settings-option.ts';
import { examples, JSON_FLAG } from './command.ts';
import type { JsonOption } from './command.ts';

interface Options extends JsonOption {
  readonly name: string;
  readonly domain: string;
  readonly apiKeyFile: string;
  readonly baseUrl?: string;
  readonly plan?: string;
  readonly minuteMs?: string;
  readonly set: readonly string[];
}

/** Adds `connection add`. */
export function addConnectionAdd(connection: Command, io: Io): void {
  connection
    .command('add')
    .description(
      'connect a Freshservice account: check its key, store it, start the import, and print the Tenant URL and Secret Token',
    )
    .requiredOption('--name <name>', 'what you want to call it')
    .requiredOption('--domain <host>', 'host of the account, such as acme.freshservice.com')
    .requiredOption('--api-key-file <file>', 'file with the API key of an agent; "-" reads stdin')
    .addOption(
      new Option('--plan <plan>', 'plan of the account; learnt without it').choices(Object.keys(PLANS)),
    )
    .option('--set <key=value>', 'a setting; may be repeated', collectSettings, [])
    .option('--base-url <url>', 'call this address instead of the host (simulators)')
    .option('--minute-ms <n>', 'length of a minute of the account (simulators)')
    .option(...JSON_FLAG)
    .addHelpText(
      'after',
      examples(
        'connection add --name acme --domain acme.freshservice.com --api-key-file key.txt',
        'connection add --name acme --domain acme.freshservice.com --api-key-file - --set brake.count=20 --json',
      ),
    )
    .action(async (options: Options) => {
      const added = await withInstallation(io, (installation) => add(installation, io, options));
      if (options.json) io.out(toJson(added));
      else tell(io, options.name, added);
    });
}

/** What Entra needs. The token is shown this once. */
interface Added {
  readonly id: string;
  readonly tenantUrl: string;
  readonly token: string;
}

async function add(
  { connections, redis, allowsAnyUpstream, publicUrl }: Installation,
  io: Io,
  options: Options,
): Promise<Added> {
  const { name, domain, plan } = options;
  const settings = toSettings(options.set);
  parseSettings(settings);
  const { baseUrl } = parseUpstream(domain, options.baseUrl, allowsAnyUpstream);
  await connections.verifySecret();
  const existing = await connections.list();
  if (existing.some((other) => other.name.toLowerCase() === name.trim().toLowerCase())) throw nameTaken(name);
  const apiKey = await readKeyFile(options.apiKeyFile, io);
  await demandGoodKey(redis, io, {
    baseUrl,
    apiKey,
    known: existing.find((other) => other.baseUrl === baseUrl),
  });
  const { connection, token } = await connections.add({
    name,
    domain,
    apiKey,
    settings,
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
    ...(plan === undefined ? {} : { plan }),
    ...(options.minuteMs === undefined ? {} : { minuteMs: Number(options.minuteMs) }),
  });
  await directoryOf(redis, connection).startImport();
  return { id: connection.id, tenantUrl: tenantUrlOf(publicUrl), token };
}

function nameTaken(name: string): CliError {
  return new CliError(
    EXIT.wrongUsage,
    'name-taken',
    `There is a connection named "${name.slice(0, 64)}" already.`,
    'Choose another name, or remove that connection first.',
  );
}

function tell(io: Io, name: string, { id, tenantUrl, token }: Added): void {
  io.out(`Connection ${name} (${id}) is stored.\n`);
  io.out('In Entra: Enterprise applications > your application > Provisioning > Admin Credentials');
  io.out(`  Tenant URL    ${tenantUrl}`);
  io.out(`  Secret Token  ${token}\n`);
  io.hint(`The people of the account are listed in the background: fresh-scim import ${name} --watch`);
  io.hint('The token is shown this once; "connection rotate-token" makes another one.');
  if (tenantUrl.startsWith('http://')) {
    io.hint(
      'Entra calls only https addresses that it can reach: put a reverse proxy in front, and set PUBLIC_URL to its address.',
    );
  }
}
