/**
 * What is refused: with the right status, in SCIM form (checked for every answer in scim-api.ts), without a word of
 * what was sent, and the endpoint serves on.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../support/raw-http.ts';
import { type Answer, CORE_USER, openScimApi, PATCH_OP, person, type TestApi } from '../support/scim-api.ts';

let api: TestApi;
let url: string;
let id: string;
let control: unknown;

beforeAll(async () => {
  api = await openScimApi({ failuresPerMinuteMax: 1_000 });
  url = await api.listen();
  control = await api.create({ title: 'Control' });
  ({ id } = control as { id: string });
});
afterEach(async () => {
  expect((await api.call('GET', `/Users/${id}`)).body).toEqual(control);
});
afterAll(() => api.close());

/** Stands for whatever may not be repeated: a name, an address, a token. */
const PRIVATE = 'Okafor7f3a';

function expectRefused(answer: Answer, status: number, scimType?: string): void {
  expect({ status: answer.status, scimType: answer.body['scimType'] }).toEqual({
    status,
    scimType,
  });
  expect(answer.text).not.toContain(PRIVATE);
}

describe('who is not known', () => {
  it.each([
    ['no header', undefined],
    ['no token', 'Bearer'],
    ['an empty one', 'Bearer '],
    ['another scheme', 'Basic T2thZm9yN2YzYTp4'],
    ['an unknown token', `Bearer fsc_${'A'.repeat(43)}`],
    ['a word', `Bearer ${PRIVATE}`],
    ['two words', `Bearer ${PRIVATE} ${PRIVATE}`],
    ['a long one', `Bearer ${PRIVATE.repeat(1000)}`],
    ['Latin-1', 'Bearer \u00e9\u00ff'],
    ['a name of JavaScript', 'Bearer __proto__'],
  ])('gets 401: %s', async (_what, authorization) => {
    const { app } = api;
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const target = method === 'GET' || method === 'POST' ? '/scim/v2/Users' : `/scim/v2/Users/${id}`;
      const headers = {
        ...(authorization === undefined ? {} : { authorization }),
        'content-type': 'text/plain',
      };
      const response = await app.inject({
        method,
        url: target,
        headers,
        payload: method === 'GET' ? '' : '{',
      });
      expect([method, response.statusCode]).toEqual([method, 401]);
      expect(response.headers).toMatchObject({
        'www-authenticate': 'Bearer realm="fresh-scim"',
        'content-type': 'application/scim+json; charset=utf-8',
      });
      expect(response.json()).toMatchObject({ status: '401' });
      expect(response.payload).not.toContain(PRIVATE);
    }
  });

  it('gets 401 with the token of a connection that was removed, or that was revoked', async () => {
    const mine = await openScimApi();
    const { id: connection } = (await mine.connections.authenticate(mine.token)) ?? { id: '' };
    const { token } = await mine.connections.rotateToken(connection, { oldValidMs: 0 });
    expect((await mine.call('GET', '/Users')).status).toBe(401);
    const authorization = `Bearer ${token}`;
    expect((await mine.call('GET', '/Users', undefined, { authorization })).status).toBe(200);
    await mine.connections.remove(connection);
    expect((await mine.call('GET', '/Users', undefined, { authorization })).status).toBe(401);
    await mine.close();
  });

  it('sees nothing of another connection', async () => {
    const other = await openScimApi({ beside: api });
    const { connection, token } = await other.connections.add({
      name: 'Other',
      domain: 'o.freshservice.com',
      apiKey: 'k',
    });
    const headers = { authorization: `Bearer ${token}` };
    expect((await other.call('GET', `/Users/${id}`, undefined, headers)).status).toBe(404);
    expect((await other.call('DELETE', `/Users/${id}`, undefined, headers)).status).toBe(404);
    expect((await other.call('GET', '/Users', undefined, headers)).body.totalResults).toBe(0);
    await other.connections.remove(connection.id);
    await other.close();
  });
});

