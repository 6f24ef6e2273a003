/** Nothing of anybody, and no token, is in any log line, at any level and whatever goes wrong. */
import { provideRedis } from '@fresh-scim/runtime';
import { expect, it, onTestFinished } from 'vitest';
import { exchange } from '../support/raw-http.ts';
import { startPrivateRedis } from '../support/redis-server.ts';
import { group, openScimApi, person, type TestApi } from '../support/scim-api.ts';

const PRIVATE = [
  'Okafor7f3a',
  'ines.okafor',
  'larkspur.example',
  '5550199',
  '555 0199',
  'externalid77',
  'Field Engineer',
];
const [NAME, ADDRESS] = ['Okafor7f3a', 'ines.okafor@larkspur.example'];

const ines = person({
  userName: ADDRESS,
  externalId: 'externalid77',
  displayName: `Ines ${NAME}`,
  title: 'Field Engineer',
  name: { givenName: 'Ines', familyName: NAME },
  emails: [{ type: 'work', value: ADDRESS }],
  phoneNumbers: [{ type: 'work', value: '+351 21 555 0199' }],
});

it('holds for a whole cycle, for what is refused, and for a store that fails', async () => {
  const redis = await startPrivateRedis(await provideRedis());
  const api = await openScimApi({ redisUrl: redis.url });
  onTestFinished(async () => {
    await api.close();
    await redis.stop();
  });
  const url = await api.listen();

  await cycle(api);
  await refusals(api, url);
  const { id } = await api.create(ines);
  const key = (await api.redis.keys(`*:u:${id}`))[0] ?? '';
  const stored = await api.redis.get(key);
  // A resource that somebody has damaged is a defect, and the parser's words about it repeat a piece of it.
  await api.redis.set(key, String(stored).replace(`"${NAME}"`, NAME ?? ''));
  expect((await api.patch(id, { op: 'Replace', path: 'title', value: NAME })).status).toBe(500);
  await api.redis.set(key, String(stored));
  await api.redis.set((await api.redis.keys('*layoutVersion'))[0] ?? '', '99');
  await cycle(api);
  await redis.stop();
  await Promise.all([
    api.call('POST', '/Users', ines),
    api.call('GET', `/Users?filter=title+eq+%22${NAME}%22`),
  ]);

  const log = api.logLines.join('');
  expect(log).toContain('an unexpected error');
  expect(log).toContain('another version');
  expect(log).toContain('the store is not available');
  for (const word of [...PRIVATE, api.token, api.token.slice(4, 20)]) {
    expect(
      api.logLines.find((line) => line.includes(word) || line.includes(encodeURIComponent(word))),
    ).toBeUndefined();
  }
});

async function cycle(api: TestApi): Promise<void> {
  const { body } = await api.call('POST', '/Users', ines);
  const id = body.id ?? ADDRESS;
  await api.call('GET', `/Users?filter=${encodeURIComponent(`userName eq "${ADDRESS}"`)}`);
  await api.call('GET', `/Users?filter=${encodeURIComponent(`displayName co "${NAME}"`)}`);
  await api.call('POST', '/Users', ines);
  await api.patch(id, { op: 'Replace', path: 'name.familyName', value: NAME.toUpperCase() });
  await api.call('PUT', `/Users/${id}`, ines);
  const tier = group({ displayName: `Tier ${NAME}`, externalId: 'externalid77', members: [{ value: id }] });
  const { body: created } = await api.call('POST', '/Groups', tier);
  await api.call('GET', `/Groups?filter=${encodeURIComponent(`displayName sw "Tier ${NAME}"`)}`);
  await api.call('POST', '/.search', { filter: `displayName co "${NAME}"`, sortBy: 'displayName' });
  await api.patchGroup(created.id ?? 'x', { op: 'Remove', path: `members[value eq "${NAME}"]` });
  await api.call('PUT', `/Groups/${created.id ?? NAME}`, tier);
  await api.call('DELETE', `/Groups/${created.id ?? NAME}`);
  await api.call('DELETE', `/Users/${id}`);
}

async function refusals(api: TestApi, url: string): Promise<void> {
  await api.call('GET', `/${ADDRESS}?filter=${NAME}`);
  await api.call('PUT', `/Users?x=${ADDRESS}`, ines);
  await api.call('POST', '/Users', `{"userName":"${ADDRESS}",${NAME}`);
  await api.call('POST', '/Users', person({ userName: ADDRESS, title: [NAME] }));
  await api.call('POST', '/Users', `${ADDRESS}${' '.repeat(2 * 1024 * 1024)}`);
  await api.call('POST', '/Users', ines, { 'content-type': 'text/plain' });
  await api.call('GET', '/Users', undefined, { authorization: `Bearer ${NAME}` });
  const head = `Host: ${ADDRESS}\r\nAuthorization: Bearer ${api.token}\r\n`;
  for (const bytes of [
    `GET /scim/v2/Users/${ADDRESS}%zz HTTP/1.1\r\n${head}\r\n`,
    `GET /scim/v2/Users/${ADDRESS} HTTP/1.1\r\n${head}X: ${NAME.repeat(5000)}\r\n\r\n`,
    `${NAME} ${ADDRESS}\r\n\r\n`,
    `POST /scim/v2/Users HTTP/1.1\r\n${head}Content-Length: x${NAME}\r\n\r\n`,
  ]) {
    await exchange(url, bytes);
  }
}
