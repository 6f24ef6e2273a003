/** docs/scim-conformance.md, R62 to R96: PUT, PATCH, DELETE and versions. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  type Body,
  CORE_USER,
  ENTERPRISE_USER,
  openScimApi,
  PATCH_OP,
  person,
  type TestApi,
} from '../support/scim-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openScimApi();
});
afterAll(() => api.close());

const WORK = { type: 'work', value: 'ines@larkspur.example', primary: true };
const HOME = { type: 'home', value: 'ines@home.example' };

const newUser = (attributes: object = {}): Promise<Body> =>
  api.create({
    title: 'Engineer',
    name: { givenName: 'Ines', familyName: 'Okafor' },
    emails: [WORK, HOME],
    ...attributes,
  });
const refused = (scimType: string): object => ({ status: 400, body: { scimType } });
const read = async (id: string): Promise<Body> => (await api.call('GET', `/Users/${id}`)).body;

/** What a PATCH makes of a new user; what is told is what is stored. */
async function patched(operations: readonly object[], attributes: object = {}): Promise<Body> {
  const { id } = await newUser(attributes);
  const { status, body } = await api.patch(id, ...operations);
  expect({ operations, status }).toEqual({ operations, status: 200 });
  expect(await read(id)).toEqual(body);
  return body;
}

/** A PATCH that must fail leaves everything as it was. */
async function refusedPatch(operations: readonly object[], scimType: string, status = 400): Promise<void> {
  const user = await newUser();
  expect(await api.patch(user.id, ...operations)).toMatchObject({ status, body: { scimType } });
  expect(await read(user.id)).toEqual(user);
}

describe('PUT', () => {
  const put = (id: string, user: object): Promise<Answer> => api.call('PUT', `/Users/${id}`, person(user));

  it('R62 200 and the whole resource; an unknown id is 404, and creates nothing', async () => {
    const { id, userName } = await newUser();
    const { status, body } = await put(id, { userName, title: 'Lead' });
    expect({ status, body }).toMatchObject({ status: 200, body: { id, title: 'Lead' } });
    expect(await read(id)).toEqual(body);
    const nobody = randomUUID();
    expect((await put(nobody, {})).status).toBe(404);
    expect((await api.call('GET', `/Users/${nobody}`)).status).toBe(404);
  });

  it('R63 what is not sent is cleared, what is read-only is ignored', async () => {
    const { id, userName } = await newUser({ externalId: 'x' });
    const { body } = await put(id, {
      userName,
      id: 'other',
      groups: [{ value: 'x' }],
      meta: { version: 'x' },
    });
    for (const name of ['title', 'name', 'emails', 'externalId', 'groups'])
      expect(body).not.toHaveProperty(name);
    expect(body).toMatchObject({ id, userName, active: true });
  });

  it('R65 a required attribute that is missing: invalidValue; a userName of another: 409', async () => {
    const user = await newUser();
    const other = await newUser();
    expect(await put(user.id, { userName: undefined })).toMatchObject(refused('invalidValue'));
    expect(await put(user.id, { userName: other['userName'] })).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness' },
    });
    expect(await read(user.id)).toEqual(user);
  });

  it('R66 lastModified and version move, id and created stay', async () => {
    const { id, userName, meta } = await newUser();
    const { body } = await put(id, { userName, title: 'Lead' });
    expect(body).toMatchObject({ id, meta: { created: meta.created } });
    expect(body.meta.version).not.toBe(meta.version);
    expect(Date.parse(body.meta.lastModified)).toBeGreaterThanOrEqual(Date.parse(meta.lastModified));
    const again = await put(id, { userName, title: 'Lead' });
    expect(again.body.meta).toEqual(body.meta);
  });
});

