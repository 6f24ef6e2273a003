/**
 * What must be true of Redis after every step, whatever the steps were: read from the keys themselves, as the README of
 * the package documents them, and held against the model.
 */
import { displayWordsOf, emailsOf, externalIdOf, userNameOf, workEmailOf } from '@fresh-scim/scim';
import { expect } from 'vitest';
import type { Model, Person } from './directory-model.ts';
import type { Bench } from './directory-support.ts';

const SORTED_SETS = [
  'ord',
  'words',
  'shared',
  'ready:u',
  'ready:n',
  'fed:u',
  'fed:n',
  'deferred',
  'parked',
  'held',
  'unsettled',
  'urgent',
  'tombstones',
] as const;
const SETS = ['parkedLeavers', 'noted', 'awaited'] as const;
const HASHES = ['un', 'xi', 'em', 'ea', 'xt', 'stats'] as const;

type Fields = Readonly<Record<string, string>>;

interface Stored {
  readonly record: Fields;
  readonly resource: string | null;
  readonly observed: string | null;
  readonly tombstone: string | null;
  readonly waiters: readonly string[];
  readonly timeline: number;
}

/** Everything of a connection, read in one round trip. */
export interface Snapshot {
  readonly members: Readonly<Record<(typeof SORTED_SETS)[number] | (typeof SETS)[number], readonly string[]>>;
  readonly hashes: Readonly<Record<(typeof HASHES)[number], Fields>>;
  readonly owners: Fields;
  /** By SCIM id, the forgotten ones included. */
  readonly stored: ReadonlyMap<string, Stored>;
}

export async function takeSnapshot({ redis, prefix, accountPrefix }: Bench, model: Model): Promise<Snapshot> {
  const people = [...model.people, ...model.forgotten];
  const pipeline = redis.pipeline();
  for (const name of SORTED_SETS) pipeline.zrange(prefix + name, '0', '-1');
  for (const name of SETS) pipeline.smembers(prefix + name);
  for (const name of HASHES) pipeline.hgetall(prefix + name);
  pipeline.hgetall(`${accountPrefix}owners`);
  for (const { id, key } of people) {
    pipeline
      .hgetall(`${prefix}k:${key}`)
      .get(`${prefix}u:${id}`)
      .get(`${prefix}o:${id}`)
      .get(`${prefix}t:${id}`);
    pipeline.smembers(`${prefix}aw:${key}`).llen(`${prefix}tl:${key}`);
  }
  const replies = (await pipeline.exec()) ?? [];
  let at = 0;
  const next = (): unknown => {
    const [error, value] = replies[at] ?? [new Error('a reply is missing')];
    at += 1;
    if (error) throw error;
    return value;
  };
  return {
    members: Object.fromEntries([...SORTED_SETS, ...SETS].map((name) => [name, next()])),
    hashes: Object.fromEntries(HASHES.map((name) => [name, next()])),
    owners: next(),
    stored: new Map(
      people.map(({ id }) => [
        id,
        {
          record: next(),
          resource: next(),
          observed: next(),
          tombstone: next(),
          waiters: next(),
          timeline: next(),
        },
      ]),
    ),
  } as unknown as Snapshot; // typed by the commands above, which these replies answer in order
}

/** @throws the assertion that does not hold. */
export function assertInvariants(snapshot: Snapshot, model: Model): void {
  assertStates(snapshot, model);
  assertIndexes(snapshot, model);
  for (const person of model.people) assertPerson(snapshot, model, person);
  for (const { id } of model.forgotten) {
    expect(snapshot.stored.get(id), 'nothing is left of a forgotten person').toEqual({
      record: {},
      resource: null,
      observed: null,
      tombstone: null,
      waiters: [],
      timeline: 0,
    });
  }
  const owners = [...model.owners].map(([remoteId, key]) => [remoteId, `c1/${key}`]);
  expect(snapshot.owners, 'owners').toEqual(Object.fromEntries(owners));
}

const sorted = (values: Iterable<string>): string[] => [...values].sort();

/** A key is in exactly the sets that its state says, and no set has a key besides. */
function assertStates({ members }: Snapshot, { people }: Model): void {
  const keysIn = (...states: Person['state'][]): string[] =>
    sorted(people.filter(({ state }) => states.includes(state)).map(({ key }) => key));
  const urgencyIs = (wanted: boolean): string[] =>
    sorted(
      people
        .filter(({ state, urgency }) => state === 'dirty' && (urgency === 'urgent') === wanted)
        .map(({ key }) => key),
    );

  for (const state of ['deferred', 'parked', 'held'] as const) {
    expect(sorted(members[state]), 'deferred, parked or held').toEqual(keysIn(state));
  }
  expect(sorted(members.unsettled), 'unsettled is dirty and deferred').toEqual(keysIn('dirty', 'deferred'));
  expect(sorted(members.urgent), 'urgent is what is urgent of the unsettled').toEqual(
    members.unsettled
      .filter((key) => people.find((person) => person.key === key)?.urgency === 'urgent')
      .sort(),
  );
  expect(
    sorted(new Set([...members['ready:u'], ...members['fed:u']])),
    'urgent dirty keys can be handed out',
  ).toEqual(urgencyIs(true));
  const normal = new Set([...members['ready:n'], ...members['fed:n']]);
  expect(
    urgencyIs(false).filter((key) => !normal.has(key)),
    'no other dirty key is lost',
  ).toEqual([]);
  expect(
    [...normal].filter((key) => !keysIn('dirty').includes(key)),
    'only dirty keys are handed out',
  ).toEqual([]);
  expect(
    members['ready:n'].filter((key) => urgencyIs(true).includes(key)),
    'an urgent key waits in its own lane only',
  ).toEqual([]);
  for (const lane of ['u', 'n'] as const) {
    const twice = members[`ready:${lane}`].filter((key) => members[`fed:${lane}`].includes(key));
    expect(twice, `no key is both ready and fed in lane ${lane}`).toEqual([]);
  }
  expect(sorted(members.parkedLeavers), 'parkedLeavers').toEqual(
    sorted(people.filter(({ isParkedLeaver }) => isParkedLeaver).map(({ key }) => key)),
  );
  expect(sorted(members.noted), 'noted').toEqual(
    sorted(people.filter(({ hasNotes }) => hasNotes).map(({ key }) => key)),
  );
  expect(sorted(members.tombstones), 'tombstones').toEqual(
    sorted(people.filter(({ isRetained }) => isRetained).map(({ key }) => key)),
  );
}

