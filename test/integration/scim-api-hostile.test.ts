/** Bad company at the level of HTTP: bodies without an end, broken off, contradicting themselves; headers that are to leak. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/poll.ts';
import { exchange, openSocket } from '../support/raw-http.ts';
import {
  BASE,
  type Body,
  CORE_GROUP,
  CORE_USER,
  group,
  openScimApi,
  person,
  type TestApi,
} from '../support/scim-api.ts';

const MIB = 2 ** 20;

let api: TestApi;
let url: string;
let control: Body;

beforeAll(async () => {
  api = await openScimApi();
  url = await api.listen();
  control = await api.create({ title: 'Control' });
});
afterEach(async () => {
  expect((await api.call('GET', `/Users/${control.id}`)).body).toEqual(control);
});
afterAll(() => api.close());

const head = (method: string, path: string, ...lines: string[]): string =>
  [
    `${method} ${BASE}${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${api.token}`,
    ...lines,
    '',
    '',
  ].join('\r\n');
const JSON_TYPE = 'Content-Type: application/scim+json';

describe('the size of a body', () => {
  const padded = (body: object, bytes: number): string => {
    const text = JSON.stringify(body);
    return text + ' '.repeat(bytes - Buffer.byteLength(text));
  };

  it('is 1 MiB for a user and 8 MiB for a group, and not a byte more', async () => {
    const created = await api.createGroup();
    const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [] };
    for (const [method, path, body, limit, status] of [
      ['POST', '/Users', person(), MIB, 201],
      ['PATCH', `/Users/${control.id}`, patch, MIB, 200],
      ['POST', '/Users/.search', {}, MIB, 200],
      ['POST', '/Groups', group(), 8 * MIB, 201],
      ['PUT', `/Groups/${created.id}`, group(), 8 * MIB, 200],
      ['PATCH', `/Groups/${created.id}`, patch, 8 * MIB, 204],
      ['POST', '/Groups/.search', {}, MIB, 200],
    ] as const) {
      expect([path, (await api.call(method, path, padded(body, limit))).status]).toEqual([path, status]);
      expect([path, (await api.call(method, path, padded(body, limit + 1))).status]).toEqual([path, 413]);
    }
  });

  it('is refused by its announcement alone, and in chunks without one as soon as it is too large', async () => {
    const announced = await exchange(url, head('POST', '/Groups', JSON_TYPE, `Content-Length: ${9 * MIB}`));
    expect(announced).toMatchObject({ status: 413, body: { status: '413' } });
    const socket = await openSocket(url);
    const answer: string[] = [];
    socket.on('data', (chunk) => answer.push(String(chunk)));
    socket.write(head('POST', '/Users', JSON_TYPE, 'Transfer-Encoding: chunked'));
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    for (let sent = 0; sent < 2 * MIB && answer.length === 0 && socket.writable; sent += 0x10000) {
      socket.write(chunk);
      await new Promise(setImmediate);
    }
    await until('the refusal', () => answer.join('').includes('"status":"413"'));
    socket.destroy();
  });
});

describe('a body', () => {
  it('of millions of empty lists is refused before they are made', async () => {
    const lists = (count: number): string =>
      `{"schemas":["${CORE_GROUP}"],"displayName":"Lists","x":[${'[],'.repeat(count)}0]}`;
    expect((await api.call('POST', '/Groups', lists(199_000))).status).toBe(201);
    const { status, body } = await api.call('POST', '/Groups', lists(2_700_000));
    expect({ status, body }).toMatchObject({ status: 400, body: { scimType: 'invalidSyntax' } });
    expect(body['detail']).toContain('400000 values');
  });

  it('that names an attribute twice has what came last, and nothing of the names of JavaScript', async () => {
    const text = `{"schemas":["${CORE_USER}"],"userName":"twice@larkspur.example","active":true,"active":false,
      "title":"first","title":"last","__proto__":{"title":"proto"},"__proto__":"x"}`;
    const { status, body } = await api.call('POST', '/Users', text);
    expect({ status, body }).toMatchObject({ status: 201, body: { active: false, title: 'last' } });
    expect((await api.call('GET', `/Users/${body.id}`)).body).toEqual(body);
  });

  it('that is broken off changes nothing', async () => {
    const before = (await api.call('GET', '/Users?count=0')).body.totalResults;
    const text = JSON.stringify(person());
    for (const end of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const socket = await openSocket(url);
      socket.write(head('POST', '/Users', JSON_TYPE, `Content-Length: ${text.length}`) + text.slice(0, -1));
      socket[end]();
    }
    const put = await openSocket(url);
    put.write(head('PUT', `/Users/${control.id}`, JSON_TYPE, 'Transfer-Encoding: chunked') + '5\r\n{"sch');
    put.destroy();
    expect((await api.call('GET', '/Users?count=0')).body.totalResults).toBe(before);
  });

  it.each(['GET', 'DELETE'])('of a %s is no reason to fail', async (method) => {
    const { id } = await api.create();
    const body = '{"x":1}';
    const request = head(method, `/Users/${id}`, JSON_TYPE, `Content-Length: ${body.length}`) + body;
    const { status } = await exchange(url, request);
    expect([200, 204]).toContain(status);
  });
});

describe('headers', () => {
  it('cannot be smuggled into an answer', async () => {
    const injected = 'x%0d%0aSet-Cookie:%20a=b';
    const answers = await Promise.all([
      api.call('GET', `/Users/${injected}`),
      api.call('GET', `/${injected}`),
      api.call('GET', `/Users?filter=${injected}&attributes=${injected}&cursor=${injected}`),
      api.call('POST', '/Users', person({ userName: 'a\r\nSet-Cookie: a=b' })),
      api.call('POST', '/Users', person(), { host: 'evil.example/x' }),
      api.call('GET', `/Users/${control.id}`, undefined, {
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'gopher',
      }),
    ]);
    for (const { headers, body } of answers) {
      expect(headers).not.toHaveProperty('set-cookie');
      expect(JSON.stringify([headers['location'], body.meta])).not.toContain('evil');
    }
  });

  it('that contradict each other are refused, and end the connection', async () => {
    for (const lines of [
      ['Content-Length: 1', 'Content-Length: 2'],
      ['Content-Length: 2', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked, identity'],
      ['Content-Length: -1'],
      ['Content-Length: 1e3'],
      ['Bad Name: x'],
      ['X: a\0b'],
      [' folded: x'],
    ]) {
      const answer = await exchange(url, head('POST', '/Users', JSON_TYPE, ...lines));
      expect([lines, answer.status]).toEqual([lines, 400]);
      expect(answer.headers['connection']).toBe('close');
    }
  });

  it('of two kinds of credentials do not add up to one that is right', async () => {
    const wrong = `Authorization: Bearer fsc_${'A'.repeat(43)}`;
    const request = (first: string, second: string): string =>
      [`GET ${BASE}/Users HTTP/1.1`, 'Host: localhost', first, second, '', ''].join('\r\n');
    const { status } = await exchange(url, request(wrong, `Authorization: Bearer ${api.token}`));
    expect(status).toBe(401);
    expect(
      (await api.call('GET', `/Users?access_token=${api.token}`, undefined, { authorization: '' })).status,
    ).toBe(401);
  });
});
