/**
 * The least that a SCIM server on Redis can do: Fastify, zod, and one script for each request. It authenticates nobody,
 * knows no PATCH but that of `active`, wakes no worker and keeps no history. Run by the bench as a process of its own.
 */
import { randomUUID } from 'node:crypto';
import { announcePorts, bindToParent, connectRedis } from '@fresh-scim/runtime';
import Fastify from 'fastify';
import * as z from 'zod';

/** Stores a person and its userName, once. */
const CREATE = `if redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[1]) == 0 then return 0 end
redis.call('SET', KEYS[1], ARGV[3])
return 1`;
const GET = `return redis.call('GET', KEYS[1])`;
const FIND = `local id = redis.call('HGET', KEYS[1], ARGV[1])
return id and redis.call('GET', 'u:' .. id)`;
/** Sets `active` by replacing its text. */
const PATCH = `local text = string.gsub(redis.call('GET', KEYS[1]), '"active":%a+', '"active":' .. ARGV[1], 1)
redis.call('SET', KEYS[1], text)
return text`;

const typed = z.array(z.object({ type: z.string(), value: z.string(), primary: z.boolean().optional() }));
const userSchema = z.looseObject({
  schemas: z.array(z.string()),
  userName: z.string().min(1),
  externalId: z.string(),
  active: z.boolean(),
  displayName: z.string(),
  name: z.object({ givenName: z.string(), familyName: z.string() }),
  title: z.string(),
  locale: z.string(),
  timezone: z.string(),
  emails: typed,
  phoneNumbers: typed,
  addresses: z.array(z.object({ type: z.string(), formatted: z.string() })),
});
const patchSchema = z.object({
  schemas: z.array(z.string()),
  Operations: z.tuple([z.object({ op: z.string(), path: z.literal('active'), value: z.boolean() })]),
});
const FILTER = /^userName eq "([^"]+)"$/;

const redis = connectRedis(process.env['REDIS_URL'] ?? '', 'commands');
const scripts = new Map<string, string>();
for (const source of [CREATE, GET, FIND, PATCH]) {
  scripts.set(source, String(await redis.script('LOAD', source)));
}
const run = (source: string, keys: readonly string[], ...args: readonly string[]): Promise<unknown> =>
  redis.evalsha(scripts.get(source) ?? '', keys.length, ...keys, ...args);

const app = Fastify();
app.addContentTypeParser(
  'application/scim+json',
  { parseAs: 'string' },
  app.getDefaultJsonParser('error', 'ignore'),
);
app.addHook('onSend', async (_request, reply, payload) => {
  reply.type('application/scim+json');
  return payload;
});

app.post('/scim/v2/Users', async (request, reply) => {
  const user = userSchema.parse(request.body);
  const id = randomUUID();
  const now = new Date().toISOString();
  const text = JSON.stringify({
    ...user,
    id,
    meta: { resourceType: 'User', created: now, lastModified: now },
  });
  const stored = await run(CREATE, [`u:${id}`, 'un'], id, user.userName.toLowerCase(), text);
  return reply.code(stored === 1 ? 201 : 409).send(text);
});
app.get<{ Params: { id: string } }>('/scim/v2/Users/:id', ({ params }) => run(GET, [`u:${params.id}`]));
app.get<{ Querystring: { filter?: string } }>('/scim/v2/Users', async ({ query }) => {
  const name = FILTER.exec(query.filter ?? '')?.[1] ?? '';
  const found = (await run(FIND, ['un'], name.toLowerCase())) as string | null;
  return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":${found ? 1 : 0},"Resources":[${found ?? ''}]}`;
});
app.patch<{ Params: { id: string } }>('/scim/v2/Users/:id', ({ params, body }) => {
  const [{ value }] = patchSchema.parse(body).Operations;
  return run(PATCH, [`u:${params.id}`], String(value));
});

await app.listen({ host: '127.0.0.1', port: 0 });
bindToParent();
const address = app.server.address();
announcePorts({ http: typeof address === 'object' && address !== null ? address.port : 0 });
