/**
 * The port of a process that only its operator sees: is it alive, is it ready, what does it count. Apart from the
 * process's own port, so that it can stay off the network. /livez touches nothing, so that an outage of Redis never
 * makes a supervisor kill a healthy process.
 */
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** /readyz answers within this time, whatever the check does. */
const READY_WITHIN_MS = 1_900;

/** Where `up`, `doctor` and the health check of a container ask. */
const LOOPBACK = '127.0.0.1';
const HOSTS_WITH_LOOPBACK: ReadonlySet<string> = new Set([LOOPBACK, 'localhost', '0.0.0.0', '::']);

/** What an ops server needs. */
export interface OpsOptions {
  /** Where others may ask; health checks of this machine always may. @default '127.0.0.1' */
  readonly host?: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly registry: Registry;
  /** What keeps this process from its work, in words for the operator; empty when ready. */
  readonly ready: () => Promise<readonly string[]>;
  /** More metrics in Prometheus's text format, appended to the registry's. */
  readonly moreMetrics?: () => Promise<string>;
}

/** A running ops server. */
export interface OpsServer {
  /** The port that it got. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/livez` (200 while the event loop turns), `/readyz` (200 or 503 with `{ready, problems}`, within 2 s) and
 * `/metrics`. @throws when the port is taken.
 */
export async function startOps(options: OpsOptions): Promise<OpsServer> {
  const { host = LOOPBACK } = options;
  const apps: FastifyInstance[] = [];
  let { port } = options;
  for (const one of HOSTS_WITH_LOOPBACK.has(host) ? [host] : [host, LOOPBACK]) {
    const app = buildOps(options);
    apps.push(app);
    await app.listen({ host: one, port });
    const address = app.server.address();
    if (address === null || typeof address === 'string') throw new Error('the ops server has no TCP address');
    ({ port } = address);
  }
  return {
    port,
    close: async () => {
      await Promise.all(apps.map((app) => app.close()));
    },
  };
}

function buildOps({ registry, ready, moreMetrics }: OpsOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    requestTimeout: 10_000,
    bodyLimit: 1_024,
  });
  app.get('/livez', (_request, reply) => reply.send({ alive: true }));
  app.get('/readyz', async (_request, reply) => {
    const problems = await problemsInTime(ready);
    return reply.code(problems.length === 0 ? 200 : 503).send({ ready: problems.length === 0, problems });
  });
  app.get('/metrics', async (_request, reply) => {
    const parts = [await registry.metrics(), ...(moreMetrics === undefined ? [] : [await moreMetrics()])];
    return reply.header('content-type', registry.contentType).send(parts.join('\n'));
  });
  return app;
}

async function problemsInTime(ready: OpsOptions['ready']): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve([`the check took longer than ${READY_WITHIN_MS} ms`]), READY_WITHIN_MS);
  });
  try {
    return await Promise.race([ready(), late]);
  } catch (error) {
    // The class only: a text could carry an address or a name, and this port is read without a sign-in.
    return [`the check failed (${error instanceof Error ? error.name : typeof error})`];
  } finally {
    clearTimeout(timer);
  }
}
