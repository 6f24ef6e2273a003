/**
 * How many bytes of Redis one person takes: stores typical people, brings each in step twice as a reconcile would, and
 * asks Redis for the MEMORY USAGE of every key, by what the key is for. Leaves nothing behind.
 */
import { randomBytes } from 'node:crypto';
import { type Directory, type Key, type Observed, openDirectory } from '@fresh-scim/directory';
import { parseResource, renderStored } from '@fresh-scim/scim';
import type { Redis } from 'ioredis';
import { typicalUser, type User } from '../people.ts';

const LEASE_MS = 60_000;
const IN_FLIGHT = 50;
const NEXT_TITLE = 'Lead Field Engineer';

/** Bytes per person. */
export interface BytesPerPerson {
  /** The length of one as SCIM renders it. */
  readonly rendered: number;
  readonly parts: Readonly<
    Record<'desired' | 'indexes' | 'words' | 'observed' | 'owner' | 'key' | 'timeline', number>
  >;
}

export async function measureBytes(redis: Redis, people: number): Promise<BytesPerPerson> {
  // Names of keys count too, so this id is as long as a real one.
  const scope = { accountId: `a${randomBytes(6).toString('hex')}`, connectionId: 'c0123456789ab' };
  const directory = openDirectory(redis, scope);
  const account = `{${scope.accountId}}:`;
  const prefix = `${account}${scope.connectionId}:`;
  const lives: Life[] = [];
  for (let start = 0; start < people; start += IN_FLIGHT) {
    const size = Math.min(IN_FLIGHT, people - start);
    lives.push(
      ...(await Promise.all(Array.from({ length: size }, (_, index) => live(directory, start + index)))),
    );
  }
  const each = (name: (id: string) => string): string[] => lives.map(({ id }) => prefix + name(id));
  const keys = {
    desired: each((id) => `u:${id}`),
    indexes: ['un', 'xi', 'em', 'ea', 'shared', 'ord'].map((name) => prefix + name),
    words: [`${prefix}words`],
    observed: each((id) => `o:${id}`),
    owner: [`${account}owners`],
    key: each((id) => `k:User-${id}`),
    timeline: each((id) => `tl:User-${id}`),
  };
  const parts: [string, number][] = [];
  for (const [part, names] of Object.entries(keys))
    parts.push([part, (await bytesOf(redis, names)) / people]);
  await directory.erase();
  await redis.del(`${account}layoutVersion`);
  return {
    rendered: lives.reduce((sum, { rendered }) => sum + rendered, 0) / people,
    parts: Object.fromEntries(parts) as BytesPerPerson['parts'],
  };
}

interface Life {
  readonly id: string;
  readonly rendered: number;
}

/** Created, brought in step, given another title, brought in step again. */
async function live(directory: Directory, index: number): Promise<Life> {
  const user = typicalUser(index);
  const { stored, key } = await directory.createUser(parseResource('User', user));
  await bringInStep(directory, index, key, user, user.title);
  await directory.mutateUser(stored.id, (before) => ({ ...before, title: NEXT_TITLE }));
  await bringInStep(directory, index, key, user, NEXT_TITLE);
  const rendered = renderStored('User', stored, 'https://scim.larkspur.example/scim/v2').length;
  return { id: stored.id, rendered };
}

async function bringInStep(
  directory: Directory,
  index: number,
  key: Key,
  user: User,
  title: string,
): Promise<void> {
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

/** As after a create: everything shown; every tenth account has a value that Freshservice keeps otherwise. */
function typicalSnapshot(index: number, user: User, title: string): Observed {
  const values = {
    primary_email: user.userName,
    first_name: user.name.givenName,
    last_name: user.name.familyName,
    job_title: title,
    work_phone_number: '+351 21 555 0199',
    mobile_phone_number: '+351 91 555 0142',
    address: 'Rua do Alecrim 12, 1200-017 Lisboa',
    time_zone: 'Lisbon',
    language: 'en',
    external_id: user.externalId,
    department_ids: [21_000_000_123],
    reporting_manager_id: 21_000_000_000 + index + 1,
  };
  return {
    remoteId: 21_000_000_000 + index,
    kind: 'requester',
    active: true,
    readAt: Date.now(),
    values,
    echoes: index % 10 ? {} : { job_title: { sent: user.title, got: 'Senior Field Eng' } },
    sentAddresses: [values.primary_email],
    ours: Object.keys(values).sort(),
  };
}

async function bytesOf(redis: Redis, keys: readonly string[]): Promise<number> {
  const pipeline = redis.pipeline();
  for (const key of keys) pipeline.memory('USAGE', key, 'SAMPLES', '0');
  const replies = (await pipeline.exec()) ?? [];
  return replies.reduce((sum, [, bytes]) => sum + Number(bytes ?? 0), 0);
}
