/** Groups over HTTP: what Entra does with them, what is shown of members on both sides, and queries over both types. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Body, CORE_GROUP, group, openScimApi, type TestApi } from '../support/scim-api.ts';

let api: TestApi;
let ines: Body;
let tom: Body;

beforeAll(async () => {
  api = await openScimApi();
  ines = await api.create({ displayName: 'Ines' });
  tom = await api.create({ displayName: 'Tom' });
});
afterAll(() => api.close());

const listed = (...ids: string[]): { value: string }[] => ids.map((value) => ({ value }));
const newGroup = (...ids: string[]): Promise<Body> => api.createGroup({ members: listed(...ids) });

async function memberIdsOf(id: string): Promise<string[]> {
  const { body } = await api.call('GET', `/Groups/${id}`);
  const members = (body['members'] ?? []) as { value: string }[];
  return members.map(({ value }) => value).toSorted();
}

async function groupsOf(id: string): Promise<unknown> {
  return (await api.call('GET', `/Users/${id}`)).body['groups'];
}

describe('a group', () => {
  it('is created without members, and found by what Entra looks for', async () => {
    const externalId = randomUUID();
    const answer = await api.call('POST', '/Groups', group({ displayName: 'Tier 2 Support', externalId }));
    const { id, meta } = answer.body;
    expect(answer).toMatchObject({
      status: 201,
      headers: { location: meta.location, etag: meta.version },
      body: {
        schemas: [CORE_GROUP],
        displayName: 'Tier 2 Support',
        externalId,
        meta: { resourceType: 'Group' },
      },
    });
    expect(meta.location).toMatch(new RegExp(`/scim/v2/Groups/${id}$`));
    expect(answer.body).not.toHaveProperty('members');
    for (const filter of [
      'displayName eq "tier 2 SUPPORT"',
      `externalId eq "${externalId}"`,
      `id eq "${id}"`,
    ]) {
      expect((await api.find('/Groups', filter, '&excludedAttributes=members')).Resources).toEqual([
        answer.body,
      ]);
    }
    expect((await api.call('GET', `/Groups/${id}?excludedAttributes=members`)).body).toEqual(answer.body);
  });

  it('has a name that no other has, in any case', async () => {
    const { id } = await api.createGroup({ displayName: 'Only One' });
    expect(await api.call('POST', '/Groups', group({ displayName: 'ONLY one' }))).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness' },
    });
    const other = await api.createGroup();
    const rename = { op: 'Replace', path: 'displayName', value: 'only one' };
    expect((await api.patchGroup(other.id, rename)).status).toBe(409);
    expect((await api.call('PUT', `/Groups/${other.id}`, group({ displayName: 'only one' }))).status).toBe(
      409,
    );
    expect((await api.patchGroup(id, rename)).status).toBe(204);
    await api.call('DELETE', `/Groups/${id}`);
    expect((await api.patchGroup(other.id, rename)).status).toBe(204);
  });

  it.each([
    ['no name', { displayName: undefined }, 'invalidValue'],
    ['an empty name', { displayName: '' }, 'invalidValue'],
    ['a name that is a list', { displayName: ['x'] }, 'invalidValue'],
    ['a member without a value', { members: [{ type: 'User' }] }, 'invalidValue'],
    ['other schemas', { schemas: ['urn:x'] }, 'invalidSyntax'],
  ])('is refused with %s', async (_what, attributes, scimType) => {
    const refused = { status: 400, body: { scimType } };
    expect(await api.call('POST', '/Groups', group(attributes))).toMatchObject(refused);
    const { id, meta } = await newGroup(ines.id);
    expect(await api.call('PUT', `/Groups/${id}`, group(attributes))).toMatchObject(refused);
    expect((await api.call('GET', `/Groups/${id}`)).body).toMatchObject({ meta, members: listed(ines.id) });
  });

  it('is gone with everything when it is deleted', async () => {
    const user = await api.create();
    const { id } = await newGroup(user.id);
    expect(await groupsOf(user.id)).toContainEqual(expect.objectContaining({ value: id }));
    expect(await api.call('DELETE', `/Groups/${id}`)).toMatchObject({ status: 204, text: '' });
    for (const method of ['GET', 'DELETE'] as const) {
      expect((await api.call(method, `/Groups/${id}`)).status).toBe(404);
    }
    expect((await api.call('PUT', `/Groups/${id}`, group())).status).toBe(404);
    expect((await api.patchGroup(id, { op: 'Add', path: 'members', value: listed(tom.id) })).status).toBe(
      404,
    );
    expect((await api.find('/Groups', `id eq "${id}"`)).totalResults).toBe(0);
    expect(await groupsOf(user.id)).toBeUndefined();
  });

  it('wakes nobody: groups are stored, and not applied yet', async () => {
    const before = api.wakes.length;
    const { id } = await newGroup(ines.id);
    const { dirty } = await api.directory.status();
    await api.patchGroup(id, { op: 'Replace', path: 'displayName', value: randomUUID() });
    await api.call('DELETE', `/Groups/${id}`);
    expect(api.wakes.length).toBe(before);
    expect((await api.directory.status()).dirty).toBe(dirty);
  });
});

describe('members', () => {
  it('are shown with their type and address, and the group in the user, read-only', async () => {
    const user = await api.create();
    const inner = await api.createGroup({ displayName: 'Inner' });
    const outer = await api.createGroup({ displayName: 'Outer', members: listed(user.id, inner.id) });
    const members = [
      { value: user.id, type: 'User', $ref: user.meta.location },
      { value: inner.id, type: 'Group', $ref: inner.meta.location },
    ];
    expect(outer['members']).toEqual(expect.arrayContaining(members));
    const entry = { value: outer.id, display: 'Outer', type: 'direct', $ref: outer.meta.location };
    expect(await groupsOf(user.id)).toEqual([entry]);
    const change = { op: 'Replace', path: 'groups', value: [] };
    expect(await api.patch(user.id, change)).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
    await api.patchGroup(outer.id, { op: 'Replace', path: 'displayName', value: 'Renamed' });
    expect(await groupsOf(user.id)).toEqual([{ ...entry, display: 'Renamed' }]);
    expect((await api.call('GET', `/Users/${user.id}?excludedAttributes=groups`)).body).not.toHaveProperty(
      'groups',
    );
    await api.call('DELETE', `/Groups/${outer.id}`);
    await api.call('DELETE', `/Groups/${inner.id}`);
  });

  it('are in the answer of every verb on the user', async () => {
    const user = await api.create();
    const { id } = await newGroup(user.id);
    const groups = [{ value: id }];
    expect((await api.patch(user.id, { op: 'Add', path: 'title', value: 'x' })).body).toMatchObject({
      groups,
    });
    expect((await api.call('PUT', `/Users/${user.id}`, user)).body).toMatchObject({ groups });
    expect((await api.find('/Users', `id eq "${user.id}"`)).Resources).toMatchObject([{ groups }]);
    expect(
      (await api.call('POST', '/.search', { filter: `id eq "${user.id}"` })).body.Resources,
    ).toMatchObject([{ groups }]);
  });

  it('that do not exist are kept and not shown; a deleted user leaves all groups', async () => {
    const user = await api.create();
    const { id } = await newGroup(user.id, randomUUID());
    const other = await newGroup(user.id);
    expect(await memberIdsOf(id)).toEqual([user.id]);
    await api.call('DELETE', `/Users/${user.id}`);
    expect([await memberIdsOf(id), await memberIdsOf(other.id)]).toEqual([[], []]);
    expect(await api.directory.countMembers([id, other.id])).toEqual([1, 0]);
  });

  it('stay when a user is disabled', async () => {
    const user = await api.create();
    const { id } = await newGroup(user.id);
    await api.patch(user.id, { op: 'Replace', path: 'active', value: 'False' });
    expect(await memberIdsOf(id)).toEqual([user.id]);
  });

  it.each([
    ['a list', (id: string) => [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: id }] }]],
    ['a filter', (id: string) => [{ op: 'remove', path: `members[value eq "${id}"]` }]],
    ['a text', (id: string) => [{ op: 'Remove', path: 'members', value: id }]],
    ['a replacement', () => [{ op: 'Replace', path: 'members', value: listed(tom.id) }]],
    ['a pathless replacement', () => [{ op: 'replace', value: { members: listed(tom.id) } }]],
    [
      'all, then one',
      () => [
        { op: 'Remove', path: 'members' },
        { op: 'Add', path: 'members', value: tom.id },
      ],
    ],
  ])('are removed by %s', async (_what, operations) => {
    const { id } = await newGroup(ines.id, tom.id);
    expect(await api.patchGroup(id, ...operations(ines.id))).toMatchObject({ status: 204, text: '' });
    expect(await memberIdsOf(id)).toEqual([tom.id]);
  });

  it('are added and removed again without a second effect', async () => {
    const { id, meta } = await newGroup(ines.id);
    const add = { op: 'Add', path: 'members', value: [...listed(ines.id), { $ref: null, value: ines.id }] };
    expect((await api.patchGroup(id, add)).status).toBe(204);
    expect((await api.patchGroup(id, { op: 'Remove', path: 'members', value: listed(tom.id) })).status).toBe(
      204,
    );
    expect((await api.call('GET', `/Groups/${id}`)).body.meta).toEqual(meta);
  });

  it('are replaced by PUT, which clears what it does not name', async () => {
    const sent = { externalId: 'x', members: listed(ines.id) };
    const { id, displayName, ...created } = await api.createGroup(sent);
    const reversed = { ...sent, displayName, ...group({ displayName }) };
    const same = await api.call('PUT', `/Groups/${id}`, reversed);
    expect(same).toMatchObject({ status: 200, body: created });
    expect((await api.call('GET', `/Groups/${id}`)).body).toEqual(same.body);
    const { status, body } = await api.call(
      'PUT',
      `/Groups/${id}`,
      group({ displayName, members: listed(tom.id) }),
    );
    expect({ status, body }).toMatchObject({ status: 200, body: { id, members: [{ value: tom.id }] } });
    expect(body).not.toHaveProperty('externalId');
    const again = await api.call('PUT', `/Groups/${id}`, group({ displayName, members: listed(tom.id) }));
    expect(again.body).toEqual(body);
    await api.call('PUT', `/Groups/${id}`, group({ displayName }));
    expect(await memberIdsOf(id)).toEqual([]);
  });
});

describe('the answer to a PATCH of a group', () => {
  it('is 204, or what attributes and excludedAttributes ask for', async () => {
    const { id } = await newGroup(ines.id);
    const change = (value: string) => ({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'displayName', value }],
    });
    const plain = await api.call('PATCH', `/Groups/${id}`, change('First Name'));
    expect(plain).toMatchObject({ status: 204, text: '' });
    const named = await api.call('PATCH', `/Groups/${id}?attributes=displayName`, change('Second Name'));
    expect(named).toMatchObject({
      status: 200,
      body: { schemas: [CORE_GROUP], id, displayName: 'Second Name' },
    });
    expect(Object.keys(named.body)).toEqual(['schemas', 'id', 'displayName']);
    const lean = await api.call('PATCH', `/Groups/${id}?excludedAttributes=members`, change('Third Name'));
    expect(lean).toMatchObject({
      status: 200,
      body: { displayName: 'Third Name', meta: { resourceType: 'Group' } },
    });
    expect(lean.body).not.toHaveProperty('members');
    expect(lean.headers['etag']).toBe(lean.body.meta.version);
  });
});

describe('queries of groups', () => {
  it('find by member, also together with an id, as older Entra asks', async () => {
    const user = await api.create();
    const one = await newGroup(user.id);
    const other = await newGroup(ines.id);
    const found = async (filter: string): Promise<string[]> =>
      (await api.find('/Groups', filter, '&attributes=id')).Resources.map(({ id }) => id);
    expect(await found(`members eq "${user.id}"`)).toEqual([one.id]);
    expect(await found(`members.value eq "${user.id}"`)).toEqual([one.id]);
    await api.patchGroup(other.id, { op: 'Add', path: 'members', value: 'nobody-yet' });
    expect(await found('members.value eq "nobody-yet"')).toEqual([]);
    expect(await found(`members eq "${user.id}" or members eq "${other.id}"`)).toEqual([one.id]);
    expect(await found(`members[value eq "${user.id}" and type eq "User"]`)).toEqual([one.id]);
    expect(await found(`members[value eq "${user.id}" and type eq "Group"]`)).toEqual([]);
    expect(await found(`id eq "${one.id}" and members eq "${user.id}"`)).toEqual([one.id]);
    expect(await found(`id eq "${other.id}" and members eq "${user.id}"`)).toEqual([]);
    expect(
      await found(`displayName eq "${String(one['displayName'])}" and not (members eq "${tom.id}")`),
    ).toEqual([one.id]);
  });

  it('find by several members among more groups than are looked at in one go', async () => {
    const [user, other] = [await api.create(), await api.create()];
    const before = await newGroup(user.id, other.id);
    for (let count = 0; count < 120; count += 1) {
      await api.directory.createGroup({ displayName: `Between ${count}` }, count === 60 ? [other.id] : []);
    }
    const behind = await newGroup(user.id);
    const found = async (filter: string): Promise<string[]> =>
      (await api.find('/Groups', filter, '&attributes=id')).Resources.map(({ id }) => id);
    const both = `members eq "${user.id}" or members eq "${user.id}" or members eq "${before.id}"`;
    expect(await found(both)).toEqual([before.id, behind.id]);
    const not = `not (members eq "${user.id}") and displayName ne "x" and members eq "${other.id}"`;
    expect(await found(`${not} or displayName eq "nobody"`)).toHaveLength(1);
    expect(
      (await api.find('/Groups', `not (members eq "${user.id}" or members eq "${other.id}")`)).totalResults,
    ).toBe((await api.call('GET', '/Groups?count=0')).body.totalResults - 3);
  });

  it('find users by their groups', async () => {
    const user = await api.create();
    const { id } = await newGroup(user.id);
    expect((await api.find('/Users', `groups.value eq "${id}"`)).Resources).toMatchObject([{ id: user.id }]);
    expect((await api.find('/Users', `groups pr and id eq "${user.id}"`)).totalResults).toBe(1);
    expect((await api.find('/Users', `not (groups pr) and id eq "${user.id}"`)).totalResults).toBe(0);
  });

  it('page through all of them in the order of creation, by index and by cursor', async () => {
    const all = (await api.call('GET', '/Groups?count=200&attributes=id')).body;
    const ids = all.Resources.map(({ id }) => id);
    expect(ids.length).toBe(all.totalResults);
    const paged: string[] = [];
    for (let startIndex = 1; startIndex <= ids.length; startIndex += 3) {
      const { body } = await api.call('GET', `/Groups?count=3&startIndex=${startIndex}&attributes=id`);
      expect(body).toMatchObject({ totalResults: ids.length, startIndex });
      paged.push(...body.Resources.map(({ id }) => id));
    }
    expect(paged).toEqual(ids);
    const followed: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body } = await api.call('GET', `/Groups?count=3&cursor=${cursor}&attributes=id`);
      followed.push(...body.Resources.map(({ id }) => id));
      cursor = body['nextCursor'] as string | undefined;
    }
    expect(followed).toEqual(ids);
  });
});

describe('conditions', () => {
  it('hold for groups as for users', async () => {
    const { id, meta } = await newGroup(ines.id);
    const path = `/Groups/${id}`;
    const same = await api.call('GET', path, undefined, { 'if-none-match': meta.version });
    expect(same).toMatchObject({ status: 304, text: '', headers: { etag: meta.version } });
    expect((await api.call('GET', path, undefined, { 'if-none-match': 'W/"77"' })).status).toBe(200);
    const stale = { 'if-match': 'W/"77"' };
    expect((await api.call('PUT', path, group(), stale)).status).toBe(412);
    expect((await api.call('DELETE', path, undefined, stale)).status).toBe(412);
    expect(await memberIdsOf(id)).toEqual([ines.id]);
    expect((await api.call('PUT', path, group(), { 'if-match': meta.version })).status).toBe(200);
    expect((await api.call('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(204);
  });
});

describe('queries of the root', () => {
  it('page over users and groups as over one list', async () => {
    const [users, groups] = await Promise.all(
      ['/Users', '/Groups'].map(async (path) =>
        (await api.call('GET', `${path}?count=200&attributes=id`)).body.Resources.map(({ id }) => id),
      ),
    );
    const ids = [...(users ?? []), ...(groups ?? [])];
    const paged: string[] = [];
    for (let startIndex = 1; startIndex <= ids.length; startIndex += 4) {
      const { body } = await api.call(
        'GET',
        `?count=4&startIndex=${startIndex}&attributes=userName,displayName`,
      );
      expect(body).toMatchObject({ totalResults: ids.length, startIndex });
      for (const resource of body.Resources) {
        expect(resource).toMatchObject({ schemas: expect.any(Array), id: expect.any(String) });
        paged.push(resource.id);
      }
    }
    expect(paged).toEqual(ids);
    expect((await api.call('GET', `?startIndex=${ids.length + 1}`)).body).toMatchObject({
      totalResults: ids.length,
      Resources: [],
    });
    expect((await api.call('GET', '?count=0')).body).toMatchObject({
      totalResults: ids.length,
      Resources: [],
    });
  });

  it('find what only one of the types has, and refuse what none has', async () => {
    expect((await api.find('', `userName eq "${String(ines['userName'])}"`)).Resources).toMatchObject([
      { id: ines.id },
    ]);
    const { id } = await newGroup(tom.id);
    expect((await api.find('', `members eq "${tom.id}" and id eq "${id}"`)).Resources).toMatchObject([
      { id },
    ]);
    expect((await api.call('GET', '?filter=shoes+eq+%22x%22')).body).toMatchObject({
      scimType: 'invalidFilter',
    });
    expect((await api.call('POST', '/.search', { cursor: '' })).body).toMatchObject({
      scimType: 'invalidValue',
    });
  });
});