describe('PATCH', () => {
  it('R67 a body of PatchOp with operations; none at all is no change, as Microsoft’s validator sends', async () => {
    const user = await newUser();
    const send = (body: object): Promise<Answer> => api.call('PATCH', `/Users/${user.id}`, body);
    expect(await send({ Operations: [] })).toMatchObject(refused('invalidSyntax'));
    expect(await send({ schemas: [CORE_USER], Operations: [] })).toMatchObject(refused('invalidSyntax'));
    expect(await send({ schemas: [PATCH_OP] })).toMatchObject(refused('invalidSyntax'));
    expect((await send({ schemas: [PATCH_OP], Operations: [] })).body).toEqual(user);
  });

  it('R68 an op is add, replace or remove, in any case', async () => {
    expect(await patched([{ op: 'RePlace', path: 'title', value: 'Lead' }])).toMatchObject({ title: 'Lead' });
    await refusedPatch([{ op: 'move', path: 'title', value: 'x' }], 'invalidSyntax');
  });

  it('R69 operations run in their order, all or none', async () => {
    const order = ['a', 'b', 'c'].map((value) => ({ op: 'replace', path: 'title', value }));
    expect(await patched(order)).toMatchObject({ title: 'c' });
    await refusedPatch(
      [
        { op: 'replace', path: 'title', value: 'x' },
        { op: 'replace', path: 'active', value: 'x' },
      ],
      'invalidValue',
    );
  });

  it('R70 200 with the resource; a group 204, and 200 where attributes are asked for', async () => {
    const { id } = await api.createGroup();
    const operations = { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'externalId', value: 'x' }] };
    expect(await api.call('PATCH', `/Groups/${id}`, operations)).toMatchObject({ status: 204, text: '' });
    expect((await api.call('PATCH', `/Groups/${id}?attributes=externalId`, operations)).body).toMatchObject({
      id,
      externalId: 'x',
    });
    expect((await patched([{ op: 'add', path: 'title', value: 'x' }]))['title']).toBe('x');
  });

  it.each([
    ['title', { title: 'new' }],
    ['name.givenName', { name: { givenName: 'new', familyName: 'Okafor' } }],
    ['emails[type eq "home"].value', { emails: [WORK, { ...HOME, value: 'new' }] }],
    [`${CORE_USER}:title`, { title: 'new' }],
    [`${ENTERPRISE_USER}:department`, { [ENTERPRISE_USER]: { department: 'new' } }],
  ])('R71 a path: %s', async (path, result) => {
    expect(await patched([{ op: 'replace', path, value: 'new' }])).toMatchObject(result);
  });

  it.each(['emails]', 'shoes', 'name.shoes', 'title.x', '.', 'emails[type eq "work"]value', 'a b'])(
    'R71 a path that means nothing: invalidPath: %s',
    (path) => refusedPatch([{ op: 'replace', path, value: 'x' }], 'invalidPath'),
  );

  it('R72 R80 without a path each attribute of the value is added or replaced', async () => {
    for (const op of ['add', 'replace']) {
      const value = { title: 'Lead', 'name.givenName': 'I.', [`${ENTERPRISE_USER}:department`]: 'Sales' };
      expect(await patched([{ op, value }])).toMatchObject({
        title: 'Lead',
        name: { givenName: 'I.', familyName: 'Okafor' },
        [ENTERPRISE_USER]: { department: 'Sales' },
      });
    }
  });

  it('R73 add appends to a list, and what is there already is not there twice', async () => {
    const other = { type: 'other', value: 'o@home.example' };
    const { emails } = await patched([{ op: 'add', path: 'emails', value: [other, HOME] }]);
    expect(emails).toEqual([WORK, HOME, other]);
  });

  it('R74 add to a single value replaces it; the same value changes nothing', async () => {
    expect(await patched([{ op: 'add', path: 'title', value: 'Lead' }])).toMatchObject({ title: 'Lead' });
    const user = await newUser();
    const same = await api.patch(user.id, { op: 'add', path: 'title', value: 'Engineer' });
    expect(same.body).toEqual(user);
  });

  it('R75 add to a complex attribute merges the parts that are given', async () => {
    expect(await patched([{ op: 'add', path: 'name', value: { givenName: 'I.' } }])).toMatchObject({
      name: { givenName: 'I.', familyName: 'Okafor' },
    });
  });

  it('R76 remove without a path: noTarget', () => refusedPatch([{ op: 'remove' }], 'noTarget'));

  it('R77 remove unassigns; so does the removal of the last element', async () => {
    expect(await patched([{ op: 'remove', path: 'title' }])).not.toHaveProperty('title');
    const each = ['work', 'home'].map((type) => ({ op: 'remove', path: `emails[type eq "${type}"]` }));
    expect(await patched(each)).not.toHaveProperty('emails');
  });

  it('R78 remove with a filter removes what matches; no match is no change', async () => {
    expect((await patched([{ op: 'remove', path: 'emails[type eq "work"]' }]))['emails']).toEqual([HOME]);
    expect((await patched([{ op: 'remove', path: 'emails[type eq "spare"]' }]))['emails']).toEqual([
      WORK,
      HOME,
    ]);
  });

  it('R79 remove of what is required or read-only: mutability', async () => {
    for (const path of ['userName', 'id', 'meta', 'groups'])
      await refusedPatch([{ op: 'remove', path }], 'mutability');
  });

  it('R81 replace of what is absent adds it', async () => {
    expect(await patched([{ op: 'replace', path: 'nickName', value: 'Nes' }])).toMatchObject({
      nickName: 'Nes',
    });
  });

  it('R82 replace of a list without a filter sets the whole list', async () => {
    const other = { type: 'other', value: 'o@home.example' };
    expect((await patched([{ op: 'replace', path: 'emails', value: [other] }]))['emails']).toEqual([other]);
  });

  it('R83 replace with a filter that selects nothing: noTarget; by type it makes the element, as Entra needs', async () => {
    await refusedPatch([{ op: 'replace', path: 'emails[value eq "x"].display', value: 'x' }], 'noTarget');
    const path = 'emails[type eq "other"].value';
    expect((await patched([{ op: 'replace', path, value: 'o@home.example' }]))['emails']).toEqual([
      WORK,
      HOME,
      { type: 'other', value: 'o@home.example' },
    ]);
  });

  it('R84 replace with a filter replaces the elements, with a part only that part', async () => {
    const value = { type: 'home', value: 'new@home.example' };
    expect((await patched([{ op: 'replace', path: 'emails[type eq "home"]', value }]))['emails']).toEqual([
      WORK,
      value,
    ]);
    const part = { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@larkspur.example' };
    expect((await patched([part]))['emails']).toEqual([{ ...WORK, value: 'new@larkspur.example' }, HOME]);
  });

  it('R85 a new primary takes the place of the old one', async () => {
    const { emails } = await patched([
      { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
    ]);
    expect((emails as { primary?: boolean }[]).map(({ primary = false }) => primary)).toEqual([false, true]);
  });

  it('R64 R86 what is read-only or immutable: mutability', async () => {
    for (const path of ['id', 'meta.created', 'groups']) {
      await refusedPatch([{ op: 'replace', path, value: 'x' }], 'mutability');
    }
    const user = await newUser();
    const { id } = await api.createGroup({ members: [{ value: user.id }] });
    const change = { op: 'replace', path: `members[value eq "${user.id}"].type`, value: 'Group' };
    expect(await api.patchGroup(id, change)).toMatchObject(refused('mutability'));
  });

  it('R87 a wrong type: invalidValue', async () => {
    await refusedPatch([{ op: 'replace', path: 'active', value: 'perhaps' }], 'invalidValue');
    await refusedPatch([{ op: 'replace', path: 'name', value: 'x' }], 'invalidValue');
  });

  it('R88 a userName of another: 409 uniqueness', async () => {
    const other = await newUser();
    await refusedPatch([{ op: 'replace', path: 'userName', value: other['userName'] }], 'uniqueness', 409);
  });

  it('R89 schemas follow the data', async () => {
    const path = `${ENTERPRISE_USER}:department`;
    const { id, schemas } = await newUser();
    expect(schemas).toEqual([CORE_USER]);
    const added = await api.patch(id, { op: 'add', path, value: 'Sales' });
    expect(added.body['schemas']).toEqual([CORE_USER, ENTERPRISE_USER]);
    expect((await api.patch(id, { op: 'remove', path })).body['schemas']).toEqual([CORE_USER]);
  });
});

