/**
 * The container files, without an engine: the Compose file against the schema of the Compose Specification and against
 * what the processes read, the Dockerfile against the workspace, docs/containers.md against both. What needs the steps
 * of the image performed is scripts/image-steps.ts.
 */
import { spawn } from 'node:child_process';
import { globSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import {
  compose,
  composeText,
  problemsOf,
  type Service,
  serviceOf,
  VARIABLE,
  withDefaults,
} from './support/compose.ts';
import { codesOf, rowsOf, sectionOf } from './support/markdown.ts';
import { readText, ROOT } from './support/sources.ts';
import { temporaryFolder } from './support/temp-dir.ts';

const services = Object.entries(compose.services).map(([name, service]) => ({ name, ...service }));
const dockerfile = readText('Dockerfile');
const page = readText('docs/containers.md');

describe('docker-compose.yml', () => {
  test('is a file of the Compose Specification', () => {
    expect(problemsOf(join(ROOT, 'docker-compose.yml'))).toEqual([]);
  });

  test.each([
    ['restart: unless-stopped', 'restrat: unless-stopped'],
    ['internal: true', 'internal: [true]'],
    ['condition: service_healthy', 'condition: healthy'],
    ['image: redis:7.4-alpine', 'image: redis'],
  ])('with "%s" changed to "%s" is not', async (right, wrong) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'docker-compose.yml');
    writeFileSync(path, composeText.replace(right, wrong));
    expect(problemsOf(path)).not.toEqual([]);
  });

  test.each(services)('$name has no right that it does not need', (service) => {
    expect(service).toMatchObject({
      init: true,
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } },
    });
    expect(service.cap_add ?? []).toEqual(service.name === 'caddy' ? ['NET_BIND_SERVICE'] : []);
    expect(Object.keys(service.deploy.resources.limits).sort()).toEqual(['cpus', 'memory', 'pids']);
    for (const key of ['privileged', 'network_mode', 'pid', 'ipc', 'container_name', 'devices']) {
      expect(service).not.toHaveProperty(key);
    }
    expect((service.volumes ?? []).filter((volume) => volume.includes('docker.sock'))).toEqual([]);
  });

  test('restarts what should run, and nothing that ends', () => {
    const once = services.filter(({ restart }) => restart === 'no').map(({ name }) => name);
    expect(once).toEqual(['cli', 'connect-simulator']);
    expect(once.filter((name) => serviceOf(name).healthcheck?.disable !== true)).toEqual([]);
    const others = services.filter(({ name }) => !once.includes(name));
    expect(others.filter(({ restart }) => restart !== 'unless-stopped')).toEqual([]);
    expect(others.filter(({ build, healthcheck }) => build === undefined && !healthcheck)).toEqual([]);
  });

  test('starts Redis, scim-api, worker and console without a profile', () => {
    const always = services.filter(({ profiles }) => profiles === undefined).map(({ name }) => name);
    expect(always).toEqual(['redis', 'scim-api', 'worker', 'console']);
  });

  test('publishes on this machine only, apart from Caddy', () => {
    const published = services.flatMap(({ name, ports = [] }) =>
      ports.map((port) => `${name} ${withDefaults(port)}`),
    );
    expect(published).toEqual([
      'scim-api 127.0.0.1:8080:8080',
      'console 127.0.0.1:8081:8081',
      'simulator 127.0.0.1:9400:9400',
      'caddy 80:80',
      'caddy 443:443',
      'caddy 443:443/udp',
    ]);
  });

  test('lets only our processes reach Redis', () => {
    expect(compose.networks['store']).toEqual({ internal: true });
    expect(serviceOf('redis').networks).toEqual(['store']);
    const near = services.filter(({ networks }) => networks.includes('store'));
    expect(near.filter(({ name, build }) => name !== 'redis' && build !== '.')).toEqual([]);
    expect(near.map(({ name }) => name)).not.toContain('simulator');
  });

  test('lets Caddy reach scim-api only', () => {
    expect(serviceOf('caddy').networks).toEqual(['scim']);
    const beside = services.filter(({ networks }) => networks.includes('scim')).map(({ name }) => name);
    expect(beside).toEqual(['scim-api', 'caddy']);
  });

  test('keeps what Redis acknowledges, and its password out of the arguments', () => {
    const script = serviceOf('redis').command?.at(-1) ?? '';
    const [start = '', ...settings] = script.split('\n').map((line) => line.trim());
    expect(start).toBe('exec redis-server - <<END');
    expect(settings).toEqual(
      expect.arrayContaining(['appendonly yes', 'appendfsync always', 'maxmemory-policy noeviction']),
    );
    expect(serviceOf('redis').volumes).toEqual(['redis:/data']);
  });

  test('pins every image to a minor version', () => {
    const images = [
      ...services.map(({ image }) => image),
      /^FROM (\S+) AS base$/m.exec(dockerfile)?.[1] ?? '',
    ];
    expect(images.filter((image) => image !== 'fresh-scim:local' && !/:\d+\.\d+/.test(image))).toEqual([]);
  });

  test('declares every network and volume that is used, and no other', () => {
    const used = (pick: (service: Service) => readonly string[]): string[] =>
      [...new Set(services.flatMap(pick))].sort();
    expect(used(({ networks }) => networks)).toEqual(Object.keys(compose.networks).sort());
    const volumes = used(({ volumes = [] }) => volumes.map((volume) => volume.split(':', 1)[0] ?? ''));
    expect(volumes.filter((name) => !name.startsWith('.'))).toEqual(Object.keys(compose.volumes).sort());
  });
});

