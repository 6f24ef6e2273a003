/** Parallel requests: no change of an attribute is lost, and of one userName there is one user, over all processes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Body,
  ENTERPRISE_USER,
  FRESHSERVICE_USER,
  group,
  openScimApi,
  person,
  type TestApi,
} from '../support/scim-api.ts';

let one: TestApi;
let both: readonly TestApi[];

beforeAll(async () => {
  one = await openScimApi();
  both = [one, await openScimApi({ beside: one })];
});
afterAll(async () => {
  await both[1]?.close();
  await one.close();
});

const words = (text: string): string[] => text.split(' ');
const ATTRIBUTES = words(
  'displayName nickName title userType preferredLanguage locale timezone externalId',
).concat(
  words('formatted familyName givenName middleName honorificPrefix honorificSuffix').map(
    (part) => `name.${part}`,
  ),
  words('employeeNumber costCenter organization division department building').map(
    (part) => `${ENTERPRISE_USER}:${part}`,
  ),
  Array.from({ length: 30 }, (_, index) => `${FRESHSERVICE_USER}:field_${index}`),
);

const ascending = (a: number, b: number): number => a - b;

function valueAt(body: Record<string, unknown>, path: string): unknown {
  const { prefix = '', name = '' } = /^(?:(?<prefix>.*[.:]))?(?<name>\w+)$/.exec(path)?.groups ?? {};
  const holder = prefix === '' ? body : body[prefix.slice(0, -1)];
  return (holder as Record<string, unknown>)[name];
}

describe.each([
  ['one process', () => [one]],
  ['two processes', () => both],
])('in %s', (_where, apis) => {
  const at = (index: number): TestApi => apis()[index % apis().length] ?? one;

  it('50 parallel PATCHes of one user on different attributes all take effect', async () => {
    const { id } = await one.create();
    const answers = await Promise.all(
      ATTRIBUTES.map((path, index) => at(index).patch(id, { op: 'Replace', path, value: `value ${index}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(ATTRIBUTES.map(() => 200));
    for (const [index, path] of ATTRIBUTES.entries()) {
      expect([path, valueAt(answers[index]?.body ?? {}, path)]).toEqual([path, `value ${index}`]);
    }
    const { body } = await one.call('GET', `/Users/${id}`);
    expect(ATTRIBUTES.map((path) => valueAt(body, path))).toEqual(
      ATTRIBUTES.map((_, index) => `value ${index}`),
    );
    expect(body.meta.version).toBe(`W/"${ATTRIBUTES.length + 1}"`);
  });

  it('of parallel POSTs of one userName exactly one wins', async () => {
    for (const rivals of [2, 3, 50]) {
      const userName = `${randomUUID()}@larkspur.example`;
      const answers = await Promise.all(
        Array.from({ length: rivals }, (_, index) =>
          at(index).call(
            'POST',
            '/Users',
            person({ userName: index % 2 ? userName : userName.toUpperCase() }),
          ),
        ),
      );
      const winners = answers.filter(({ status }) => status === 201);
      const losers = answers.filter(
        ({ status, body }) => status === 409 && body['scimType'] === 'uniqueness',
      );
      expect([winners.length, losers.length]).toEqual([1, rivals - 1]);
      const { body } = await at(1).call('GET', `/Users?filter=userName+eq+%22${userName}%22`);
      expect(body.Resources.map(({ id }) => id)).toEqual(winners.map((winner) => winner.body.id));
    }
  });

  it('of parallel POSTs of one displayName exactly one wins', async () => {
    const displayName = `Tier ${randomUUID()}`;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        at(index).call(
          'POST',
          '/Groups',
          group({ displayName: index % 2 ? displayName : displayName.toUpperCase() }),
        ),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([
      201,
      ...Array.from({ length: 49 }, () => 409),
    ]);
    expect((await at(1).find('/Groups', `displayName eq "${displayName}"`)).totalResults).toBe(1);
  });

  it('50 parallel PATCHes of one group on members and name all take effect', async () => {
    const [kept, leaving, coming] = await Promise.all(
      [5, 25, 24].map((count) => Promise.all(Array.from({ length: count }, () => one.create()))),
    );
    const listed = (users: readonly Body[] = []): { value: string }[] =>
      users.map(({ id }) => ({ value: id }));
    const { id } = await one.createGroup({ members: [...listed(kept), ...listed(leaving)] });
    const name = `Renamed ${randomUUID()}`;
    const operations = [
      ...listed(leaving).map((member) => ({ op: 'Remove', path: 'members', value: [member] })),
      ...listed(coming).map((member) => ({ op: 'Add', path: 'members', value: [member] })),
      { op: 'Replace', path: 'displayName', value: name },
    ];
    const answers = await Promise.all(
      operations.map((operation, index) => at(index).patchGroup(id, operation)),
    );
    expect(answers.map(({ status }) => status)).toEqual(operations.map(() => 204));
    const { body } = await one.call('GET', `/Groups/${id}`);
    expect(body['displayName']).toBe(name);
    const members = (body['members'] as { value: string }[]).map(({ value }) => ({ value }));
    expect(new Set(members.map(({ value }) => value))).toEqual(
      new Set([...listed(kept), ...listed(coming)].map(({ value }) => value)),
    );
  });

  it('of parallel renames to one userName exactly one wins', async () => {
    const users = await Promise.all(Array.from({ length: 10 }, () => one.create()));
    const value = `${randomUUID()}@larkspur.example`;
    const answers = await Promise.all(
      users.map(({ id }, index) => at(index).patch(id, { op: 'Replace', path: 'userName', value })),
    );
    expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 409),
    ]);
    expect(await at(1).count(`userName eq "${value}"`)).toBe(1);
  });

  it('of parallel DELETEs one finds the user, and a PATCH beside them brings nobody back', async () => {
    const { id } = await one.create();
    const deletes = Array.from({ length: 5 }, (_, index) => at(index).call('DELETE', `/Users/${id}`));
    const patches = Array.from({ length: 5 }, (_, index) =>
      at(index).patch(id, { op: 'Replace', path: 'title', value: `${index}` }),
    );
    const statuses = (await Promise.all(deletes)).map(({ status }) => status);
    expect(statuses.toSorted(ascending)).toEqual([204, 404, 404, 404, 404]);
    for (const { status } of await Promise.all(patches)) expect([200, 404]).toContain(status);
    expect((await at(1).call('GET', `/Users/${id}`)).status).toBe(404);
    expect(await one.count(`id eq "${id}"`)).toBe(0);
  });

  it('of parallel changes that name one version exactly one wins', async () => {
    const { id, meta } = await one.create();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        at(index).call('PUT', `/Users/${id}`, person({ title: `${index}` }), { 'if-match': meta.version }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 412),
    ]);
  });
});
