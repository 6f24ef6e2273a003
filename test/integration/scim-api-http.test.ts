/** The ways in which clients write the same request, and the parts of the protocol beside Users. */
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../support/raw-http.ts';
import { BASE, openScimApi, person, plusEncoded, type TestApi } from '../support/scim-api.ts';

let api: TestApi;
let url: string;

beforeAll(async () => {
  api = await openScimApi();
  url = await api.listen();
});
afterAll(() => api.close());

describe('addresses', () => {
  it('may end in a slash, or have two in a row, as a Tenant URL with a slash makes them', async () => {
    const { id } = await api.create();
    const paths = [
      '',
      '/Users',
      `/Users/${id}`,
      '/ServiceProviderConfig',
      '/ResourceTypes',
      '/ResourceTypes/User',
      '/Schemas',
    ];
    for (const path of [...paths, '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User', '/Groups']) {
      const plain = await api.call('GET', path);
      expect([path, plain.status]).toEqual([path, 200]);
      expect((await api.call('GET', `${path}/`)).text).toBe(plain.text);
      expect((await api.call('GET', `/${path}`)).text).toBe(plain.text);
    }
    expect((await api.call('POST', '/Users/', person())).status).toBe(201);
    expect((await api.call('DELETE', `//Users/${id}/`)).status).toBe(204);
  });

  it('may be written in any case, but for ids', async () => {
    const { id } = await api.create({ externalId: 'Case' });
    expect((await api.call('GET', `/users/${id}`)).body).toMatchObject({ id });
    expect((await api.call('GET', '/USERS?filter=externalId+eq+"Case"')).body.Resources).toMatchObject([
      { id },
    ]);
    expect((await api.call('GET', '/serviceproviderconfig')).status).toBe(200);
    expect((await api.call('PUT', '/users')).headers).toMatchObject({ allow: 'POST, GET, HEAD' });
    expect((await api.call('GET', `/Users/${id.toUpperCase()}`)).status).toBe(404);
    expect((await api.call('GET', '/ResourceTypes/USER')).status).toBe(404);
  });

  it('may carry parameters that mean nothing here, such as the flag of the Tenant URL', async () => {
    const { id } = await api.create();
    for (const query of [
      '?aadOptscim062020',
      '?x=1&y',
      '?__proto__=1&constructor=2',
      '?&&=',
      '?filter[a]=1',
    ]) {
      expect((await api.call('GET', `/Users/${id}${query}`)).body).toMatchObject({ id });
      expect([query, (await api.call('GET', `/Users${query}`)).status]).toEqual([query, 200]);
    }
    expect((await api.call('POST', '/Users?aadOptscim062020', person())).status).toBe(201);
  });

  it('are decoded once, a plus as a space before anything else', async () => {
    const userName = `o'brien+test & "co" 100%41 ñ😀@larkspur.example`;
    const { id } = await api.create({ userName, externalId: 'a+b' });
    const quoted = userName.replaceAll('"', '\\"');
    const filter = `userName eq "${quoted}"`;
    for (const encoded of [plusEncoded(filter), encodeURIComponent(filter)]) {
      expect((await api.call('GET', `/Users?filter=${encoded}`)).body.Resources).toMatchObject([
        { id, userName },
      ]);
    }
    expect((await api.call('GET', '/Users?filter=externalId+eq+%22a%2Bb%22')).body.totalResults).toBe(1);
    expect((await api.call('GET', '/Users?filter=externalId+eq+%22a+b%22')).body.totalResults).toBe(0);
    expect((await api.call('GET', '/Users?filter=externalId+eq+"a%252Bb"')).body.totalResults).toBe(0);
    // Some clients leave the quotes as they are.
    const head = `Host: localhost\r\nAuthorization: Bearer ${api.token}\r\n\r\n`;
    const raw = await exchange(url, `GET ${BASE}/Users?filter=externalId+eq+"a%2Bb" HTTP/1.1\r\n${head}`);
    expect(raw.body.totalResults).toBe(1);
  });

  it('of resources begin with the host that the request names, if it can be one', async () => {
    const { id } = await api.create();
    const path = `/Users/${id}`;
    const named = await api.call('GET', path, undefined, { host: 'scim.larkspur.example:8443' });
    expect(named.body.meta.location).toBe(`http://scim.larkspur.example:8443${BASE}${path}`);
    const odd = await api.call('GET', path, undefined, { host: 'a"b<script>' });
    expect(odd.body.meta.location).toBe(`http://localhost${BASE}${path}`);
    const forwarded = await api.call('GET', path, undefined, {
      host: 'a.example',
      'x-forwarded-host': 'evil.example',
    });
    expect(forwarded.body.meta.location).toBe(`http://a.example${BASE}${path}`);
  });
});