describe('where nothing is', () => {
  it.each(['/Nope', `/Users/${PRIVATE}/x`, '/Schemas/urn:nope', '/ResourceTypes/Nope', `/../${PRIVATE}`])(
    '404: %s',
    async (path) => expectRefused(await api.call('GET', path), 404),
  );

  it('404 for every verb on a user that is not there, whatever the id looks like', async () => {
    for (const odd of [
      `${PRIVATE}@x`,
      'x'.repeat(5000),
      '%00',
      '%F0%9F%98%80',
      '*',
      '__proto__',
      `${id}%20`,
      '%2F',
      ':id',
    ]) {
      expectRefused(await api.call('GET', `/Users/${odd}`), 404);
      expectRefused(await api.call('DELETE', `/Users/${odd}`), 404);
      expectRefused(await api.call('PUT', `/Users/${odd}`, person()), 404);
      expectRefused(await api.patch(odd, { op: 'Replace', path: 'active', value: 'False' }), 404);
    }
  });

  it('404 before anything is said about a body', async () => {
    expectRefused(await api.call('POST', '/Nope', '{', { 'content-type': 'text/xml' }), 404);
  });

  it.each([
    ['PUT', '/Users', 'GET'],
    ['PATCH', '/Users', 'POST'],
    ['DELETE', '/Users/', 'HEAD'],
    ['POST', `/Users/x`, 'PATCH'],
    ['OPTIONS', '/Users', 'GET'],
    ['POST', '/Schemas', 'GET'],
    ['DELETE', '/Schemas/urn:x', 'GET'],
    ['PUT', '/ServiceProviderConfig', 'GET'],
    ['PATCH', '/ResourceTypes', 'GET'],
    ['GET', '/.search', 'POST'],
    ['DELETE', '/.search', 'POST'],
    ['GET', '/Users/.search', 'POST'],
    ['PUT', '/Users/.search', 'POST'],
    ['GET', '/users/.search', 'POST'],
    ['PATCH', '/Groups/.search/', 'POST'],
    ['DELETE', '/Groups/.search', 'POST'],
  ] as const)('405 with Allow: %s %s', async (method, path, allowed) => {
    const answer = await api.call(method, path, '{', { 'content-type': 'text/xml' });
    expectRefused(answer, 405);
    expect(String(answer.headers['allow']).split(', ')).toContain(allowed);
    expect(String(answer.headers['allow']).split(', ')).not.toContain(method);
  });

  it('403 for a filter on discovery', async () => {
    for (const path of ['/Schemas', '/ResourceTypes', '/ServiceProviderConfig']) {
      expectRefused(await api.call('GET', `${path}?filter=${PRIVATE}`), 403);
    }
  });
});

