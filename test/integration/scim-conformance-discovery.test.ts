/** docs/scim-conformance.md, R97 to R112: errors, and what the server tells about itself. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BASE,
  type Body,
  ENTERPRISE_USER,
  FRESHSERVICE_USER,
  group,
  openScimApi,
  person,
  plusEncoded,
  type TestApi,
} from '../support/scim-api.ts';

const SCIM_TYPES =
  'invalidFilter tooMany uniqueness mutability invalidSyntax invalidPath noTarget invalidValue invalidVers sensitive ' +
  'invalidCursor invalidCount';

let api: TestApi;

beforeAll(async () => {
  api = await openScimApi();
});
afterAll(() => api.close());

const get = async (path: string): Promise<Body> => {
  const { status, body } = await api.call('GET', path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
};

interface Attribute {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly mutability: string;
  readonly returned: string;
  readonly caseExact: boolean;
  readonly required: boolean;
  readonly uniqueness: string;
  readonly subAttributes?: readonly Attribute[];
}
const attributesOf = (schema: Body): readonly Attribute[] => schema['attributes'] as readonly Attribute[];
const withParts = (list: readonly Attribute[]): Attribute[] =>
  list.flatMap((attribute) => [attribute, ...withParts(attribute.subAttributes ?? [])]);

describe('errors', () => {
  it('R97 R98 R99 R100 have the form of the RFC, one status in both places, and a known scimType', async () => {
    const { id, userName } = await api.create();
    const answers = await Promise.all([
      api.call('GET', '/Users?filter=x'),
      api.call('POST', '/Users', '{'),
      api.call('POST', '/Users', person({ userName })),
      api.patch(id, { op: 'remove' }),
      api.patch(id, { op: 'replace', path: 'id', value: 'x' }),
      api.patch(id, { op: 'replace', path: 'x[', value: 'x' }),
      api.call('GET', '/Users/nobody'),
      api.call('GET', '/Schemas?filter=x'),
      api.call('PUT', `/Users/${id}`, person(), { 'if-match': '"9"' }),
      api.call('POST', '/Users', 'x'.repeat(2 ** 20 + 1)),
      api.call('GET', '/Me'),
      api.call('GET', '/Users', undefined, { authorization: 'Bearer x' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([
      400, 400, 409, 400, 400, 400, 404, 403, 412, 413, 501, 401,
    ]);
    for (const { status, body } of answers) {
      const { schemas, scimType, detail } = body;
      expect(schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
      expect(body['status']).toBe(String(status));
      expect(detail).toMatch(/^[A-Z"].*\.$/);
      if (scimType !== undefined) expect(SCIM_TYPES.split(' ')).toContain(scimType);
      expect(scimType !== undefined).toBe(status === 400 || status === 409);
    }
  });
});

describe('discovery', () => {
  it('R101 /ServiceProviderConfig is one object with all parts', async () => {
    expect(await get('/ServiceProviderConfig')).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: { cursor: true, index: true, defaultPageSize: 100, maxPageSize: 200 },
      authenticationSchemes: [
        { type: 'oauthbearertoken', name: expect.any(String), description: expect.any(String) },
      ],
      meta: { resourceType: 'ServiceProviderConfig', location: expect.stringContaining(BASE) },
    });
  });

  it('R102 what it says of pages is true', async () => {
    const config = await get('/ServiceProviderConfig');
    const { maxResults } = config['filter'] as { maxResults: number };
    const pagination = config['pagination'] as Record<string, unknown>;
    const some = Array.from({ length: maxResults + 1 }, () =>
      api.directory.createUser({ userName: `${randomUUID()}@larkspur.example`, title: 'Many' }),
    );
    await Promise.all(some);
    const many = plusEncoded('title eq "Many"');
    for (const query of [`filter=${many}&`, '']) {
      expect((await get(`/Users?${query}count=9999`)).Resources).toHaveLength(maxResults);
      expect((await get(`/Users?${query}`)).Resources).toHaveLength(Number(pagination['defaultPageSize']));
    }
    expect(pagination['maxPageSize']).toBe(maxResults);
    const first = await get(`/Users?filter=${many}`);
    expect(first).toMatchObject({ startIndex: 1, totalResults: maxResults + 1 });
    expect(first).not.toHaveProperty('nextCursor'); // "index" is the default
    const byCursor = await get(`/Users?filter=${many}&cursor=&count=200`);
    const rest = await get(`/Users?filter=${many}&cursor=${String(byCursor['nextCursor'])}`);
    const byIndex = await get(`/Users?filter=${many}&startIndex=${maxResults + 1}`);
    expect(rest.Resources).toEqual(byIndex.Resources);
    expect(rest.Resources).toHaveLength(1);
    expect(rest).not.toHaveProperty('nextCursor');
  });

  it('R102 what it says of everything else is true', async () => {
    const { id, meta, userName } = await api.create({ password: 'secret' });
    const path = `/Users/${id}`;
    expect((await api.patch(id, { op: 'add', path: 'title', value: 'x' })).body).toMatchObject({
      title: 'x',
    });
    expect((await api.patch(id, { op: 'replace', path: 'password', value: 'other' })).text).not.toMatch(
      /secret|other/,
    );
    expect((await api.call('POST', '/Bulk', {})).status).toBe(501);
    expect((await api.call('GET', path, undefined, { 'if-none-match': meta.version })).status).toBe(200);
    expect((await api.call('DELETE', path, undefined, { 'if-match': meta.version })).status).toBe(412);
    const names = (await get('/Users?sortBy=userName&sortOrder=descending')).Resources.map((user) =>
      String(user['userName']),
    );
    expect(names).toEqual(names.toSorted().toReversed());
    expect(await api.count(`userName eq "${String(userName)}"`)).toBe(1);
    const schemes = (await get('/ServiceProviderConfig'))['authenticationSchemes'] as { type: string }[];
    expect(schemes.map(({ type }) => type)).toEqual(['oauthbearertoken']);
    const headers = { authorization: `Basic ${Buffer.from(`x:${api.token}`).toString('base64')}` };
    const refused = await api.call('GET', path, undefined, headers);
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer realm="fresh-scim"']);
  });

  it('R103 everything of it can be read without a token, and holds nothing of anybody', async () => {
    await api.create({ displayName: 'Okafor' });
    for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas', '/ResourceTypes/User']) {
      const response = await api.app.inject({ url: `${BASE}${path}` });
      expect([path, response.statusCode]).toEqual([path, 200]);
      expect(response.payload).not.toContain('Okafor');
    }
  });

  it('R104 /ResourceTypes is a list of User and Group, each also by its name', async () => {
    const list = await get('/ResourceTypes');
    expect(list).toMatchObject({
      totalResults: 2,
      Resources: [
        {
          id: 'User',
          name: 'User',
          endpoint: '/Users',
          schemaExtensions: [
            { schema: ENTERPRISE_USER, required: false },
            { schema: FRESHSERVICE_USER, required: false },
          ],
        },
        { id: 'Group', name: 'Group', endpoint: '/Groups' },
      ],
    });
    for (const type of list.Resources) expect(await get(`/ResourceTypes/${type.id}`)).toEqual(type);
    expect((await api.call('GET', '/ResourceTypes/Shoe')).status).toBe(404);
  });

  it('R105 /Schemas is a list of all, each also by its URN', async () => {
    const list = await get('/Schemas');
    expect(list.totalResults).toBe(4);
    for (const schema of list.Resources) expect(await get(`/Schemas/${schema.id}`)).toEqual(schema);
    expect((await api.call('GET', '/Schemas/urn:shoes')).status).toBe(404);
  });

  it('R106 each attribute says all that it is; there is no null, and no password', async () => {
    const list = await api.call('GET', '/Schemas');
    expect(list.text).not.toMatch(/null|"password"/);
    for (const attribute of list.body.Resources.flatMap((schema) => withParts(attributesOf(schema)))) {
      expect(attribute).toMatchObject({
        name: expect.stringMatching(/^[$\w]+$/),
        type: expect.stringMatching(/^(string|boolean|complex|reference|dateTime|binary|integer|decimal)$/),
        multiValued: expect.any(Boolean),
        description: expect.stringMatching(/./),
        required: expect.any(Boolean),
        mutability: expect.stringMatching(/^(readWrite|readOnly|immutable|writeOnly)$/),
        returned: expect.stringMatching(/^(always|never|default|request)$/),
        uniqueness: expect.stringMatching(/^(none|server|global)$/),
        caseExact: expect.any(Boolean),
      });
    }
  });

  it('R107 every schema that is named is there: by the types, and by each resource', async () => {
    const known = new Set((await get('/Schemas')).Resources.map(({ id }) => id));
    for (const type of (await get('/ResourceTypes')).Resources) {
      const extensions = type['schemaExtensions'] as { schema: string }[];
      for (const urn of [type['schema'], ...extensions.map(({ schema }) => schema)])
        expect(known).toContain(urn);
    }
    await api.create({ [ENTERPRISE_USER]: { department: 'x' }, [FRESHSERVICE_USER]: { isAgent: 'true' } });
    await api.createGroup();
    for (const { schemas } of (await get('')).Resources) {
      for (const urn of schemas as string[]) expect(known).toContain(urn);
    }
  });

  it('R108 takes no filter: 403; paging and sorting are ignored', async () => {
    for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas', '/ResourceTypes/User']) {
      expect((await api.call('GET', `${path}?filter=id+pr`)).status).toBe(403);
      expect((await api.call('GET', `${path}?startIndex=2&count=1&sortBy=id`)).text).toBe(
        (await api.call('GET', path)).text,
      );
    }
  });

  it('R109 takes nothing but GET: 405', async () => {
    for (const path of [
      '/ServiceProviderConfig',
      '/ResourceTypes',
      '/Schemas',
      '/Schemas/x',
      '/ResourceTypes/User',
    ]) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
        const { status, headers } = await api.call(method, path, {});
        expect([method, path, status, headers['allow']]).toEqual([method, path, 405, 'GET, HEAD']);
      }
    }
  });

  it('R110 what the schemas say is how it behaves', async () => {
    const user = await api.create({ displayName: 'Okafor' });
    const { Resources: schemas } = await get('/Schemas');
    const core = attributesOf(schemas.find(({ name }) => name === 'User') as Body);
    for (const { name, mutability, required, type } of core) {
      if (mutability === 'readOnly') {
        const { body } = await api.patch(user.id, { op: 'replace', path: name, value: 'x' });
        expect([name, body['scimType']]).toEqual([name, 'mutability']);
      }
      if (required) {
        const { body } = await api.patch(user.id, { op: 'remove', path: name });
        expect([name, body['scimType']]).toEqual([name, 'mutability']);
      }
      if (type === 'string' && mutability === 'readWrite' && !required) {
        const { body } = await api.patch(user.id, { op: 'replace', path: name, value: `upd-${name}` });
        expect([name, body[name]]).toEqual([name, `upd-${name}`]);
      }
    }
    for (const { name, caseExact } of core.filter((attribute) =>
      /^(userName|externalId|title)$/.test(attribute.name),
    )) {
      const value = (await get(`/Users/${user.id}`))[name];
      const folded = `${name} eq "${String(value).toUpperCase()}" and id eq "${user.id}"`;
      expect([name, await api.count(folded)]).toEqual([name, caseExact ? 0 : 1]);
    }
    const name = core.find((attribute) => attribute.name === 'userName');
    expect(name).toMatchObject({ required: true, uniqueness: 'server', caseExact: false });
    const groups = attributesOf(schemas.find((schema) => schema['name'] === 'Group') as Body);
    expect(groups.find((attribute) => attribute.name === 'displayName')).toMatchObject({
      uniqueness: 'server',
    });
    const { displayName } = await api.createGroup();
    expect((await api.call('POST', '/Groups', group({ displayName }))).status).toBe(409);
  });
});

describe('bulk', () => {
  it('R111 R112 is not offered: 501, whatever is sent', async () => {
    const operation = { method: 'POST', path: '/Users', bulkId: 'a', data: person() };
    const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: [operation] };
    expect((await api.call('POST', '/Bulk', body)).status).toBe(501);
    expect((await api.call('POST', '/Bulk', 'x'.repeat(2 ** 21))).status).toBe(501);
  });
});
