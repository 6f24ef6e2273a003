/** What Entra writes it reads back in the very next request: created, patched in both of its shapes, replaced, deleted. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRESHSERVICE_USER, openScimApi, person, type TestApi } from '../support/scim-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openScimApi({ publicUrl: 'https://scim.larkspur.example/' });
});
afterAll(() => api.close());

const ines = (): Record<string, unknown> => {
  const name = `Ines.${randomUUID()}`;
  return person({
    userName: `${name}@larkspur.example`,
    externalId: randomUUID(),
    displayName: 'Ines Okafor',
    title: 'Field Engineer',
    name: { givenName: 'Ines', familyName: 'Okafor', formatted: 'Ines Okafor' },
    emails: [{ primary: true, type: 'work', value: `${name}.mail@larkspur.example` }],
    phoneNumbers: [
      { type: 'work', value: '+351 21 555 0199' },
      { type: 'mobile', value: ' 0091-555 0142 ' },
    ],
    [FRESHSERVICE_USER]: { isAgent: 'true' },
  });
};

describe('POST', () => {
  it('answers with the whole resource, its address and its version', async () => {
    const sent = ines();
    const { status, headers, body } = await api.call('POST', '/Users', sent);
    expect(status).toBe(201);
    const { schemas: _schemas, meta: _meta, roles: _roles, ...values } = sent;
    expect(body).toMatchObject({ ...values, active: true });
    expect(body['schemas']).toContain(FRESHSERVICE_USER);
    const location = `https://scim.larkspur.example/scim/v2/Users/${body.id}`;
    expect(headers).toMatchObject({ location, etag: 'W/"1"' });
    expect(body.meta).toMatchObject({ resourceType: 'User', location, version: 'W/"1"' });
    expect(body.meta.created).toBe(body.meta.lastModified);
    expect(Date.parse(body.meta.created)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('is seen by the very next read, in every way to ask for it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const sent = ines();
      const created = await api.create(sent);
      const { userName, externalId } = sent as { userName: string; externalId: string };
      const [email] = sent['emails'] as [{ value: string }];
      const filters = [
        `userName eq "${userName}"`,
        `userName eq "${userName.toUpperCase()}"`,
        `USERNAME EQ "${userName.toLowerCase()}"`,
        `externalId eq "${externalId}"`,
        `externalId eq ${externalId}`,
        `emails[type eq "work"].value eq "${email.value}"`,
        `emails[type eq "work"].Value eq "${email.value.toUpperCase()}"`,
        `emails[type eq "work"] eq "${email.value}"`,
        `emails.value eq "${email.value}"`,
        `id eq "${created.id}"`,
        `id eq "${created.id}" and active eq true`,
      ];
      for (const filter of filters) {
        const { body } = await api.call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
        expect({ filter, ...body }).toMatchObject({
          filter,
          totalResults: 1,
          itemsPerPage: 1,
          Resources: [created],
        });
      }
      expect((await api.call('GET', `/Users/${created.id}`)).body).toEqual(created);
      const total = (await api.call('GET', '/Users?count=0')).body.totalResults;
      const last = await api.call('GET', `/Users?startIndex=${total}&count=1`);
      expect(last.body.Resources).toEqual([created]);
    }
  });

  it('is found by each of the addresses that a person may have', async () => {
    const emails = Array.from({ length: 200 }, () => ({
      type: 'other',
      value: `${randomUUID()}@home.example`,
    }));
    const { id } = await api.create({ emails });
    for (const { value } of emails) {
      expect((await api.find('/Users', `emails eq "${value.toUpperCase()}"`)).Resources).toMatchObject([
        { id },
      ]);
    }
    await api.patch(id, { op: 'Remove', path: 'emails' });
    expect(await api.count(`emails.value eq "${String(emails[150]?.value)}"`)).toBe(0);
  });

  it('takes what Entra sends beside the attributes, and what it means by no value', async () => {
    const created = await api.create({
      title: null,
      nickName: '',
      emails: [],
      active: 'False',
      shoeSize: 44,
    });
    expect(created).toMatchObject({ active: false });
    for (const name of ['title', 'nickName', 'emails', 'shoeSize', 'roles'])
      expect(created).not.toHaveProperty(name);
  });

  it('refuses a userName that somebody has, in any case', async () => {
    const { userName } = (await api.create(ines())) as unknown as { userName: string };
    for (const taken of [userName, userName.toUpperCase()]) {
      const { status, body } = await api.call('POST', '/Users', person({ userName: taken }));
      expect({ status, scimType: body['scimType'] }).toEqual({ status: 409, scimType: 'uniqueness' });
    }
    expect(await api.count(`userName eq "${userName}"`)).toBe(1);
  });
});

describe('the probe of a cycle', () => {
  it('finds nobody, which is an answer and no error', async () => {
    for (const attribute of ['userName', 'externalId', 'emails[type eq "work"].value', 'id', 'displayName']) {
      expect([attribute, await api.count(`${attribute} eq "${randomUUID()}"`)]).toEqual([attribute, 0]);
    }
  });
});

describe('PATCH', () => {
  const renamed = `ines.lund.${randomUUID()}@larkspur.example`;
  const externalId = randomUUID();
  const expected = {
    userName: renamed,
    externalId,
    active: false,
    displayName: 'Ines Okafor-Lund',
    title: 'Team Lead',
    name: { givenName: 'Inês', familyName: 'Okafor-Lund', formatted: 'Ines Okafor' },
    emails: [{ primary: true, type: 'work', value: 'lund@larkspur.example' }],
    phoneNumbers: [
      { type: 'work', value: '+351 22 555 0100' },
      { type: 'mobile', value: ' 0091-555 0142 ' },
      { type: 'fax', value: '+351 22 555 0101' },
    ],
    [FRESHSERVICE_USER]: { isAgent: 'False' },
  };
  const classic = [
    { op: 'Replace', path: 'userName', value: renamed },
    { op: 'Replace', path: 'externalId', value: externalId },
    { op: 'Add', path: 'active', value: 'False' },
    { op: 'Replace', path: 'displayName', value: 'Ines Okafor-Lund' },
    { op: 'Add', path: 'title', value: 'Team Lead' },
    { op: 'Replace', path: 'name.familyName', value: 'Okafor-Lund' },
    { op: 'Add', path: 'name.givenName', value: 'Inês' },
    { op: 'Replace', path: 'emails[type eq "work"].value', value: 'lund@larkspur.example' },
    { op: 'Replace', path: 'phoneNumbers[type eq "work"].value', value: '+351 22 555 0100' },
    { op: 'Add', path: 'phoneNumbers[type eq "fax"].value', value: '+351 22 555 0101' },
    { op: 'Replace', path: `${FRESHSERVICE_USER}:isAgent`, value: 'False' },
  ];
  const flagged = [
    ...classic
      .filter(({ path }) => path.includes('['))
      .map((operation) => ({ ...operation, op: operation.op.toLowerCase() })),
    {
      op: 'replace',
      value: {
        userName: renamed,
        externalId,
        active: false,
        displayName: 'Ines Okafor-Lund',
        'name.familyName': 'Okafor-Lund',
        [`${FRESHSERVICE_USER}:isAgent`]: 'False',
      },
    },
    { op: 'add', value: { title: 'Team Lead', 'name.givenName': 'Inês' } },
  ];

  it.each([
    ['without the flag', classic],
    ['with the flag', flagged],
  ])('changes every attribute, %s', async (_shape, operations) => {
    const before = await api.create(ines());
    const { status, headers, body } = await api.patch(before.id, ...operations);
    expect(status).toBe(200);
    expect(headers['etag']).toBe('W/"2"');
    expect(body).toMatchObject({ ...expected, id: before.id });
    expect(body.meta.created).toBe(before.meta.created);
    expect(body.meta.lastModified >= before.meta.lastModified).toBe(true);
    expect((await api.call('GET', `/Users/${before.id}`)).body).toEqual(body);

    const work = 'emails[type eq "work"].value eq "lund@larkspur.example"';
    for (const filter of [`userName eq "${renamed}"`, `externalId eq "${externalId}"`, work]) {
      expect([filter, await api.count(filter)]).toEqual([filter, 1]);
    }
    const { userName, externalId: wasExternal } = before as unknown as Record<string, string>;
    expect(await api.count(`userName eq "${userName}"`)).toBe(0);
    expect(await api.count(`externalId eq "${wasExternal}"`)).toBe(0);
    expect((await api.call('DELETE', `/Users/${before.id}`)).status).toBe(204);
  });

  it.each([
    ['one operation', [{ op: 'Replace', path: 'active', value: 'False' }]],
    ['one operation with the flag', [{ op: 'replace', path: 'active', value: false }]],
    ['no path', [{ op: 'replace', value: { active: false } }]],
  ])('disables a user by %s, who stays visible', async (_shape, operations) => {
    const { id } = await api.create();
    expect((await api.patch(id, ...operations)).body).toMatchObject({ active: false });
    expect((await api.call('GET', `/Users/${id}`)).body).toMatchObject({ active: false });
    expect(await api.count(`id eq "${id}" and active eq false`)).toBe(1);
    expect((await api.patch(id, { op: 'Replace', path: 'active', value: 'True' })).body).toMatchObject({
      active: true,
    });
  });

  it('refuses a userName that somebody else has, and changes nothing', async () => {
    const [mine, other] = [await api.create(ines()), await api.create(ines())];
    const rename = { op: 'Replace', path: 'userName', value: String(other['userName']).toUpperCase() };
    const answer = await api.patch(mine.id, { op: 'Replace', path: 'title', value: 'CEO' }, rename);
    expect({ status: answer.status, scimType: answer.body['scimType'] }).toEqual({
      status: 409,
      scimType: 'uniqueness',
    });
    expect((await api.call('GET', `/Users/${mine.id}`)).body).toEqual(mine);
  });

  it('tells the operator when a name that is taken makes it refuse to disable somebody', async () => {
    const [mine, other] = [await api.create(ines()), await api.create(ines())];
    const rename = { op: 'Replace', path: 'userName', value: other['userName'] };
    const said = (): object[] =>
      api.logLines.map((line) => JSON.parse(line)).filter(({ user }) => user === mine.id);
    expect((await api.patch(mine.id, rename)).status).toBe(409);
    expect(said()).toEqual([]);
    expect((await api.patch(mine.id, rename, { op: 'Replace', path: 'active', value: 'False' })).status).toBe(
      409,
    );
    const sent = person({ userName: other['userName'], active: false });
    expect((await api.call('PUT', `/Users/${mine.id}`, sent)).status).toBe(409);
    expect((await api.call('GET', `/Users/${mine.id}`)).body).toEqual(mine);
    const line = {
      level: 'warn',
      connection: api.directory.scope.connectionId,
      msg: expect.stringContaining('keeps access'),
    };
    expect(said()).toMatchObject([line, line]);
  });

  it('lets a user change the case of its own userName', async () => {
    const { id, userName } = await api.create(ines());
    const value = String(userName).toUpperCase();
    expect((await api.patch(id, { op: 'Replace', path: 'userName', value })).body).toMatchObject({
      userName: value,
    });
    expect(await api.count(`userName eq "${String(userName)}"`)).toBe(1);
  });
});

describe('PUT', () => {
  it('replaces: what is not sent is gone, what is read-only stays', async () => {
    const before = await api.create(ines());
    const userName = `put.${randomUUID()}@larkspur.example`;
    const sent = person({ userName, title: 'Only this', id: 'mine', meta: { version: 'W/"9"' } });
    const { status, body } = await api.call('PUT', `/Users/${before.id}`, sent);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: before.id, userName, title: 'Only this' });
    for (const gone of ['displayName', 'emails', 'phoneNumbers', 'externalId', FRESHSERVICE_USER]) {
      expect(body).not.toHaveProperty([gone]);
    }
    expect(body.meta).toMatchObject({ created: before.meta.created, version: 'W/"2"' });
    expect((await api.call('GET', `/Users/${before.id}`)).body).toEqual(body);
    expect(await api.count(`externalId eq "${String(before['externalId'])}"`)).toBe(0);
  });

  it('makes no user', async () => {
    expect((await api.call('PUT', `/Users/${randomUUID()}`, person())).status).toBe(404);
  });
});

describe('DELETE', () => {
  it('takes the user out of every read at once; the userName is free, the id never comes back', async () => {
    const sent = ines();
    const { id } = await api.create(sent);
    const deleted = await api.call('DELETE', `/Users/${id}`);
    expect({ status: deleted.status, text: deleted.text }).toEqual({ status: 204, text: '' });
    expect((await api.call('GET', `/Users/${id}`)).status).toBe(404);
    expect((await api.call('DELETE', `/Users/${id}`)).status).toBe(404);
    expect((await api.call('PUT', `/Users/${id}`, sent)).status).toBe(404);
    expect((await api.patch(id, { op: 'Replace', path: 'title', value: 'x' })).status).toBe(404);
    const [email] = sent['emails'] as [{ value: string }];
    for (const [path, value] of Object.entries({
      userName: sent['userName'],
      externalId: sent['externalId'],
      'emails[type eq "work"].value': email.value,
      id,
    })) {
      expect([path, await api.count(`${path} eq "${String(value)}"`)]).toEqual([path, 0]);
    }
    const again = await api.create(sent);
    expect(again.id).not.toBe(id);
    expect(await api.count(`userName eq "${String(sent['userName'])}"`)).toBe(1);
  });
});

describe('lists', () => {
  it('have pages in a stable order, with the true total', async () => {
    const mine = await openScimApi();
    const ids: string[] = [];
    for (let count = 0; count < 11; count += 1) ids.push((await mine.create()).id);
    const pages = await Promise.all(
      [1, 6, 11].map((at) => mine.call('GET', `/Users?startIndex=${at}&count=5`)),
    );
    expect(pages.map(({ body }) => [body['startIndex'], body['itemsPerPage'], body.totalResults])).toEqual([
      [1, 5, 11],
      [6, 5, 11],
      [11, 1, 11],
    ]);
    expect(pages.flatMap(({ body }) => body.Resources.map(({ id }) => id)).toSorted()).toEqual(
      ids.toSorted(),
    );
    const beyond = await mine.call('GET', '/Users?startIndex=99&count=5');
    expect(beyond.body).toMatchObject({ totalResults: 11, startIndex: 99, itemsPerPage: 0, Resources: [] });
    const odd = await mine.call('GET', '/Users?startIndex=-3&count=-1');
    expect(odd.body).toMatchObject({ totalResults: 11, startIndex: 1, itemsPerPage: 0, Resources: [] });
    const huge = await mine.call('GET', '/Users?startIndex=99999999999999999999&count=99999999999999999999');
    expect(huge.body).toMatchObject({ totalResults: 11, Resources: [] });
    const filtered = await mine.call('GET', '/Users?filter=active+eq+true&startIndex=3&count=4');
    expect(filtered.body).toMatchObject({ totalResults: 11, startIndex: 3, itemsPerPage: 4 });
    await mine.close();
  });

  it('show what was asked for, by query and by body', async () => {
    const { id, userName } = await api.create(ines());
    const only = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id,
      userName,
      name: { givenName: 'Ines' },
    };
    const filter = encodeURIComponent(`id eq "${id}"`);
    const wanted = 'userName,name.givenName';
    const query = await api.call('GET', `/Users?attributes=${wanted}&filter=${filter}`);
    expect(query.body.Resources).toMatchObject([{ id, userName, name: { givenName: 'Ines' } }]);
    expect(query.body.Resources[0]).not.toHaveProperty('meta');
    const search = await api.call('POST', '/Users/.search', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      attributes: wanted.split(','),
      filter: `id eq "${id}"`,
      startIndex: 1,
      count: 10,
    });
    expect(search.body.Resources).toEqual(query.body.Resources);
    expect((await api.call('GET', `/Users/${id}?attributes=${wanted}`)).body).toMatchObject(
      Object.fromEntries(Object.entries(only).filter(([name]) => name !== 'schemas')),
    );
    const without = await api.call('GET', `/Users/${id}?excludedAttributes=emails,meta,id`);
    expect(without.body).toMatchObject({ id, userName });
    expect(without.body).not.toHaveProperty('emails');
    const patched = await api.call('PATCH', `/Users/${id}?attributes=title`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'title', value: 'New' }],
    });
    expect(patched.body).toMatchObject({ id, title: 'New' });
    expect(patched.body).not.toHaveProperty('userName');
  });
});