describe('bodies', () => {
  const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  it.each([
    ['nothing', '', 'invalidSyntax'],
    ['broken JSON', `{"userName":"${PRIVATE}"`, 'invalidSyntax'],
    ['a second text', `{"schemas":["${CORE_USER}"],"userName":"${PRIVATE}"}{}`, 'invalidSyntax'],
    ['text', `"${PRIVATE}"`, 'invalidSyntax'],
    ['a list', `[{"userName":"${PRIVATE}"}]`, 'invalidSyntax'],
    ['null', 'null', 'invalidSyntax'],
    ['a number', '1e999', 'invalidSyntax'],
    ['no schemas', { userName: PRIVATE }, 'invalidSyntax'],
    ['other schemas', { schemas: ['urn:x'], userName: PRIVATE }, 'invalidSyntax'],
    ['schemas that are no list', { schemas: CORE_USER, userName: PRIVATE }, 'invalidSyntax'],
    ['no userName', person({ userName: undefined, displayName: PRIVATE }), 'invalidValue'],
    ['an empty userName', person({ userName: '' }), 'invalidValue'],
    ['a userName that is a list', person({ userName: [PRIVATE] }), 'invalidValue'],
    ['a userName that is a number', person({ userName: 7 }), 'invalidValue'],
    ['active that is neither', person({ active: PRIVATE }), 'invalidValue'],
    ['a title that is an object', person({ title: { value: PRIVATE } }), 'invalidValue'],
    ['emails that are text', person({ emails: PRIVATE }), 'invalidValue'],
    ['emails of text', person({ emails: [PRIVATE] }), 'invalidValue'],
    ['a name that is text', person({ name: PRIVATE }), 'invalidValue'],
    ['NUL', person({ title: `${PRIVATE}\0` }), 'invalidValue'],
    ['half a surrogate pair', `{"schemas":["${CORE_USER}"],"userName":"${PRIVATE}\\ud800"}`, 'invalidValue'],
    [
      'bytes that are no UTF-8',
      Buffer.from(`{"schemas":["${CORE_USER}"],"userName":"${PRIVATE}\u00e9"}`, 'latin1'),
      'invalidSyntax',
    ],
    ['UTF-16', Buffer.from(JSON.stringify(person({ title: PRIVATE })), 'utf16le'), 'invalidSyntax'],
    ['text that is too long', person({ title: PRIVATE.repeat(1000) }), 'invalidValue'],
    [
      'too many e-mails',
      person({ emails: Array.from({ length: 201 }, (_, n) => ({ value: `${n}${PRIVATE}` })) }),
      'invalidValue',
    ],
    ['deep nesting', deep(1000), 'invalidSyntax'],
    ['nesting as deep as 1 MiB goes', deep(150_000), 'invalidSyntax'],
    ['lists as deep as 1 MiB goes', '['.repeat(500_000) + ']'.repeat(500_000), 'invalidSyntax'],
  ])('400 for %s', async (_what, body, scimType) => {
    expectRefused(await api.call('POST', '/Users', body), 400, scimType);
    expectRefused(await api.call('PUT', `/Users/${id}`, body), 400, scimType);
  });

  it('takes no harm from the names of JavaScript', async () => {
    const body = `{"schemas":["${CORE_USER}"],"userName":"proto@larkspur.example","__proto__":{"active":false},
      "constructor":{"prototype":{"x":1}},"name":{"__proto__":{"givenName":"x"},"familyName":"y"}}`;
    const { status, body: created } = await api.call('POST', '/Users', body);
    expect(status).toBe(201);
    expect(created).toMatchObject({ active: true, name: { familyName: 'y' } });
    expect(JSON.stringify(created)).not.toMatch(/proto"|constructor/);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it.each([
    ['no schemas', { Operations: [] }, 'invalidSyntax'],
    ['no operations', { schemas: [PATCH_OP] }, 'invalidSyntax'],
    ['operations that are no list', { schemas: [PATCH_OP], Operations: { op: 'add' } }, 'invalidSyntax'],
    ['an operation that is text', { schemas: [PATCH_OP], Operations: [PRIVATE] }, 'invalidSyntax'],
    [
      'another verb',
      { schemas: [PATCH_OP], Operations: [{ op: PRIVATE, path: 'title', value: 'x' }] },
      'invalidSyntax',
    ],
    [
      'a path of nothing',
      { schemas: [PATCH_OP], Operations: [{ op: 'add', path: `${PRIVATE}@x`, value: 'x' }] },
      'invalidPath',
    ],
    [
      'a broken path',
      { schemas: [PATCH_OP], Operations: [{ op: 'add', path: `emails[type eq "${PRIVATE}`, value: 'x' }] },
      'invalidPath',
    ],
    [
      'a broken filter',
      { schemas: [PATCH_OP], Operations: [{ op: 'add', path: `emails[type is "${PRIVATE}"]`, value: 'x' }] },
      'invalidFilter',
    ],
    [
      'a path that is no text',
      { schemas: [PATCH_OP], Operations: [{ op: 'add', path: [PRIVATE], value: 'x' }] },
      'invalidPath',
    ],
    [
      'a filter that selects nothing',
      {
        schemas: [PATCH_OP],
        Operations: [{ op: 'replace', path: `emails[value eq "${PRIVATE}"].display`, value: 'x' }],
      },
      'noTarget',
    ],
    ['remove without a path', { schemas: [PATCH_OP], Operations: [{ op: 'remove' }] }, 'noTarget'],
    [
      'a read-only attribute',
      { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'id', value: PRIVATE }] },
      'mutability',
    ],
    [
      'a removed userName',
      { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'userName' }] },
      'mutability',
    ],
    [
      'a wrong type',
      { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'active', value: PRIVATE }] },
      'invalidValue',
    ],
    [
      'half a surrogate pair',
      `{"schemas":["${PATCH_OP}"],"Operations":[{"op":"add","path":"title","value":"\\udc00"}]}`,
      'invalidValue',
    ],
    [
      'a good operation before a bad one',
      {
        schemas: [PATCH_OP],
        Operations: [
          { op: 'add', path: 'title', value: PRIVATE },
          { op: 'remove', path: 'userName' },
        ],
      },
      'mutability',
    ],
  ])('a PATCH gets 400 for %s, and changes nothing', async (_what, body, scimType) => {
    expectRefused(await api.call('PATCH', `/Users/${id}`, body), 400, scimType);
  });

  it('413 for more than 1 MiB, also over a socket while the body is still on its way', async () => {
    const body = JSON.stringify(person({ title: 'x'.repeat(2 * 1024 * 1024) }));
    expectRefused(await api.call('POST', '/Users', body), 413);
    const response = await fetch(`${url}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/scim+json' },
      body: new ReadableStream({
        start: (stream) => {
          stream.enqueue(Buffer.from(body));
          stream.close();
        },
      }),
      duplex: 'half',
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ status: '413' });
  });

  it('415 for what is not JSON, or is packed', async () => {
    const body = JSON.stringify(person());
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'nonsense',
      '',
    ]) {
      expectRefused(await api.call('POST', '/Users', body, { 'content-type': type }), 415);
    }
    for (const encoding of ['gzip', 'deflate', 'br', PRIVATE]) {
      expectRefused(await api.call('POST', '/Users', body, { 'content-encoding': encoding }), 415);
    }
  });
});

describe('queries', () => {
  it.each(
    [
      `${PRIVATE}@x`,
      `userName eq "${PRIVATE}`,
      `userName is "${PRIVATE}"`,
      `${PRIVATE}@x eq "x"`,
      'userName eq',
      `userName eq "${PRIVATE}" and`,
      `(userName eq "${PRIVATE}"`,
      `emails[type eq "${PRIVATE}"`,
      'active gt true',
      'meta.created gt "yesterday"',
      'userName eq "\\x"',
      '',
      `userName eq "${PRIVATE.repeat(500)}"`,
      `${'('.repeat(1000)}id pr${')'.repeat(1000)}`,
      `${'not('.repeat(1000)}id pr${')'.repeat(1000)}`,
      'groups.$ref eq "x"',
      'password eq "x"',
    ].map((filter) => ({ filter, title: filter.slice(0, 40) })),
  )('400 invalidFilter: $title', async ({ filter }) => {
    expectRefused(await api.call('GET', `/Users?filter=${encodeURIComponent(filter)}`), 400, 'invalidFilter');
    expectRefused(await api.call('POST', '/Users/.search', { filter }), 400, 'invalidFilter');
  });

  it.each([
    ['startIndex=one', 'invalidValue'],
    ['count=1.5', 'invalidValue'],
    ['count=', 'invalidValue'],
    ['filter=id+pr&filter=id+pr', 'invalidValue'],
    ['sortOrder=sideways', 'invalidValue'],
    [`sortBy=${PRIVATE}`, 'invalidPath'],
  ])('400 for %s', async (query, scimType) => {
    expectRefused(await api.call('GET', `/Users?${query}`), 400, scimType);
  });

  it('400 for too many attributes', async () => {
    expectRefused(await api.call('GET', `/Users?attributes=${'userName,'.repeat(300)}`), 400, 'invalidValue');
  });

  it('400 for a search that is no object', async () => {
    for (const body of ['', '[]', 'null', '"x"']) {
      for (const path of ['/Users/.search', '/.search', '/Groups/.search']) {
        expectRefused(await api.call('POST', path, body), 400, 'invalidSyntax');
      }
    }
    for (const body of [{ count: {} }, { attributes: { a: 1 } }, { filter: ['id pr'] }]) {
      expectRefused(await api.call('POST', '/Users/.search', body), 400, 'invalidValue');
    }
  });
});

