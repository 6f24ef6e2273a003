/** docs/scim-conformance.md, R1 to R34: the protocol over HTTP, the form of resources, and their creation. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  BASE,
  CORE_GROUP,
  CORE_USER,
  ENTERPRISE_USER,
  FRESHSERVICE_USER,
  group,
  openScimApi,
  person,
  type TestApi,
} from '../support/scim-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openScimApi();
});
afterAll(() => api.close());

const post = (user: object): Promise<Answer> => api.call('POST', '/Users', person(user));
const refused = (scimType: string): object => ({ status: 400, body: { scimType } });

describe('HTTP, media types, addresses', () => {
  it('R1 requests and answers are JSON in UTF-8, answers application/scim+json', async () => {
    const { status, headers, body } = await post({ displayName: 'Ínes Ökafor 😀 日本' });
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 201,
      type: 'application/scim+json; charset=utf-8',
    });
    expect((await api.call('GET', `/Users/${body.id}`)).body['displayName']).toBe('Ínes Ökafor 😀 日本');
    const latin = Buffer.from(JSON.stringify(person({ displayName: 'é' })), 'latin1');
    expect(await api.call('POST', '/Users', latin)).toMatchObject(refused('invalidSyntax'));
  });

  it.each([undefined, 'application/scim+json', 'application/json', '*/*', 'text/html'])(
    'R2 R3 Accept: %s is answered application/scim+json',
    async (accept) => {
      const { status, headers } = await api.call(
        'GET',
        '/Users',
        undefined,
        accept === undefined ? {} : { accept },
      );
      expect([status, headers['content-type']]).toEqual([200, 'application/scim+json; charset=utf-8']);
    },
  );

  it('R4 the base address has a version', async () => {
    expect((await post({})).body.meta.location).toContain('/scim/v2/Users/');
  });

  it('R5 PUT and PATCH are offered', async () => {
    const { id } = await api.create();
    expect((await api.call('PUT', `/Users/${id}`, person())).status).toBe(200);
    expect((await api.patch(id, { op: 'add', path: 'title', value: 'x' })).status).toBe(200);
  });

  it('R6 without a valid token: 401 with WWW-Authenticate', async () => {
    for (const headers of [{}, { authorization: 'Bearer x' }]) {
      const response = await api.app.inject({ url: `${BASE}/Users`, headers });
      expect(response.statusCode).toBe(401);
      expect(response.headers['www-authenticate']).toMatch(/^Bearer /);
    }
  });

  it('R7 R10 a query may be sent in a body, so that nothing of anybody is in an address', async () => {
    const { id, userName } = await api.create();
    for (const path of ['/Users/.search', '/.search']) {
      const { status, body } = await api.call('POST', path, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        filter: `userName eq "${String(userName)}"`,
        attributes: ['userName'],
        startIndex: 1,
        count: 10,
      });
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { totalResults: 1, startIndex: 1, itemsPerPage: 1 },
      });
      expect(body.Resources).toEqual([{ schemas: [CORE_USER], id, userName }]);
    }
  });

  it('R7 R17 a query in a body is found whatever the case of its names, and nothing else is taken as one', async () => {
    const filter = `userName eq "${String((await api.create()).userName)}"`;
    for (const path of ['/Users/.search', '/.search']) {
      const { body } = await api.call('POST', path, {
        Filter: filter,
        Attributes: ['id'],
        COUNT: 1,
        cursor: null,
      });
      expect(body).toMatchObject({ totalResults: 1, itemsPerPage: 1 });
      const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], filter };
      expect(await api.call('POST', path, patch)).toMatchObject({
        status: 400,
        body: { scimType: 'invalidSyntax' },
      });
    }
  });

  it('R8 /Me is 501', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      expect((await api.call(method, '/Me')).status).toBe(501);
    }
  });

  it('R9 an endpoint that does not exist is 404 in SCIM form', async () => {
    expect(await api.call('GET', '/Shoes')).toMatchObject({ status: 404, body: { status: '404' } });
  });
});