/** Variables that the sources of a process name, in a schema or in a look-up. */
function readBy(pattern: string): string[] {
  const sources = globSync(pattern, { cwd: ROOT }).map(readText).join('\n');
  const schema = sources.matchAll(/^ {2}([A-Z][A-Z_]+): (?:z$|z\.|\w+Variable\()/gm);
  const looked = sources.matchAll(/\benv\['([A-Z][A-Z_]+)'\]/g);
  const shell = sources.matchAll(/\$([A-Z][A-Z_]+)/g);
  return [...schema, ...looked, ...shell].map(([, name = '']) => name);
}

/** Starts a process until it runs or ends: `listening`, or the lines on stderr with the exit code. */
async function start(app: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, 'apps', app, 'src/main.ts')], {
    // Without LD_LIBRARY_PATH this Node may not start.
    env: { LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      if (line.includes('"opsPort":')) return 'listening';
      lines.push(line);
    }
    return `${await ended}: ${lines.join('\n')}`;
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

describe('the environment', () => {
  const processes = ['scim-api', 'worker', 'console'];

  test.each([
    ['scim-api', 'apps/scim-api/src/config.ts'],
    ['worker', 'apps/worker/src/config.ts'],
    ['console', 'apps/console/src/config.ts'],
    ['cli', 'apps/cli/src/{installation,places}.ts'],
    ['simulator', 'packages/freshservice-sim/src/main.ts'],
    ['connect-simulator', '{deploy/connect-simulator.sh,apps/cli/src/{installation,places}.ts}'],
    ['redis', 'docker-compose.yml'],
    ['caddy', 'deploy/Caddyfile'],
  ])('of %s holds only what it reads', (name, pattern) => {
    const read = new Set(readBy(pattern));
    const given = Object.keys(serviceOf(name).environment ?? {});
    expect(given.length).toBeGreaterThan(0);
    expect(given.filter((variable) => !read.has(variable))).toEqual([]);
  });

  test.each(processes)('of %s is all that it needs', async (name) => {
    await using folder = await temporaryFolder();
    const given = Object.entries(serviceOf(name).environment ?? {}).map(([variable, value]) => [
      variable,
      withDefaults(value)
        .replace('@redis:6379', '@127.0.0.1:1')
        .replace(/^\/data/, folder.path),
    ]);
    const ports = ['SCIM_PORT', 'SCIM_OPS_PORT', 'WORKER_OPS_PORT', 'CONSOLE_PORT', 'CONSOLE_OPS_PORT'];
    const anyPort = Object.fromEntries(ports.map((variable) => [variable, '0']));
    expect(await start(name, { ...anyPort, ...Object.fromEntries(given) })).toBe('listening');
  });

  test.each(processes)('of %s is missed when it is not there', async (name) => {
    const said = await start(name, {});
    expect(said).toMatch(/^2: /);
    const missing = [...said.matchAll(/^ {2}([A-Z_]+) is not set/gm)].map(([, variable = '']) => variable);
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.filter((variable) => !(variable in (serviceOf(name).environment ?? {})))).toEqual([]);
  });

  test('of the image is read by a process', () => {
    const read = new Set([...readBy('apps/*/src/config.ts'), 'NODE_ENV']);
    const given = [...dockerfile.matchAll(/\b([A-Z_]+)=\S+/g)].map(([, name = '']) => name);
    expect(given).toContain('SCIM_HOST');
    expect(given.filter((name) => !read.has(name))).toEqual([]);
  });
});