describe('what is no request yet', () => {
  const head = (): string => `Host: localhost\r\nAuthorization: Bearer ${api.token}\r\n`;
  it.each([
    ['an escape that is none', `/Users/%zz${PRIVATE}`],
    ['bytes that are no UTF-8', `/Users/${PRIVATE}%ff`],
    ['half a surrogate pair', `/Users/%ED%A0%80${PRIVATE}`],
  ])('400 for an address with %s', async (_what, path) => {
    expectRefused(await exchange(url, `GET /scim/v2${path} HTTP/1.1\r\n${head()}\r\n`), 400);
  });

  it('400 invalidFilter for a query that cannot be decoded', async () => {
    const answer = await exchange(url, `GET /scim/v2/Users?filter=%zz${PRIVATE} HTTP/1.1\r\n${head()}\r\n`);
    expectRefused(answer, 400, 'invalidFilter');
  });

  it('431 for headers or an address that are too long', async () => {
    const long = PRIVATE.repeat(5000);
    expectRefused(await exchange(url, `GET /scim/v2/Users HTTP/1.1\r\nX: ${long}\r\n${head()}\r\n`), 431);
    expectRefused(await exchange(url, `GET /scim/v2/Users?filter=${long} HTTP/1.1\r\n${head()}\r\n`), 431);
    expectRefused(
      await exchange(url, `GET /scim/v2/Users/${PRIVATE.repeat(2000)} HTTP/1.1\r\n${head()}\r\n`),
      404,
    );
  });

  it('400 for bytes that are no HTTP', async () => {
    for (const bytes of [
      `\0\x01${PRIVATE}\r\n\r\n`,
      `GET\r\n\r\n`,
      `${PRIVATE} / HTTP/1.1\r\n\r\n`,
      `GET / HTTP/9.9\r\n\r\n`,
    ]) {
      expectRefused(await exchange(url, bytes), 400);
    }
    const twice = 'Content-Length: 2\r\nContent-Length: 3\r\n';
    expectRefused(await exchange(url, `POST /scim/v2/Users HTTP/1.1\r\n${head()}${twice}\r\n{}`), 400);
    const smuggled = 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n';
    expectRefused(
      await exchange(url, `POST /scim/v2/Users HTTP/1.1\r\n${head()}${smuggled}\r\n0\r\n\r\n`),
      400,
    );
  });

  it('405 for verbs of other protocols', async () => {
    for (const verb of ['TRACE', 'PROPFIND', 'QUERY', 'LOCK']) {
      expectRefused(await exchange(url, `${verb} /scim/v2/Users HTTP/1.1\r\n${head()}\r\n`), 405);
    }
  });
});
