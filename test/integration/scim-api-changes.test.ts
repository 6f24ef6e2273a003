/** What counts as a change: versions, the conditions on them, and who is woken for what. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FRESHSERVICE_USER, openScimApi, person, type TestApi } from '../support/scim-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openScimApi();
});
beforeEach(() => {
  api.wakes.length = 0;
});
afterAll(() => api.close());

describe('a request for what is already so', () => {
  const ines = (): Record<string, unknown> =>
    person({
      title: 'Engineer',
      name: { givenName: 'Ines', familyName: 'Okafor' },
      emails: [{ type: 'work', value: 'i@x.example' }],
    });

  it.each([
    ['the same value', { op: 'Replace', path: 'title', value: 'Engineer' }],
    ['an Add of it', { op: 'Add', path: 'name.givenName', value: 'Ines' }],
    ['active as text', { op: 'Replace', path: 'active', value: 'True' }],
    ['a part of a list', { op: 'Add', path: 'emails[type eq "work"].value', value: 'i@x.example' }],
    ['a whole object', { op: 'replace', value: { title: 'Engineer', 'name.familyName': 'Okafor' } }],
    ['a removal of what is not there', { op: 'Remove', path: 'nickName' }],
    ['an attribute that is not kept', { op: 'Add', path: 'password', value: 'x' }],
  ])('by PATCH (%s) moves nothing and wakes nobody', async (_what, operation) => {
    const before = await api.create(ines());
    api.wakes.length = 0;
    await sleep(2); // So that a moved time would be another one.
    const { status, headers, body } = await api.patch(before.id, operation);
    expect({ status, etag: headers['etag'], body }).toEqual({ status: 200, etag: 'W/"1"', body: before });
    expect((await api.call('GET', `/Users/${before.id}`)).body).toEqual(before);
    expect(api.wakes).toEqual([]);
  });

  it('by PATCH without operations, or with ones that cancel out, too', async () => {
    const before = await api.create(ines());
    api.wakes.length = 0;
    expect((await api.patch(before.id)).body).toEqual(before);
    const there = { op: 'Replace', path: 'title', value: 'Lead' };
    expect((await api.patch(before.id, there, { ...there, value: 'Engineer' })).body).toEqual(before);
    expect(api.wakes).toEqual([]);
  });

  it('by PUT too, also when the attributes come in another order', async () => {
    const sent = ines();
    const before = await api.create(sent);
    api.wakes.length = 0;
    expect((await api.call('PUT', `/Users/${before.id}`, sent)).body).toEqual(before);
    const reversed = Object.fromEntries(Object.entries(sent).toReversed());
    expect((await api.call('PUT', `/Users/${before.id}`, reversed)).body).toEqual(before);
    expect(api.wakes).toEqual([]);
  });
});

describe('versions', () => {
  it('move by one with each change, and reads move nothing', async () => {
    const { id } = await api.create();
    for (let version = 2; version < 5; version += 1) {
      const { headers, body } = await api.patch(id, { op: 'Replace', path: 'title', value: `${version}` });
      expect([headers['etag'], body.meta.version]).toEqual([`W/"${version}"`, `W/"${version}"`]);
      expect((await api.call('GET', `/Users/${id}`)).headers['etag']).toBe(`W/"${version}"`);
    }
  });

  it('are held to by If-Match', async () => {
    const { id } = await api.create();
    const rename = (title: string, ifMatch: string): Promise<number> =>
      api
        .call('PUT', `/Users/${id}`, person({ title }), { 'if-match': ifMatch })
        .then(({ status }) => status);
    expect(await rename('a', 'W/"1"')).toBe(200);
    expect(await rename('b', 'W/"1"')).toBe(412);
    expect(await rename('b', '"7", W/"2"')).toBe(200);
    expect(await rename('c', '*')).toBe(200);
    expect(await rename('d', 'nonsense')).toBe(412);
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'add', path: 'title', value: 'e' }],
    };
    expect((await api.call('PATCH', `/Users/${id}`, patch, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect((await api.call('DELETE', `/Users/${id}`, undefined, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect((await api.call('GET', `/Users/${id}`)).body).toMatchObject({
      title: 'c',
      meta: { version: 'W/"4"' },
    });
    expect((await api.call('DELETE', `/Users/${id}`, undefined, { 'if-match': '"4"' })).status).toBe(204);
    expect((await api.call('DELETE', `/Users/${id}`, undefined, { 'if-match': 'W/"4"' })).status).toBe(404);
  });

  it('spare the body of a read by If-None-Match', async () => {
    const { id } = await api.create();
    const read = (ifNoneMatch: string) =>
      api.call('GET', `/Users/${id}`, undefined, { 'if-none-match': ifNoneMatch });
    for (const tag of ['W/"1"', '"1"', '*', 'W/"7", W/"1"']) {
      const { status, headers, text } = await read(tag);
      expect({ tag, status, etag: headers['etag'], text }).toEqual({
        tag,
        status: 304,
        etag: 'W/"1"',
        text: '',
      });
    }
    for (const tag of ['W/"2"', '1', '']) expect([tag, (await read(tag)).status]).toEqual([tag, 200]);
  });
});

describe('a worker is woken', () => {
  const disable = { op: 'Replace', path: 'active', value: 'False' };

  it('urgently for whoever loses access, normally for the rest', async () => {
    const { id } = await api.create({ [FRESHSERVICE_USER]: { isAgent: 'True' } });
    await api.patch(id, { op: 'Replace', path: 'title', value: 'x' });
    expect(api.wakes).toEqual([
      { lane: 'normal', id },
      { lane: 'normal', id },
    ]);
    api.wakes.length = 0;
    const demoted = await api.create({ [FRESHSERVICE_USER]: { isAgent: 'True' } });
    await api.patch(id, disable);
    await api.call('DELETE', `/Users/${id}`);
    await api.patch(demoted.id, { op: 'Replace', path: `${FRESHSERVICE_USER}:isAgent`, value: 'False' });
    const bornDisabled = await api.create({ active: false });
    expect(api.wakes).toEqual([
      { lane: 'normal', id: demoted.id },
      { lane: 'urgent', id },
      { lane: 'urgent', id },
      { lane: 'urgent', id: demoted.id },
      { lane: 'urgent', id: bornDisabled.id },
    ]);
  });

  it('urgently by every later change too, until the leaver is settled', async () => {
    const { id } = await api.create();
    await api.patch(id, disable);
    await api.patch(id, { op: 'Replace', path: 'title', value: 'x' });
    expect(api.wakes.map(({ lane }) => lane)).toEqual(['normal', 'urgent', 'urgent']);
  });

  it('by nothing that was refused or read', async () => {
    const { id, userName } = await api.create();
    api.wakes.length = 0;
    await api.call('POST', '/Users', person({ userName }));
    await api.patch(id, { op: 'remove', path: 'userName' });
    await api.call('DELETE', `/Users/${id}`, undefined, { 'if-match': 'W/"9"' });
    await api.call('DELETE', '/Users/nobody');
    await api.call('GET', `/Users/${id}`);
    expect(api.wakes).toEqual([]);
  });

  it('by no change of somebody whom the brake holds, but by what releases', async () => {
    const { id } = await api.create();
    await api.patch(id, disable);
    const leased = await api.directory.acquire(`User-${id}`, 60_000);
    if ('state' in leased) throw new Error('the key cannot be leased');
    const held = {
      state: 'held',
      ms: 0,
      why: 'brake',
      countsAsFailure: false,
      leaver: true,
      awaits: [],
    } as const;
    expect(await api.directory.postpone(leased, held)).toBe('postponed');
    api.wakes.length = 0;
    await api.patch(id, { op: 'Replace', path: 'title', value: 'x' });
    expect(api.wakes).toEqual([]);
    await api.patch(id, { op: 'Replace', path: 'active', value: 'True' });
    expect(api.wakes).toMatchObject([{ id }]);
  });
});
