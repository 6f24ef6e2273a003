/**
 * The directory sync of SAML Jackson behind Fastify: its SCIM request handler is a function, so that the web framework is
 * the embedder's choice. Events go to a callback that does nothing. In memory, or on Redis when REDIS_URL is set.
 */
import jackson from '@boxyhq/saml-jackson';
import Fastify from 'fastify';
import { announce } from './announce.js';

const url = process.env.REDIS_URL;
const bearer = `Bearer ${process.env.BENCH_TOKEN}`;
const onEvent = async () => {};
const say = (...words) => process.stderr.write(`${words.join(' ')}\n`);

const { directorySyncController } = await jackson.controllers({
  externalUrl: 'http://localhost',
  samlAudience: 'https://bench.example',
  samlPath: '/sso',
  scimPath: '/scim/v2',
  noAnalytics: true,
  db: url ? { engine: 'redis', url } : { engine: 'mem' },
  logger: { info: () => {}, warn: say, error: say },
});
const { data: directory } = await directorySyncController.directories.create({
  tenant: 'bench',
  product: 'bench',
  type: 'azure-scim-v2',
});

const app = Fastify();
app.addContentTypeParser(
  'application/scim+json',
  { parseAs: 'string' },
  app.getDefaultJsonParser('error', 'ignore'),
);

const answer = async (request, reply) => {
  const { startIndex, count, filter } = request.query;
  const { status, data } = await directorySyncController.requests.handle(
    {
      method: request.method,
      body: request.body,
      directoryId: directory.id,
      resourceType: 'Users',
      resourceId: request.params.id,
      apiSecret: request.headers.authorization === bearer ? directory.scim.secret : '',
      query: { startIndex: Number(startIndex ?? 1), count: Number(count ?? 100), filter },
    },
    onEvent,
  );
  return reply.code(status).type('application/scim+json').send(data);
};
for (const path of ['/scim/v2/Users', '/scim/v2/Users/:id']) app.all(path, answer);

await app.listen({ port: 0, host: '127.0.0.1' });
announce(app.server);