describe('the form of a resource', () => {
  it('R11 R21 schemas name the core and each extension with data, once; extension data sits under its URN', async () => {
    const plain = await post({ schemas: [CORE_USER, ENTERPRISE_USER] });
    expect(plain.body['schemas']).toEqual([CORE_USER]);
    const { body } = await post({
      schemas: [CORE_USER],
      [ENTERPRISE_USER]: { department: 'Field Service' },
      [FRESHSERVICE_USER]: { isAgent: 'true' },
    });
    expect(new Set(body['schemas'] as string[])).toEqual(
      new Set([CORE_USER, ENTERPRISE_USER, FRESHSERVICE_USER]),
    );
    expect(body['schemas']).toHaveLength(3);
    expect(body).toMatchObject({ [ENTERPRISE_USER]: { department: 'Field Service' } });
  });

  it('R12 the id is ours: a text that stays, whatever the client sends', async () => {
    const { body } = await post({ id: 'mine' });
    expect(body.id).toMatch(/^[0-9a-f-]{36}$/);
    const put = await api.call(
      'PUT',
      `/Users/${body.id}`,
      person({ id: 'mine', userName: body['userName'] }),
    );
    expect(put.body.id).toBe(body.id);
    expect(await api.patch(body.id, { op: 'replace', path: 'id', value: 'mine' })).toMatchObject(
      refused('mutability'),
    );
    expect((await api.call('GET', `/Users/${body.id.toUpperCase()}`)).status).toBe(404);
  });

  it('R13 externalId is the client’s, in its case', async () => {
    const externalId = `Ext-${randomUUID()}`;
    const { body } = await post({ externalId });
    expect(body['externalId']).toBe(externalId);
    expect(await api.count(`externalId eq "${externalId}"`)).toBe(1);
    expect(await api.count(`externalId eq "${externalId.toLowerCase()}"`)).toBe(0);
    const change = { op: 'replace', path: 'externalId', value: 'other' };
    expect((await api.patch(body.id, change)).body['externalId']).toBe('other');
  });

  it('R14 R15 meta holds type, times, address and version, and cannot be written', async () => {
    const { headers, body } = await post({
      meta: { created: '1999-01-01T00:00:00Z', version: 'x', location: 'y' },
    });
    const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
    expect(body.meta).toEqual({
      resourceType: 'User',
      created: expect.stringMatching(instant),
      lastModified: expect.stringMatching(instant),
      location: headers['location'],
      version: headers['etag'],
    });
    expect(Date.now() - Date.parse(body.meta.created)).toBeLessThan(60_000);
    const change = { op: 'replace', path: 'meta.created', value: '1999-01-01T00:00:00Z' };
    expect(await api.patch(body.id, change)).toMatchObject(refused('mutability'));
  });

  it('R16 booleans are JSON booleans, also when they came as text', async () => {
    const emails = [{ type: 'work', value: 'a@larkspur.example', primary: 'True' }];
    expect((await post({ active: 'False', emails })).body).toMatchObject({
      active: false,
      emails: [{ primary: true }],
    });
  });

  it('R17 names have any case in a request, and the schema’s in an answer', async () => {
    const { body } = await post({ DISPLAYNAME: 'x', Name: { GivenName: 'y' } });
    expect(body).toMatchObject({ displayName: 'x', name: { givenName: 'y' } });
    expect(await api.count(`ID eq "${body.id}" and NAME.GIVENNAME eq "y"`)).toBe(1);
  });

  it('R18 null, an empty list and no attribute are the same, and left out of an answer', async () => {
    const { body } = await post({ title: null, phoneNumbers: [], nickName: '', name: { givenName: null } });
    for (const name of ['title', 'phoneNumbers', 'name']) expect(body).not.toHaveProperty(name);
    expect(await api.count(`id eq "${body.id}" and not (phoneNumbers pr) and not (title pr)`)).toBe(1);
  });

  it('R19 at most one value is primary', async () => {
    const emails = ['a', 'b'].map((value) => ({ value: `${value}@larkspur.example`, primary: true }));
    expect(await post({ emails })).toMatchObject(refused('invalidValue'));
  });

  it('R20 the same value of the same type is not there twice', async () => {
    const phone = { type: 'work', value: '+351 21 555 0199' };
    const { body } = await post({ phoneNumbers: [phone] });
    const { body: patched } = await api.patch(body.id, { op: 'add', path: 'phoneNumbers', value: [phone] });
    expect(patched['phoneNumbers']).toEqual([phone]);
    expect((await post({ phoneNumbers: [phone, phone] })).body['phoneNumbers']).toEqual([phone]);
  });

  it('R22 a password is taken and never told', async () => {
    const { body, text } = await post({ password: 'correct horse' });
    expect(text).not.toContain('horse');
    const change = { op: 'replace', path: 'password', value: 'battery staple' };
    expect((await api.patch(body.id, change)).text).not.toContain('staple');
    expect((await api.call('GET', `/Users/${body.id}?attributes=password`)).text).not.toMatch(/horse|staple/);
    expect((await api.call('GET', '/Users?filter=password+pr')).body).toMatchObject({
      scimType: 'invalidFilter',
    });
  });

  it('R23 userName is required, not empty, and unique without case', async () => {
    for (const userName of [undefined, ''])
      expect(await post({ userName })).toMatchObject(refused('invalidValue'));
    const { userName } = await api.create();
    expect(await post({ userName: String(userName).toUpperCase() })).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness' },
    });
  });

  it('R24 a group has a displayName, and members with value, $ref and type', async () => {
    expect(await api.call('POST', '/Groups', group({ displayName: undefined }))).toMatchObject(
      refused('invalidValue'),
    );
    const { id: value, meta } = await api.create();
    const created = await api.createGroup({ members: [{ value }] });
    expect(created['members']).toEqual([{ value, $ref: meta.location, type: 'User' }]);
    const change = { op: 'replace', path: `members[value eq "${value}"].value`, value: 'other' };
    expect(await api.patchGroup(created.id, change)).toMatchObject(refused('mutability'));
  });

  it('R25 a user’s groups are read-only', async () => {
    const { body } = await post({ groups: [{ value: 'mine' }] });
    expect(body).not.toHaveProperty('groups');
    const change = { op: 'add', path: 'groups', value: [{ value: 'x' }] };
    expect(await api.patch(body.id, change)).toMatchObject(refused('mutability'));
    const { id } = await api.createGroup({ members: [{ value: body.id }] });
    expect((await api.call('GET', `/Users/${body.id}`)).body['groups']).toMatchObject([{ value: id }]);
  });

  it('R26 a manager is written as a text or an object, and told as an object', async () => {
    const { id: manager } = await api.create();
    const { body } = await post({ [ENTERPRISE_USER]: { manager } });
    expect(body).toMatchObject({ [ENTERPRISE_USER]: { manager: { value: manager } } });
    const change = { op: 'replace', path: `${ENTERPRISE_USER}:manager`, value: { value: body.id } };
    expect((await api.patch(body.id, change)).body).toMatchObject({
      [ENTERPRISE_USER]: { manager: { value: body.id } },
    });
  });

  it('R27 R28 canonical types are advertised; other types, zones and languages are kept as they were sent', async () => {
    const { body: schema } = await api.call('GET', `/Schemas/${CORE_USER}`);
    const text = JSON.stringify(schema);
    expect(text).toContain('"canonicalValues":["work","home","other"]');
    const sent = {
      emails: [{ type: 'spare', value: 'a@larkspur.example' }],
      timezone: 'Lisbon',
      locale: 'en',
    };
    expect((await post(sent)).body).toMatchObject(sent);
  });
});