describe('DELETE', () => {
  it('R90 204 without a body; afterwards 404 for everything, and no match', async () => {
    const { id, userName } = await newUser();
    expect(await api.call('DELETE', `/Users/${id}`)).toMatchObject({ status: 204, text: '' });
    expect((await api.call('GET', `/Users/${id}`)).status).toBe(404);
    expect((await api.call('PUT', `/Users/${id}`, person())).status).toBe(404);
    expect((await api.patch(id, { op: 'add', path: 'title', value: 'x' })).status).toBe(404);
    expect((await api.call('DELETE', `/Users/${id}`)).status).toBe(404);
    expect(await api.count(`userName eq "${String(userName)}"`)).toBe(0);
  });

  it('R91 the userName is free again, for another id', async () => {
    const { id, userName } = await newUser();
    await api.call('DELETE', `/Users/${id}`);
    expect((await newUser({ userName })).id).not.toBe(id);
  });

  it('R92 who is deleted leaves all groups', async () => {
    const { id } = await newUser();
    const group = await api.createGroup({ members: [{ value: id }] });
    await api.call('DELETE', `/Users/${id}`);
    expect((await api.call('GET', `/Groups/${group.id}`)).body).not.toHaveProperty('members');
  });
});

describe('versions', () => {
  it('R93 ETag is meta.version on every verb that shows a resource', async () => {
    const { id, userName } = await newUser();
    const answers = [
      await api.call('GET', `/Users/${id}`),
      await api.call('PUT', `/Users/${id}`, person({ userName })),
      await api.patch(id, { op: 'add', path: 'title', value: 'x' }),
    ];
    for (const { headers, body } of answers) expect(headers['etag']).toBe(body.meta.version);
  });

  it('R94 If-Match of another version: 412, and nothing happens; of this one it does', async () => {
    const user = await newUser();
    const path = `/Users/${user.id}`;
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'title', value: 'x' }] };
    const stale = { 'if-match': 'W/"77"' };
    expect((await api.call('PUT', path, person(), stale)).status).toBe(412);
    expect((await api.call('PATCH', path, patch, stale)).status).toBe(412);
    expect((await api.call('DELETE', path, undefined, stale)).status).toBe(412);
    expect(await read(user.id)).toEqual(user);
    expect((await api.call('PATCH', path, patch, { 'if-match': user.meta.version })).status).toBe(200);
    expect((await api.call('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(204);
  });

  it('R95 If-None-Match of this version: 304', async () => {
    const { id, meta } = await newUser();
    const same = await api.call('GET', `/Users/${id}`, undefined, { 'if-none-match': meta.version });
    expect(same).toMatchObject({ status: 304, text: '' });
    expect((await api.call('GET', `/Users/${id}`, undefined, { 'if-none-match': 'W/"77"' })).status).toBe(
      200,
    );
  });

  it('R96 each change makes a new version, a read none', async () => {
    const { id, meta } = await newUser();
    const versions = [meta.version];
    for (const value of ['a', 'b', 'b', 'c']) {
      versions.push((await api.patch(id, { op: 'add', path: 'title', value })).body.meta.version);
      expect((await read(id)).meta.version).toBe(versions.at(-1));
    }
    expect(new Set(versions).size).toBe(4);
    expect(versions[2]).toBe(versions[3]);
  });
});
