/**
 * The SCIM endpoint that Entra calls: authenticate, parse, commit, wake, answer. Builds without listening. Never calls
 * Freshservice and waits for no worker.
 */
import type { Connections } from '@fresh-scim/connections';
import { openDirectory } from '@fresh-scim/directory';
import type { Waker } from '@fresh-scim/queue';
import type { Logger } from '@fresh-scim/runtime';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Redis } from 'ioredis';
import type { ResourceRoutesOptions } from './answers.ts';
import { answerBadUrl, answerClientError } from './early-errors.ts';
import { authenticate } from './plugins/auth.ts';
import { bodyParsers } from './plugins/body.ts';
import { endConnectionsOnClose } from './plugins/closing.ts';
import { headersOfHttp } from './plugins/headers-of-http.ts';
import { limitLoad } from './plugins/load.ts';
import { type RequestObserver, observeRequests } from './plugins/observe.ts';
import { scimAnswers } from './plugins/scim-answers.ts';
import { unknownRoutes } from './plugins/unknown-routes.ts';
import { createTurns } from './query/turns.ts';
import { discoveryRoutes } from './routes/discovery.ts';
import { groupRoutes } from './routes/groups.ts';
import { notOfferedRoutes } from './routes/not-offered.ts';
import { rootRoutes } from './routes/root.ts';
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
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. @default none */
  readonly trustedProxies?: readonly string[];
  /** Requests under way at a time; more are answered 429. @default 2000 */
  readonly requestsMax?: number;
  /** Bytes of the large bodies under way at a time; more are answered 429. @default 128 MiB */
  readonly bodyBytesMax?: number;
  /** Requests without a valid token that one source may send in a minute; more are answered 429. @default 30 */
  readonly failuresPerMinuteMax?: number;
  /** Whole requests that take longer to arrive are dropped: Entra sends a kilobyte at a time. @default 30000 */
  readonly requestTimeoutMs?: number;
}

/** Where the endpoint is; Entra appends `/Users`. */
const BASE_PATH = '/scim/v2';

const MIB = 1024 * 1024;
/** The largest body of a request on Users. */
const BODY_BYTES_MAX = MIB;
/** A query with a filter and a list of attributes is far below this. */
const HEADER_BYTES_MAX = 32 * 1024;
/** How often the age of unfinished requests is looked at. */
const UNFINISHED_CHECK_MS = 1_000;
/** Connections at a time; Entra's cloud opens tens. More are closed at once. */
const CONNECTIONS_MAX = 10_000;

export async function buildScimApi(options: ScimApiOptions): Promise<FastifyInstance> {
  const { connections, redis, waker, logger, publicUrl, trustedProxies, onRequest } = options;
  const { requestsMax = 2_000, bodyBytesMax = 128 * MIB } = options;
  const { failuresPerMinuteMax = 30, requestTimeoutMs = 30_000 } = options;
  const app = Fastify({
    loggerInstance: toFastifyLogger(logger),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: 2 * requestTimeoutMs,
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      connectionsCheckingInterval: UNFINISHED_CHECK_MS,
      // Fastify sets it on a server that is made already, whose headersTimeout is then the longer one of the two;
      // and Node never ends a slow body so.
      requestTimeout: requestTimeoutMs,
      // Without it the answer would be Node's own, which is not in SCIM form.
      requireHostHeader: false,
    },
    trustProxy: trustedProxies && trustedProxies.length > 0 ? [...trustedProxies] : false,
    // A Tenant URL may end in a slash, and an id of any length is an unknown id. Microsoft's tests ask for /users.
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: HEADER_BYTES_MAX,
    },
    // What still comes while the server closes is answered as ever; see plugins/closing.ts.
    return503OnClosing: false,
    frameworkErrors: answerBadUrl,
    clientErrorHandler: answerClientError,
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  await app.register(endConnectionsOnClose);
  await app.register(scimAnswers);
  await app.register(bodyParsers);
  await app.register(limitLoad, { requestsMax, bodyBytesMax });
  await app.register(headersOfHttp);
  await app.register(unknownRoutes);
  if (onRequest) await app.register(observeRequests, { onRequest });
  await app.register(
    async (scope) => {
      await scope.register(discoveryRoutes, { publicUrl, basePath: BASE_PATH });
      await scope.register(async (guarded) => {
        await guarded.register(authenticate, { connections, failuresPerMinuteMax });
        const resources: ResourceRoutesOptions = {
          directoryOf: ({ accountId, id }) => openDirectory(redis, { accountId, connectionId: id }),
          turnsOf: createTurns(),
          publicUrl,
          basePath: BASE_PATH,
        };
        await guarded.register(userRoutes, {
          ...resources,
          wake: ({ accountId, id }, { key, changed, urgency }) => {
            if (!changed || urgency === 'held') return;
            waker.wake({ accountId, connectionId: id }, key, urgency === 'urgent' ? 'urgent' : 'normal');
          },
        });
        await guarded.register(groupRoutes, resources);
        await guarded.register(rootRoutes, resources);
        await guarded.register(notOfferedRoutes);
      });
    },
    { prefix: BASE_PATH },
  );
  return app;
}

/** Fastify's type of a logger is wider than pino's. */
const toFastifyLogger = (logger: Logger): FastifyBaseLogger => logger;
