/** Redis in a container, through testcontainers, where a container engine answers. */
import { request } from 'node:http';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const IMAGE = 'redis:7-alpine';
const PING_WITHIN_MS = 1_000;
const START_WITHIN_MS = 60_000;

/** A container's Redis, or undefined where no engine answers within a second or none can start it (which is said). */
export async function startContainer(
  report: (line: string) => void,
): Promise<{ url: string; stop(): Promise<void> } | undefined> {
  if (!(await engineAnswers())) return undefined;
  try {
    // Imported here only: it takes a second, and most machines without an engine never need it.
    const { GenericContainer } = await import('testcontainers');
    const container = await new GenericContainer(IMAGE)
      .withCommand(['redis-server', '--save', '', '--appendonly', 'yes', '--appendfsync', 'no'])
      .withExposedPorts(6379)
      .withStartupTimeout(START_WITHIN_MS)
      .start();
    report(`Redis in a container (${IMAGE})`);
    return {
      url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
      stop: async () => {
        await container.stop();
      },
    };
  } catch (error) {
    report(`a container engine answers but cannot run ${IMAGE}: ${String(error).split('\n')[0] ?? ''}`);
    return undefined;
  }
}

async function engineAnswers(): Promise<boolean> {
  const { DOCKER_HOST: host, HOME: home = '', XDG_RUNTIME_DIR: runtimeDir = '' } = process.env;
  if (host?.startsWith('tcp://')) {
    const { hostname, port } = new URL(host);
    return ping({ host: hostname, port: port === '' ? 2375 : Number(port) });
  }
  const sockets = host?.startsWith('unix://')
    ? [host.slice('unix://'.length)]
    : ['/var/run/docker.sock', join(home, '.docker/run/docker.sock'), join(runtimeDir, 'podman/podman.sock')];
  for (const socketPath of sockets) {
    if (existsSync(socketPath) && (await ping({ socketPath }))) return true;
  }
  return false;
}

function ping(where: { host: string; port: number } | { socketPath: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ ...where, path: '/_ping', agent: false, timeout: PING_WITHIN_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.on('close', () => resolve(false));
    call.end();
  });
}