describe('create', () => {
  it('R29 R34 201, the whole resource, Location and ETag', async () => {
    const { status, headers, body } = await post({ title: 'Engineer' });
    expect(status).toBe(201);
    expect(headers).toMatchObject({ location: body.meta.location, etag: body.meta.version });
    expect((await api.call('GET', `/Users/${body.id}`)).body).toEqual(body);
    const lean = await api.call('POST', '/Users?attributes=userName', person({ title: 'x' }));
    expect(Object.keys(lean.body)).toEqual(['schemas', 'id', 'userName']);
  });

  it('R30 read-only attributes in the body are ignored', async () => {
    const { status, body } = await post({
      id: 'x',
      groups: [{ value: 'x' }],
      meta: { resourceType: 'Shoe' },
    });
    expect({ status, type: body.meta.resourceType }).toEqual({ status: 201, type: 'User' });
  });

  it('R31 a second one of a unique value: 409 uniqueness, and nothing is created', async () => {
    const { userName } = await api.create();
    expect(await post({ userName })).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
    expect(await api.count(`userName eq "${String(userName)}"`)).toBe(1);
  });

  it('R32 a wrong type: invalidValue; what is no JSON object: invalidSyntax', async () => {
    expect(await post({ name: 'x' })).toMatchObject(refused('invalidValue'));
    for (const body of ['{', '[]', '"x"', '']) {
      expect(await api.call('POST', '/Users', body)).toMatchObject(refused('invalidSyntax'));
    }
  });

  it('R33 schemas without the core one: invalidSyntax; others beside it are ignored', async () => {
    for (const schemas of [undefined, [], ['urn:x'], CORE_USER, [CORE_GROUP]]) {
      expect(await post({ schemas })).toMatchObject(refused('invalidSyntax'));
    }
    expect((await post({ schemas: ['urn:x', CORE_USER] })).status).toBe(201);
  });
});
