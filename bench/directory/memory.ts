/**
 * How many bytes of Redis does one person take? Stores 2,000 typical people, brings each in step twice as a reconcile
 * would, and prints MEMORY USAGE per person by what it is for. Nothing is asserted.
 *
 * Uses the Redis of REDIS_URL (an account of its own there, erased at the end), else a private one.
 *
 *   node bench/directory/memory.ts [--people 2000]
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Key, type Observed, openDirectory } from '@fresh-scim/directory';
import { connectRedis, provideRedis } from '@fresh-scim/runtime';
import { type Attributes, ENTERPRISE_USER, externalIdOf, renderStored, userNameOf } from '@fresh-scim/scim';
import { startPrivateRedis } from '../../test/support/redis-server.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '2000' } } });
const people = Number(values.people);
const LEASE_MS = 60_000;
const IN_FLIGHT = 50;
const TITLE = 'Senior Field Engineer';
const NEXT_TITLE = 'Lead Field Engineer';

const given = process.env['REDIS_URL'];
const server = given ? undefined : await startPrivateRedis(await provideRedis());
const redis = connectRedis(given ?? server?.url ?? '', 'commands');
const scope = { accountId: `a${randomBytes(6).toString('hex')}`, connectionId: 'c0123456789ab' };
const directory = openDirectory(redis, scope);
const account = `{${scope.accountId}}:`;
const prefix = `${account}${scope.connectionId}:`;

/** What Entra's default mapping sends for an employee. */
function typicalPerson(index: number): Attributes {
  const [given, family] = [`Marguerite${index % 97}`, `Oyelaran-Lindqvist${index}`];
  const address = `${given}.${family}@larkspur.example`.toLowerCase();
  return {
    userName: address,
    externalId: randomUUID(),
    active: true,
    displayName: `${given} ${family}`,
    name: { formatted: `${given} ${family}`, givenName: given, familyName: family },
    title: TITLE,
    preferredLanguage: 'en-GB',
    timezone: 'Europe/Lisbon',
    emails: [{ type: 'work', primary: true, value: index % 10 ? address : `mail.${address}` }],
    addresses: [{ type: 'work', formatted: 'Rua do Alecrim 12', locality: 'Lisboa', country: 'PT' }],
    phoneNumbers: [
      { type: 'work', value: '+351 21 555 0199' },
      { type: 'mobile', value: '+351 91 555 0142' },
    ],
    [ENTERPRISE_USER]: {
      department: 'Field Engineering',
      employeeNumber: String(index),
      manager: { value: randomUUID() },
    },
  };
}

/** As after a create: everything shown; every tenth account has a value that Freshservice keeps otherwise. */
function typicalSnapshot(index: number, user: Attributes, title: string): Observed {
  const values = {
    primary_email: userNameOf(user),
    first_name: `Marguerite${index % 97}`,
    last_name: `Oyelaran-Lindqvist${index}`,
    job_title: title,
    work_phone_number: '+351 21 555 0199',
    mobile_phone_number: '+351 91 555 0142',
    external_id: externalIdOf(user) ?? '',
  };
  return {
    remoteId: 21_000_000_000 + index,
    kind: 'requester',
    active: true,
    readAt: Date.now(),
    values,
    echoes: index % 10 ? {} : { job_title: { sent: TITLE, got: 'Senior Field Eng' } },
    sentAddresses: [values.primary_email],
    ours: Object.keys(values).sort(),
  };
}

async function bringInStep(index: number, key: Key, user: Attributes, title: string): Promise<void> {
  const lease = await directory.acquire(key, LEASE_MS);
  if ('state' in lease) throw new Error(`no lease: ${lease.state}`);
  const observed = typicalSnapshot(index, user, title);
  const remoteId = 21_000_000_000 + index;
  await directory.record(lease, {
    observed,
    claim: { remoteId },
    intent: 'clear',
    event: { what: 'changed', attributes: Object.keys(observed.values), detail: `account ${remoteId}` },
  });
  await directory.settle(lease, { notes: [], awaits: [], applied: true, event: { what: 'settled' } });
}

let rendered = 0;
async function live(index: number): Promise<string> {
  const user = typicalPerson(index);
  const { stored, key } = await directory.createUser(user);
  await bringInStep(index, key, user, TITLE);
  await directory.mutateUser(stored.id, (before) => ({ ...before, title: NEXT_TITLE }));
  await bringInStep(index, key, user, NEXT_TITLE);
  rendered += renderStored('User', stored, 'https://scim.larkspur.example/scim/v2').length;
  return stored.id;
}

async function bytesOf(keys: readonly string[]): Promise<number> {
  const pipeline = redis.pipeline();
  for (const key of keys) pipeline.memory('USAGE', key, 'SAMPLES', '0');
  const replies = (await pipeline.exec()) ?? [];
  return replies.reduce((sum, [, bytes]) => sum + Number(bytes ?? 0), 0);
}

const ids: string[] = [];
for (let start = 0; start < people; start += IN_FLIGHT) {
  const slice = Array.from({ length: Math.min(IN_FLIGHT, people - start) }, (_, index) =>
    live(start + index),
  );
  ids.push(...(await Promise.all(slice)));
}

const each = (name: (id: string) => string): string[] => ids.map((id) => prefix + name(id));
const rows: [string, string[]][] = [
  ['desired: the resource', each((id) => `u:${id}`)],
  [
    'indexes: userName, externalId, work address, order',
    ['un', 'xi', 'em', 'ord'].map((name) => prefix + name),
  ],
  ['index: words', [`${prefix}words`]],
  ['observed, with echoes', each((id) => `o:${id}`)],
  ['owner of the account', [`${account}owners`]],
  ['the key', each((id) => `k:User-${id}`)],
  ['timeline, six events', each((id) => `tl:User-${id}`)],
];
process.stdout.write(
  `\nbytes per person, ${people} people, ${Math.round(rendered / people)} as SCIM renders one\n\n`,
);
let total = 0;
for (const [what, keys] of rows) {
  const bytes = (await bytesOf(keys)) / people;
  total += bytes;
  process.stdout.write(`${what.padEnd(54)}${bytes.toFixed(0).padStart(7)}\n`);
}
process.stdout.write(`${'sum'.padEnd(54)}${total.toFixed(0).padStart(7)}\n\n`);

await directory.erase();
await redis.del(`${account}layoutVersion`);
redis.disconnect();
await server?.stop();