/** Value -> the ids that carry it. */
class Carriers {
  readonly #ids = new Map<string, string[]>();

  add(value: string | undefined, id: string): void {
    if (value !== undefined) this.#ids.set(value, [...(this.#ids.get(value) ?? []), id]);
  }

  /** One carrier stands in the index itself. */
  index(): Record<string, string> {
    return Object.fromEntries(
      [...this.#ids].map(([value, ids]) => [value, ids.length > 1 ? '' : (ids[0] ?? '')]),
    );
  }

  /** Several stand beside it, here without the times of their creation. */
  shared(index: string): string[] {
    const several = [...this.#ids].filter(([, ids]) => ids.length > 1);
    return several.flatMap(([value, ids]) => ids.map((id) => `${index}\0${value}\0${id}`));
  }
}

/** The indexes hold what the live users carry, and nothing else. */
function assertIndexes({ members, hashes }: Snapshot, model: Model): void {
  const live = model.people.filter(({ attributes }) => attributes !== undefined);
  const un: Record<string, string> = {};
  const carried = { xi: new Carriers(), em: new Carriers(), ea: new Carriers() };
  const words: string[] = [];
  for (const { id, wordsKept } of model.people) words.push(...wordsKept.map((word) => `${word}\0${id}`));
  for (const { id, attributes = {} } of live) {
    const userName = userNameOf(attributes).toLowerCase();
    un[userName] = id;
    carried.xi.add(externalIdOf(attributes), id);
    const workEmail = workEmailOf(attributes)?.toLowerCase();
    if (workEmail !== userName) carried.em.add(workEmail, id);
    const addresses = new Set(emailsOf(attributes).map((address) => address.toLowerCase()));
    for (const other of addresses) if (other !== userName && other !== workEmail) carried.ea.add(other, id);
    words.push(...displayWordsOf(attributes).map((word) => `${word}\0${id}`));
  }
  expect(hashes.un, 'un').toEqual(un);
  for (const index of ['xi', 'em', 'ea'] as const) {
    expect(hashes[index], `index ${index}`).toEqual(carried[index].index());
  }
  expect(sorted(members.shared.map((member) => member.replace(/\0\d{13}\0/, '\0'))), 'shared').toEqual(
    sorted(Object.entries(carried).flatMap(([index, carriers]) => carriers.shared(index))),
  );
  expect(sorted(members.words), 'words').toEqual(words.sort());
  expect(sorted(members.ord), 'ord').toEqual(sorted(live.map(({ id }) => id)));
  expect(hashes.xt, 'xt').toEqual(
    Object.fromEntries([...model.deletedBy].map(([externalId, ids]) => [externalId, ids.join(',')])),
  );
}

function assertPerson({ stored }: Snapshot, model: Model, person: Person): void {
  const seen = stored.get(person.id);
  if (!seen) throw new Error('a person was not read');
  const { record, resource, tombstone } = seen;
  expect(
    {
      state: record['state'],
      urgency: record['urgency'],
      wakeSeq: Number(record['wakeSeq']),
      fence: Number(record['fence'] ?? 0),
      isHeld: Number(record['leaseTill'] ?? 0) > 1,
      generation: Number(record['generation']),
      failures: Number(record['failures'] ?? 0),
      parks: Number(record['parks'] ?? 0),
      changes: Number(record['changes'] ?? 0),
      isSuspect: record['suspect'] !== undefined,
      strays: record['strays'] ?? '',
      hasIntent: record['intent'] !== undefined,
      hasNotes: record['notes'] !== undefined,
      active: record['active'],
    },
    'the record',
  ).toEqual({
    state: person.state,
    urgency: person.urgency,
    wakeSeq: person.wakeSeq,
    fence: person.fence,
    isHeld: person.isHeld,
    generation: person.generation,
    failures: person.failures,
    parks: person.parks,
    changes: person.changes,
    isSuspect: person.suspectAt !== undefined,
    strays: person.strays.join('\n'),
    hasIntent: person.intent !== undefined,
    hasNotes: person.hasNotes,
    active: person.attributes && person.attributes['active'] !== false ? '1' : '0',
  });
  expect(resource?.slice(41), 'what Entra wants').toEqual(
    person.attributes && JSON.stringify(person.attributes),
  );
  expect(tombstone === null, 'a tombstone if and only if deleted').toBe(person.attributes !== undefined);
  const observed = JSON.parse(seen.observed ?? '{}') as { remoteId?: number };
  expect(observed.remoteId, 'the account of the snapshot').toBe(person.remoteId);
  expect(sorted(seen.waiters), 'those who wait for it').toEqual(sorted(model.waiters.get(person.key) ?? []));
  expect(seen.timeline, 'a bounded timeline').toBeLessThanOrEqual(200);
}
