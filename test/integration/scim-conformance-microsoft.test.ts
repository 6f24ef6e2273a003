/**
 * The direct tests of Microsoft's gallery validation (2026) and the joining attributes of its web validator, on every
 * attribute that the gallery app or a customer of it maps. What a PATCH has set is read back at once, value by value.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  type Body,
  ENTERPRISE_USER,
  FRESHSERVICE_USER,
  openScimApi,
  type TestApi,
} from '../support/scim-api.ts';

const MAPPED: readonly string[] = [
  'displayName',
  'name.givenName',
  'name.familyName',
  'emails[type eq "work"].value',
  'phoneNumbers[type eq "work"].value',
  'phoneNumbers[type eq "mobile"].value',
  'addresses[type eq "work"].formatted',
  'locale',
  'title',
  'timezone',
  'externalId',
  'roles[primary eq "True"].value',
  `${ENTERPRISE_USER}:department`,
  `${ENTERPRISE_USER}:_location`,
  `${FRESHSERVICE_USER}:isAgent`,
  `${FRESHSERVICE_USER}:custom_field`,
];

let api: TestApi;
beforeAll(async () => {
  api = await openScimApi();
});
afterAll(() => api.close());

/** As the validation makes them: it asks no attribute what it may hold. */
const generated = (): string => `upd-${randomUUID().slice(0, 8)}`;

/** What a rendered user has at a path, read without any code of ours. */
function valueAt(user: unknown, path: string): unknown {
  const at = (holder: unknown, name: string): unknown =>
    (holder as Record<string, unknown> | undefined)?.[name];
  const [, urn, rest = path] = /^(urn:.*:User):(.*)$/.exec(path) ?? [];
  const holder = urn === undefined ? user : at(user, urn);
  const [, list, name, value, part] = /^(\w+)\[(\w+) eq "(\w+)"\]\.(\w+)$/.exec(rest) ?? [];
  if (list === undefined || name === undefined || value === undefined || part === undefined) {
    return rest.split('.').reduce(at, holder);
  }
  const elements = (at(holder, list) ?? []) as object[];
  return at(
    elements.find((element) => String(at(element, name)).toLowerCase() === value.toLowerCase()),
    part,
  );
}

const readBack = async (id: string): Promise<Body> => (await api.call('GET', `/Users/${id}`)).body;

type Send = (id: string, op: string, path: string, value: unknown) => Promise<Answer>;

const SHAPES: readonly (readonly [string, Send])[] = [
  [
    'by default',
    (id, op, path, value) => api.patch(id, { op: op[0]?.toUpperCase() + op.slice(1), path, value }),
  ],
  [
    'with the flag',
    (id, op, path, value) =>
      api.patch(id, path.includes('[') ? { op, path, value } : { op, value: { [path]: value } }),
  ],
];

describe.each(SHAPES)('one attribute, %s', (_shape, send) => {
  it.each(MAPPED)('%s is added, replaced, and cleared by empty text and by null', async (path) => {
    const { id } = await api.create({ emails: [], externalId: null, displayName: null, name: null });
    for (const op of ['add', 'replace']) {
      const value = generated();
      expect((await send(id, op, path, value)).status).toBe(200);
      expect(valueAt(await readBack(id), path)).toBe(value);
    }
    for (const nothing of ['', null]) {
      await send(id, 'replace', path, generated());
      const answer = await send(id, 'replace', path, nothing);
      expect(answer.status).toBe(200);
      expect(valueAt(await readBack(id), path)).toBeUndefined();
      expect(answer.text).not.toContain('null');
    }
  });
});

it('every attribute at once is replaced, and cleared again', async () => {
  const { id } = await api.create();
  for (const nothing of ['', null]) {
    const values = Object.fromEntries(MAPPED.map((path) => [path, generated()]));
    expect((await api.patch(id, { op: 'replace', value: values })).status).toBe(200);
    const user = await readBack(id);
    expect(Object.fromEntries(MAPPED.map((path) => [path, valueAt(user, path)]))).toEqual(values);
    const nothings = Object.fromEntries(MAPPED.map((path) => [path, nothing]));
    expect((await api.patch(id, { op: 'replace', value: nothings })).status).toBe(200);
    const cleared = await readBack(id);
    expect(MAPPED.filter((path) => valueAt(cleared, path) !== undefined)).toEqual([]);
    expect(cleared['schemas']).toHaveLength(1);
  }
});

it('a manager is set as a text, changed, and removed by an empty one; read back as an object', async () => {
  const [one, other, { id }] = await Promise.all([api.create(), api.create(), api.create()]);
  const path = `${ENTERPRISE_USER}:manager`;
  for (const [op, value, expected] of [
    ['Add', one.id, { value: one.id }],
    ['replace', other.id, { value: other.id }],
    ['replace', '', undefined],
  ] as const) {
    expect((await api.patch(id, { op, path, value })).status).toBe(200);
    expect(valueAt(await readBack(id), path)).toEqual(expected);
  }
});

it('eleven users and more come in pages of five that begin where they were asked to', async () => {
  await Promise.all(Array.from({ length: 15 }, () => api.create()));
  const ids: string[] = [];
  for (const startIndex of [1, 6, 11]) {
    const { body } = await api.call('GET', `/Users?startIndex=${startIndex}&count=5`);
    expect(body).toMatchObject({ startIndex, itemsPerPage: 5 });
    ids.push(...body.Resources.map(({ id }) => id));
  }
  expect(new Set(ids).size).toBe(15);
});

it.each(['userName', 'emails[type eq "work"].value'])(
  '%s joins in any case, and one who is disabled too',
  async (path) => {
    const value = `Ines.${randomUUID()}@Larkspur.example`;
    const { id } = await api.create({ userName: value, emails: [{ type: 'work', value }] });
    await api.patch(id, { op: 'Replace', path: 'active', value: 'False' });
    for (const written of [value, value.toUpperCase(), value.toLowerCase()]) {
      const { totalResults, Resources } = await api.find('/Users', `${path} eq "${written}"`);
      expect({ totalResults, Resources }).toMatchObject({
        totalResults: 1,
        Resources: [{ id, active: false }],
      });
    }
    expect(await api.find('/Users', `${path} eq "${randomUUID()}"`)).toMatchObject({
      totalResults: 0,
      Resources: [],
    });
  },
);