describe('headers', () => {
  const send = (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | Buffer,
  ): Promise<number> =>
    new Promise((resolve, reject) => {
      const call = request(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${api.token}`, ...headers },
        agent: false,
      });
      call.on('error', reject);
      call.on('response', (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      });
      call.end(body);
    });
  const json = (): string => JSON.stringify(person());

  it('of a read need no content type, and any Accept will do', async () => {
    expect(await send('GET', '/Users', {})).toBe(200);
    expect(await send('GET', '/Users', { 'content-type': 'text/plain' })).toBe(200);
    for (const accept of ['application/scim+json', 'application/json', 'text/html', '*/*']) {
      expect(await send('GET', '/Users', { accept })).toBe(200);
    }
    expect(await send('GET', '/Users', { authorization: `bearer   ${api.token}` })).toBe(200);
  });

  it.each([
    'application/scim+json',
    'application/scim+json; charset=utf-8',
    'application/scim+json;charset="UTF-8"',
    'Application/JSON',
    'application/json; charset=utf-8; odata=verbose',
  ])('of a body: %s', async (type) => {
    expect(await send('POST', '/Users', { 'content-type': type }, json())).toBe(201);
  });

  it('allow a body in chunks, with a byte order mark, uncompressed; a packed one is refused', async () => {
    const type = { 'content-type': 'application/scim+json' };
    expect(await send('POST', '/Users', { ...type, 'transfer-encoding': 'chunked' }, json())).toBe(201);
    expect(await send('POST', '/Users', type, `\ufeff${json()}`)).toBe(201);
    expect(await send('POST', '/Users', { ...type, 'content-encoding': 'identity' }, json())).toBe(201);
    expect(await send('POST', '/Users', { ...type, 'content-encoding': 'gzip' }, gzipSync(json()))).toBe(415);
    expect(await send('POST', '/Users', type, gzipSync(json()))).toBe(400);
  });

  it('without Host are refused, as HTTP/1.1 has it; HTTP/1.0 has none', async () => {
    const head = `Authorization: Bearer ${api.token}\r\n\r\n`;
    expect((await exchange(url, `GET ${BASE}/Users HTTP/1.1\r\n${head}`)).status).toBe(400);
    expect((await exchange(url, `GET ${BASE}/Nope HTTP/1.1\r\n\r\n`)).status).toBe(400);
    const { status, body } = await exchange(url, `GET ${BASE}/ResourceTypes/User HTTP/1.0\r\n${head}`);
    expect([status, body.meta.location]).toEqual([200, `http://localhost${BASE}/ResourceTypes/User`]);
  });

  it('may expect what there is not', async () => {
    const head = `Host: localhost\r\nAuthorization: Bearer ${api.token}\r\nExpect: 200-ok\r\n\r\n`;
    expect((await exchange(url, `GET ${BASE}/Users/nobody HTTP/1.1\r\n${head}`)).status).toBe(404);
  });

  it('of a DELETE may name a type, with and without a body', async () => {
    for (const type of ['application/scim+json; charset=utf-8', 'application/json', 'text/plain']) {
      const { id } = await api.create();
      expect(await send('DELETE', `/Users/${id}`, { 'content-type': type, 'content-length': '0' })).toBe(204);
    }
    const { id } = await api.create();
    expect(
      await send(
        'DELETE',
        `/Users/${id}`,
        { 'content-type': 'application/scim+json', 'content-length': '2' },
        '{}',
      ),
    ).toBe(204);
  });

  it('forbid caches and guesses about the type', async () => {
    for (const path of ['/Users', '/Nope', '/Schemas']) {
      expect((await api.call('GET', path)).headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
    }
  });
});

describe('HEAD', () => {
  it('is GET without the body', async () => {
    const { id } = await api.create();
    for (const path of ['/Users', `/Users/${id}`, '/Schemas', '/ServiceProviderConfig']) {
      const get = await api.call('GET', path);
      const head = await api.call('HEAD', path);
      expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: '' });
      expect(head.headers).toMatchObject({ 'content-length': String(Buffer.byteLength(get.text)) });
      expect(head.headers['etag']).toBe(get.headers['etag']);
    }
    expect((await api.call('HEAD', '/Users/nobody')).status).toBe(404);
  });
});