describe('Dockerfile', () => {
  const lines = dockerfile.split('\n');

  test('has the Node of the workspace, once', () => {
    const [, minor] = /^nodeVersion: (\d+\.\d+)\./m.exec(readText('pnpm-workspace.yaml')) ?? [];
    expect(lines.filter((line) => line.startsWith('FROM '))).toEqual([
      `FROM node:${minor}-slim AS base`,
      'FROM base AS dependencies',
      'FROM base',
    ]);
    expect(dockerfile).toContain(`base.name="docker.io/library/node:${minor}-slim"`);
  });

  test('installs for the manifests of all packages', () => {
    const copied = [...dockerfile.matchAll(/^COPY (\S+\/package\.json) (\S+)$/gm)];
    const manifests = globSync('{apps,packages}/*/package.json', { cwd: ROOT });
    expect(new Set(copied.map(([, from]) => from))).toEqual(new Set(manifests));
    expect(copied.filter(([, from, to]) => from !== `${to}package.json`)).toEqual([]);
    expect(lines).toContain('RUN npx -y pnpm@12 install --frozen-lockfile --prod --no-optional');
  });

  test('ends as an unprivileged user, with a health check', () => {
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    expect(dockerfile).toMatch(/^HEALTHCHECK .*"\/app\/scripts\/image-health\.ts"\]$/m);
    const { version } = JSON.parse(readText('package.json')) as { version: string };
    expect(dockerfile).toContain(`image.version="${version}"`);
  });

  test('starts a script that may be run', () => {
    const scripts = readdirSync(join(ROOT, 'deploy')).filter((name) => name.endsWith('.sh'));
    expect(scripts).toContain(basename(/^ENTRYPOINT \["([^"]+)"\]$/m.exec(dockerfile)?.[1] ?? ''));
    expect(scripts.filter((name) => (statSync(join(ROOT, 'deploy', name)).mode & 0o111) !== 0o111)).toEqual(
      [],
    );
  });

  test('knows every word that the Compose file chooses a process by', () => {
    const words = readText('deploy/entrypoint.sh').matchAll(/^ {2}([a-z][a-z |-]*)\)/gm);
    const known = [...words].flatMap(([, list = '']) => list.split(' | '));
    const chosen = services.flatMap(({ name, build, command = [] }) =>
      build === undefined || name === 'cli' ? [] : command.slice(0, 1),
    );
    expect(chosen.filter((word) => !known.includes(word) && !word.startsWith('/app/deploy/'))).toEqual([]);
    expect(known).toEqual(['scim-api', 'worker', 'console', 'cli', 'freshservice-sim']);
  });
});

test('deploy/Caddyfile forwards one path, and logs no request', () => {
  const caddyfile = readText('deploy/Caddyfile').replaceAll(/^\s*#.*$/gm, '');
  expect([...caddyfile.matchAll(/^\s*handle.*$/gm)].map(([line]) => line.trim())).toEqual([
    'handle /scim/* {',
    'handle {',
  ]);
  expect(caddyfile).toMatch(/handle \/scim\/\* \{\s*reverse_proxy scim-api:8080 \{/);
  expect(caddyfile).toMatch(/handle \{\s*respond 404\s*\}/);
  expect(caddyfile.match(/reverse_proxy/g)).toHaveLength(1);
  expect(caddyfile).not.toMatch(/^\s*log\b/m);
});

describe('docs/containers.md', () => {
  test('has the variables of the Compose file with their defaults', () => {
    const documented = rowsOf(sectionOf(page, 'Variables')).map(([name = '', byDefault = '']) => [
      codesOf(name)[0],
      byDefault === 'required' ? undefined : (codesOf(byDefault)[0] ?? ''),
    ]);
    const used = new Map(
      [...composeText.matchAll(VARIABLE)].map(([, name = '', byDefault]) => [name, byDefault]),
    );
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(used));
  });

  test('names services and profiles that are there', () => {
    const profiles = new Set(services.flatMap(({ profiles = [] }) => profiles));
    const namedProfiles = [...page.matchAll(/--profile (\S+)/g)].map(([, name = '']) => name);
    expect(namedProfiles.filter((name) => !profiles.has(name))).toEqual([]);
    const pattern = /docker compose (?:--profile \S+ )?(?:exec|run --rm(?: -T)?|logs(?: -f)?) ([a-z-]+)/g;
    const used = [...page.matchAll(pattern)].map(([, name = '']) => name);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !(name in compose.services))).toEqual([]);
  });
});
