// Builds the console without listening, so that tests can inject requests. Everything but the sign-in page, the sign-out
// and the style sheet is behind the sign-in, unknown addresses included.
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import type { Connections } from '@fresh-scim/connections';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Redis, RedisOptions } from 'ioredis';
import { messagePage } from './pages/page.ts';
import { addQueueBoard } from './queue-board.ts';
import { addHomeRoutes } from './routes/home.ts';
import { addSignInRoutes, demandSignIn } from './routes/sign-in.ts';
import { guardEveryAnswer } from './security.ts';
import { createSessions } from './sessions.ts';
import { createSignInThrottle } from './throttle.ts';

const BODY_BYTES_MAX = 64 * 1_024;
const SESSION_LIFE_MS = 12 * 3_600_000;
const POLL_MS = 3_000;

export interface ConsoleOptions {
  readonly connections: Pick<Connections, 'listCached'>;
  /** For sessions; stays the caller's to close. */
  readonly redis: Redis;
  /** For the queues, one client for each connection that is shown. */
  readonly queueRedis: RedisOptions;
  readonly password: string;
  readonly logger: FastifyBaseLogger;
  /** The installation as seen from outside; https makes the session's cookie Secure. */
  readonly publicUrl?: string | undefined;
  /** Start of the Redis keys. @default 'fresh-scim' */
  readonly keyPrefix?: string;
  /** @default 12 h */
  readonly sessionLifeMs?: number;
  /** How often the list of connections is looked at. @default 3000 */
  readonly pollMs?: number;
  /** Milliseconds, for the throttle. @default Date.now */
  readonly now?: () => number;
}

/** Builds the console; `close()` ends what it has opened. */
export async function buildConsole(options: ConsoleOptions): Promise<FastifyInstance> {
  const { connections, redis, queueRedis, password, logger, publicUrl } = options;
  const {
    keyPrefix = 'fresh-scim',
    sessionLifeMs = SESSION_LIFE_MS,
    pollMs = POLL_MS,
    now = Date.now,
  } = options;
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    // A request line holds the address of a person's computer.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    // A reverse proxy on the same machine says who asks, and whether by https.
    trustProxy: 'loopback',
  });
  const sessions = createSessions({ redis, password, keyPrefix, lifeMs: sessionLifeMs });

  await app.register(cookie);
  await app.register(formbody, { bodyLimit: BODY_BYTES_MAX });
  guardEveryAnswer(app);
  demandSignIn(app, sessions);
  answerErrors(app);

  addSignInRoutes(app, {
    sessions,
    throttle: createSignInThrottle({ now }),
    password,
    sessionLifeMs,
    httpsOutside: publicUrl?.startsWith('https:') ?? false,
  });
  const board = await addQueueBoard(app, { connections, redis: queueRedis, pollMs });
  app.addHook('onClose', () => board.close());
  addHomeRoutes(app, board);
  return app;
}

function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler(async (_request, reply) => {
    const body = messagePage('Not found', 'There is no such page in the console.', true);
    return reply.code(404).type('text/html; charset=utf-8').send(body);
  });
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) {
      const body = messagePage('Not possible', 'The request could not be understood.', false);
      return reply.code(status).type('text/html; charset=utf-8').send(body);
    }
    request.log.error({ err: error }, 'a request failed');
    const body = messagePage(
      'Out of order',
      'Redis does not answer, or something failed. Try again soon.',
      false,
    );
    return reply.code(503).header('retry-after', 5).type('text/html; charset=utf-8').send(body);
  });
}