describe('beside Users', () => {
  it('discovery is open to anybody and says what is true', async () => {
    for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas']) {
      const response = await api.app.inject({ url: `${BASE}${path}` });
      expect(response.statusCode).toBe(200);
      expect(response.payload).not.toContain('null');
    }
    const types = (await api.call('GET', '/ResourceTypes')).body.Resources;
    const schemas = (await api.call('GET', '/Schemas')).body.Resources.map(({ id }) => id);
    for (const type of types) {
      expect((await api.call('GET', String(type['endpoint']))).status).toBe(200);
      expect(schemas).toContain(type['schema']);
    }
    for (const id of schemas) expect((await api.call('GET', `/Schemas/${id}`)).body).toMatchObject({ id });
  });

  it('a query of the root finds users and groups', async () => {
    const { id } = await api.create({ title: 'Root' });
    const filter = `id eq "${id}"`;
    const { body } = await api.call('GET', `?filter=${encodeURIComponent(filter)}`);
    expect(body).toMatchObject({ totalResults: 1, Resources: [{ id, meta: { resourceType: 'User' } }] });
    for (const path of ['/.search', '/Users/.search']) {
      expect((await api.call('POST', path, { filter })).body).toEqual(body);
    }
    const group = await api.createGroup({ displayName: 'Root' });
    const both = await api.find('', `id eq "${id}" or displayName eq "root"`);
    expect(both.Resources).toMatchObject([
      { id, schemas: expect.any(Array), meta: { resourceType: 'User' } },
      { id: group.id, schemas: expect.any(Array), meta: { resourceType: 'Group' } },
    ]);
    expect(await api.find('', 'meta.resourceType eq "Group"')).toMatchObject({
      totalResults: 1,
      Resources: [{ id: group.id }],
    });
    expect((await api.app.inject({ url: BASE })).statusCode).toBe(401);
  });

  it('the probe of the group mapping, which looks for a group that cannot be there, finds none', async () => {
    const filter = plusEncoded('displayName eq "5f1c3bde-4a52-4b0c-9d0b-1f4f3f2b7c11"');
    const probe = await api.call('GET', `/Groups?excludedAttributes=members&filter=${filter}`);
    expect(probe).toMatchObject({
      status: 200,
      body: { totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] },
    });
    expect((await api.app.inject({ url: `${BASE}/Groups` })).statusCode).toBe(401);
  });

  it('/Me and /Bulk are 501, whatever is sent', async () => {
    for (const path of ['/Me', '/Bulk']) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
        const { status } = await api.call(method, path, method === 'GET' ? undefined : '{');
        expect([method, path, status]).toEqual([method, path, 501]);
      }
      expect((await api.app.inject({ url: `${BASE}${path}`, method: 'POST' })).statusCode).toBe(401);
    }
  });
});
