// connection list, show and test: what is stored about connections, and whether their keys still work.
import type { Command } from 'commander';
import { SETTINGS } from '@fresh-scim/connections';
import type { Connection, TokenSummary } from '@fresh-scim/connections';
import { CliError, EXIT } from '../failure.ts';
import { needConnection, withInstallation } from '../installation.ts';
import { toJson } from '../io.ts';
import type { Io } from '../io.ts';
import { checkKey } from '../look/key-check.ts';
import { tenantUrlOf } from '../places.ts';
import { toList, toTable } from '../table.ts';
import { toTime } from '../words/time.ts';
import { examples, JSON_FLAG } from './command.ts';
import type { JsonOption } from './command.ts';

/** Adds `connection list`, `show` and `test`. */
export function addConnectionLooks(connection: Command, io: Io): void {
  connection
    .command('list')
    .description('list the connections')
    .option(...JSON_FLAG)
    .addHelpText('after', examples('connection list'))
    .action((options: JsonOption) => list(io, options));
  connection
    .command('show')
    .description('show one connection: account, settings, tokens (never a key or a token itself)')
    .argument('<connection>', 'name or id')
    .option(...JSON_FLAG)
    .addHelpText('after', examples('connection show acme'))
    .action((idOrName: string, options: JsonOption) => show(io, idOrName, options));
  connection
    .command('test')
    .description('check the stored API key and its permissions, one by one')
    .argument('<connection>', 'name or id')
    .option(...JSON_FLAG)
    .addHelpText('after', examples('connection test acme'))
    .action((idOrName: string, options: JsonOption) => test(io, idOrName, options));
}

async function list(io: Io, options: JsonOption): Promise<void> {
  await withInstallation(io, async ({ connections }) => {
    const all = await connections.list();
    if (options.json) {
      io.out(toJson({ connections: all.map(toSummary) }));
      return;
    }
    if (all.length === 0) {
      io.hint('There is no connection yet: fresh-scim connection add --help');
      return;
    }
    io.out(
      toTable(
        ['ID', 'NAME', 'DOMAIN', 'PLAN', 'STATE', 'SINCE'],
        all.map((one) => [
          one.id,
          one.name,
          one.domain,
          one.plan ?? '-',
          stateOf(one),
          toTime(one.createdAt),
        ]),
      ),
    );
  });
}

async function show(io: Io, idOrName: string, options: JsonOption): Promise<void> {
  await withInstallation(io, async ({ connections, publicUrl }) => {
    const found = await needConnection(connections, idOrName);
    const tokens = await connections.tokens(found.id);
    const tenantUrl = tenantUrlOf(publicUrl);
    if (options.json) {
      io.out(
        toJson({
          ...toSummary(found),
          tenantUrl,
          settings: found.settings,
          tokens: tokens.map(toTokenDocument),
        }),
      );
      return;
    }
    io.out(
      toList([
        ['Name', found.name],
        ['Id', found.id],
        ['State', stateOf(found)],
        ['Domain', found.domain],
        ['Called at', found.baseUrl],
        ['Plan', found.plan ?? 'learnt from the answers'],
        ['Since', toTime(found.createdAt)],
        ['Tenant URL', tenantUrl],
        ...tokens.map((token): [string, string] => ['Token', toTokenText(token)]),
      ]),
    );
    io.out('\nSettings (* differs from the default)');
    io.out(
      toTable(
        ['', 'SETTING', 'VALUE', 'WHAT IT DECIDES'],
        SETTINGS.map((setting) => {
          const value = found.settings[setting.key];
          return [value === setting.default ? '' : '*', setting.key, String(value), setting.doc];
        }),
      ),
    );
  });
}

async function test(io: Io, idOrName: string, options: JsonOption): Promise<void> {
  await withInstallation(io, async ({ connections, redis }) => {
    const known = await needConnection(connections, idOrName);
    const apiKey = await connections.apiKey(known.id);
    const checks = await checkKey(redis, io, { baseUrl: known.baseUrl, apiKey, known });
    const failed = checks.filter(({ ok }) => !ok);
    if (options.json) io.out(toJson({ ok: failed.length === 0, checks }));
    const [first] = failed;
    if (first !== undefined) {
      const message = `${failed.length} of ${checks.length} checks failed. ${first.check}: ${first.problem ?? ''}`;
      throw new CliError(EXIT.failed, 'check-failed', message, first.fix ?? 'Try again.');
    }
    if (!options.json) io.out(`The key of ${known.name} works.`);
  });
}

function toSummary({ id, name, domain, baseUrl, plan, createdAt, paused, stopped }: Connection): object {
  return {
    id,
    name,
    domain,
    baseUrl,
    plan: plan ?? null,
    createdAt: new Date(createdAt).toISOString(),
    paused,
    stopped:
      stopped === undefined ? null : { reason: stopped.reason, at: new Date(stopped.at).toISOString() },
  };
}

function stateOf({ paused, stopped }: Connection): string {
  if (stopped !== undefined) return `stopped: ${stopped.reason}`;
  return paused ? 'paused' : 'running';
}

function toTokenDocument({ id, createdAt, lastUsedAt, expiresAt }: TokenSummary): object {
  return {
    id,
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: lastUsedAt === undefined ? null : new Date(lastUsedAt).toISOString(),
    expiresAt: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
  };
}

function toTokenText({ id, createdAt, lastUsedAt, expiresAt }: TokenSummary): string {
  const used = lastUsedAt === undefined ? 'never used' : `last used ${toTime(lastUsedAt)}`;
  return `${id}, made ${toTime(createdAt)}, ${used}${expiresAt === undefined ? '' : `, ends ${toTime(expiresAt)}`}`;
}
