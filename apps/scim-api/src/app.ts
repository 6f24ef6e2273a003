/**
 * The SCIM endpoint that Entra calls: authenticate, parse, commit, wake, answer. Builds without listening. Never calls
 * Freshservice and waits for no worker.
 */
import type { Connections } from '@fresh-scim/connections';
import { openDirectory } from '@fresh-scim/directory';
import type { Waker } from '@fresh-scim/queue';
import type { Logger } from '@fresh-scim/runtime';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import { authenticate } from './plugins/auth.ts';
import { limitLoad } from './plugins/load.ts';
import { type RequestObserver, observeRequests } from './plugins/observe.ts';
import { scimAnswers } from './plugins/scim-answers.ts';
import { discoveryRoutes } from './routes/discovery.ts';
import { userRoutes } from './routes/users.ts';

/** What the endpoint is made of. */
export interface ScimApiOptions {
  readonly connections: Connections;
  readonly redis: Redis;
  readonly waker: Pick<Waker, 'wake'>;
  readonly logger: Logger;
  /** Origin of `meta.location`. @default the host that the request names */
  readonly publicUrl?: string | undefined;
  /** Told of each answered request, for metrics. */
  readonly onRequest?: RequestObserver;
  /** Requests under way at a time; more are answered 429. @default 2000 */
  readonly requestsMax?: number;
}

/** Where the endpoint is; Entra appends `/Users`. */
const BASE_PATH = '/scim/v2';

const MIB = 1024 * 1024;
/** The largest body of a request on Users. */
const BODY_BYTES_MAX = MIB;
/** A query with a filter and a list of attributes is far below this. */
const HEADER_BYTES_MAX = 32 * 1024;
/** Whole requests that are slower than this are dropped: Entra sends a kilobyte at a time. */
const REQUEST_TIMEOUT_MS = 30_000;

export async function buildScimApi(options: ScimApiOptions): Promise<FastifyInstance> {
  const { connections, redis, waker, logger, publicUrl, onRequest, requestsMax = 2000 } = options;
  const app = Fastify({
    loggerInstance: logger satisfies FastifyBaseLogger as FastifyBaseLogger, // pino's own type is narrower
    disableRequestLogging: true,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 2 * REQUEST_TIMEOUT_MS,
    http: { maxHeaderSize: HEADER_BYTES_MAX },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    return503OnClosing: true,
    requestIdHeader: false,
  });
  await app.register(scimAnswers);
  await app.register(limitLoad, { requestsMax });
  if (onRequest) await app.register(observeRequests, { onRequest });
  await app.register(
    async (scope) => {
      await scope.register(discoveryRoutes, { publicUrl, basePath: BASE_PATH });
      await scope.register(async (guarded) => {
        await guarded.register(authenticate, { connections });
        await guarded.register(userRoutes, {
          directoryOf: (connection) =>
            openDirectory(redis, { accountId: connection.accountId, connectionId: connection.id }),
          wake: ({ accountId, id }, { key, changed, urgency }) => {
            if (!changed || urgency === 'held') return;
            waker.wake({ accountId, connectionId: id }, key, urgency === 'urgent' ? 'urgent' : 'normal');
          },
          publicUrl,
          basePath: BASE_PATH,
        });
      });
    },
    { prefix: BASE_PATH },
  );
  return app;
}
