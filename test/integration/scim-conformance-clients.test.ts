/**
 * What other clients than Entra send, as their documentation and public test collections show it: Okta's specification
 * test and its provisioning, OneLogin, the collection of Microsoft's reference code, WSO2's suite.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Body,
  CORE_GROUP,
  CORE_USER,
  ENTERPRISE_USER,
  group,
  openScimApi,
  PATCH_OP,
  person,
  plusEncoded,
  type TestApi,
} from '../support/scim-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openScimApi();
});
afterAll(() => api.close());

const address = (): string => `${randomUUID()}@larkspur.example`;
const membersOf = async (id: string): Promise<unknown> =>
  (await api.call('GET', `/Groups/${id}`)).body['members'];

describe('Okta', () => {
  const user = (userName: string): object => ({
    schemas: [CORE_USER],
    userName,
    name: { givenName: 'Ines', middleName: '', familyName: 'Okafor' },
    emails: [{ primary: true, value: userName, type: 'work' }],
    displayName: 'Ines Okafor',
    locale: 'en-US',
    externalId: '00ujl29u0le5T6Aj10h7',
    groups: [],
    password: '1mz050nq',
    active: true,
  });

  it('looks for a user, creates it, reads it, and is told when it is there', async () => {
    const userName = address();
    const filter = `filter=${encodeURIComponent(`userName eq "${userName}"`)}`;
    const path = `/Users?${filter}&startIndex=1&count=100`;
    expect((await api.call('GET', path)).body).toMatchObject({ totalResults: 0, Resources: [] });
    const { status, body } = await api.call('POST', '/Users', user(userName));
    expect({ status, body }).toMatchObject({ status: 201, body: { userName, active: true } });
    expect(JSON.stringify(body)).not.toContain('1mz050nq');
    expect((await api.call('GET', path)).body).toMatchObject({ totalResults: 1, Resources: [body] });
    const page = (await api.call('GET', '/Users?count=1&startIndex=1')).body;
    expect(page).toMatchObject({ itemsPerPage: 1, startIndex: 1, totalResults: expect.any(Number) });
    const again = await api.call('POST', '/Users', user(userName.toUpperCase()));
    expect(again).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
  });

  it('sends back the whole of what it read, then deactivates without a path', async () => {
    const { body } = await api.call('POST', '/Users', user(address()));
    const { id } = body;
    const whole = { ...body, name: { givenName: 'Ada', middleName: '' }, groups: [], password: 'x' };
    const put = await api.call('PUT', `/Users/${id}`, whole);
    expect(put.body).toMatchObject({ id, name: { givenName: 'Ada' }, locale: 'en-US' });
    const off = await api.patch(id, { op: 'replace', value: { active: false } });
    expect(off.body).toEqual({ ...put.body, active: false, meta: expect.any(Object) });
  });

  it('renames a group with its id in the value, and moves members in all its ways', async () => {
    const [ada, ines] = [await api.create(), await api.create()];
    const created = await api.call('POST', '/Groups', {
      schemas: [CORE_GROUP],
      displayName: address(),
      members: [],
    });
    const { id } = created.body;
    const displayName = `Renamed ${randomUUID()}`;
    expect((await api.patchGroup(id, { op: 'replace', value: { id, displayName } })).status).toBe(204);
    expect((await api.call('GET', `/Groups/${id}`)).body).toMatchObject({ id, displayName });
    const member = ({ id: value }: Body): object => ({ value, display: 'ignored' });
    const shown = ({ id: value }: Body): object => expect.objectContaining({ value, type: 'User' });
    await api.patchGroup(id, { op: 'add', path: 'members', value: [member(ada), member(ines)] });
    expect(await membersOf(id)).toEqual(expect.arrayContaining([shown(ada), shown(ines)]));
    await api.patchGroup(
      id,
      { op: 'remove', path: `members[value eq "${ada.id}"]` },
      { op: 'add', path: 'members', value: [member(ines)] },
    );
    expect(await membersOf(id)).toEqual([shown(ines)]);
    await api.patchGroup(id, { op: 'replace', path: 'members', value: [member(ada)] });
    expect(await membersOf(id)).toEqual([shown(ada)]);
    const put = { schemas: [CORE_GROUP], id, displayName, members: [member(ines)] };
    expect((await api.call('PUT', `/Groups/${id}`, put)).body['members']).toEqual([shown(ines)]);
  });
});

describe('OneLogin', () => {
  it('sends one attribute of an element at a time, and members as an object', async () => {
    const { id } = await api.create({ title: 'Engineer' });
    const { body } = await api.patch(
      id,
      { op: 'replace', path: 'userName', value: address() },
      { op: 'replace', path: 'name.givenName', value: 'Ada' },
      { op: 'replace', path: 'emails', value: [{ type: 'work', primary: true, value: 'ada@x.example' }] },
      { op: 'add', path: `${ENTERPRISE_USER}:department`, value: 'Sales' },
    );
    expect(body).toMatchObject({
      title: 'Engineer',
      name: { givenName: 'Ada' },
      emails: [{ value: 'ada@x.example' }],
      [ENTERPRISE_USER]: { department: 'Sales' },
    });
    const team = await api.createGroup();
    await api.patchGroup(team.id, { op: 'add', path: 'members', value: { value: id } });
    expect(await membersOf(team.id)).toMatchObject([{ value: id }]);
    await api.patchGroup(team.id, { op: 'remove', path: 'members', value: [{ value: id }] });
    expect(await membersOf(team.id)).toBeUndefined();
  });
});

describe('a collection of requests', () => {
  const userName = `O-${randomUUID()}`;
  let ada: Body;
  beforeAll(async () => {
    ada = await api.create({
      userName,
      displayName: 'BobIsAmazing',
      name: { familyName: 'Employee' },
      emails: [
        { Primary: true, type: 'work', value: 'testing@bob.example' },
        { Primary: false, type: 'home', value: 'emailName357' },
      ],
      [ENTERPRISE_USER]: { Department: 'bob', Manager: { Value: 'SuzzyQ' } },
    });
  });

  it.each([
    'DisplayName eq "BobIsAmazing"',
    'name.FamilyName eq Employee and (emails.Value co bob.example or emails.Value co example.org)',
    'userName sw O-',
    'USERNAME sw O- and emails.type eq work',
    'meta.Created gt 2015-10-10T14:38:21.8617979-07:00',
    '(meta.resourceType eq "User") and (displayName sw "bob")',
  ])('may filter by %s', async (filter) => {
    const { Resources } = await api.find('/Users/', filter);
    expect(Resources.map(({ id }) => id)).toContain(ada.id);
    const searched = await api.call('POST', '/Users/.search', { filter, domain: 'PRIMARY' });
    expect(searched.body.Resources.map(({ id }) => id)).toContain(ada.id);
  });

  it.each(['emails[type eq "work"]', 'emails[value eq "emailName357"]'])(
    'may ask for attributes with a filter: %s',
    async (attributes) => {
      const { body } = await api.call('GET', `/users?attributes=${plusEncoded(attributes)}`);
      expect(body.Resources).toContainEqual({ schemas: ada['schemas'], id: ada.id, emails: ada['emails'] });
    },
  );

  it.each<[string, object, number]>([
    ['a misspelt attribute', { userName, adreses: [{ country: 'Germany' }] }, 200],
    ['a misspelt userName', { userame: 'OMalley' }, 400],
    ['an id of its own', { userName, id: 'mine' }, 200],
  ])('may PUT %s', async (_what, attributes, status) => {
    const put = await api.call('PUT', `/Users/${ada.id}`, { schemas: [CORE_USER], ...attributes });
    expect({ status: put.status, id: put.body.id }).toEqual({
      status,
      id: status === 200 ? ada.id : undefined,
    });
    expect(put.text).not.toContain('Germany');
  });

  it('describes the schema of a user as the RFC does', async () => {
    expect((await api.call('GET', '/Schemas')).text).toContain('"User Account"');
  });
});

describe.each([
  ['/Users', person],
  ['/Groups', group],
])('answers with one resource of %s', (path, make) => {
  it('say where it is and which version it has', async () => {
    const posted = await api.call('POST', path, make());
    const { id, meta } = posted.body;
    const where = { location: meta.location, 'content-location': meta.location };
    const headersOf = async (...call: Parameters<TestApi['call']>): Promise<object> =>
      (await api.call(...call)).headers;
    expect(posted.headers).toMatchObject({ ...where, etag: meta.version });
    expect(await headersOf('GET', `${path}/${id}`)).toMatchObject({ ...where, etag: meta.version });
    expect(await headersOf('PUT', `${path}/${id}`, make())).toMatchObject(where);
    const operation = { op: 'add', path: 'externalId', value: 'x' };
    const patch = { schemas: [PATCH_OP], Operations: [operation] };
    expect(await headersOf('PATCH', `${path}/${id}?attributes=id`, patch)).toMatchObject(where);
    const { body } = await api.call('GET', `${path}/${id}`);
    const same = { 'if-none-match': body.meta.version };
    const unchanged = await api.call('GET', `${path}/${id}?attributes=id`, undefined, same);
    expect(unchanged).toMatchObject({
      status: 304,
      headers: { etag: body.meta.version, 'content-location': meta.location },
    });
  });

  it('name the version also where they show nothing', async () => {
    const { id } = (await api.call('POST', path, make())).body;
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'externalId', value: 'y' }] };
    const { headers } = await api.call('PATCH', `${path}/${id}`, patch);
    const { body } = await api.call('GET', `${path}/${id}`);
    expect(headers).toMatchObject({ etag: body.meta.version });
  });
});
