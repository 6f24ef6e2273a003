/**
 * Performs the Dockerfile without a container engine (perform-dockerfile.ts says how far that goes), looks at what came
 * out, and starts the image's processes from it. Exits 1 when something is not as it should be.
 * `node scripts/image-steps.ts [--keep]`; --keep leaves the folder of the image and prints where it is.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Built, environmentOf, performDockerfile } from './perform-dockerfile.ts';

const PROCESS_TIMEOUT_MS = 30_000;
/** A Redis that is not there. */
const NO_REDIS = 'redis://127.0.0.1:1';

/** One start of a process as a container would make it, and how it has to end. */
interface Start {
  readonly args: readonly string[];
  readonly exitCode: number;
  readonly says: RegExp;
}

/** Without any configuration: each process finds all its modules, and says what is missing. */
const STARTS: readonly Start[] = [
  { args: ['scim-api'], exitCode: 2, says: /REDIS_URL is not set: give redis:/ },
  { args: ['worker'], exitCode: 2, says: /REDIS_URL is not set: give redis:/ },
  { args: ['console'], exitCode: 2, says: /REDIS_URL is not set: give redis:/ },
  { args: ['cli', '--version'], exitCode: 0, says: /^\d+\.\d+\.\d+/ },
  { args: ['cli', 'status'], exitCode: 3, says: /No fresh-scim runs/ },
  { args: ['freshservice-sim', '--help'], exitCode: 0, says: /--api-key-file/ },
  { args: [], exitCode: 2, says: /scim-api, worker, console/ },
  { args: ['echo', 'any', 'command'], exitCode: 0, says: /^any command/ },
];

function checkStart({ args, exitCode, says }: Start, built: Built): boolean {
  const { status, stdout, stderr } = spawnSync(join(built.root, built.entrypoint), args, {
    cwd: join(built.root, built.workdir),
    env: environmentOf(built),
    encoding: 'utf8',
    timeout: PROCESS_TIMEOUT_MS,
  });
  const good = status === exitCode && says.test(`${stdout}${stderr}`);
  return tell(
    good,
    `${args.join(' ') || '(no command)'} ends with ${exitCode}`,
    `${status}: ${stdout}${stderr}`,
  );
}

/** The health check against a process that runs and has no Redis: it is reached, and not ready. */
async function checkHealth(built: Built): Promise<boolean> {
  const port = await freePort();
  const env = {
    ...environmentOf(built),
    REDIS_URL: NO_REDIS,
    FRESH_SCIM_SECRET: Buffer.alloc(32).toString('base64'),
    SCIM_PORT: '0',
    SCIM_OPS_PORT: String(port),
    // In a container nothing else listens; on this machine something may, where a worker or a console would.
    WORKER_OPS_PORT: '1',
    CONSOLE_OPS_PORT: '1',
  };
  const ask = (): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [join(built.root, 'app/scripts/image-health.ts')], { env, encoding: 'utf8' });
  const child = spawn(join(built.root, built.entrypoint), ['scim-api'], { env, stdio: 'ignore' });
  const deadline = performance.now() + PROCESS_TIMEOUT_MS;
  let { status, stdout } = ask();
  while (String(stdout).startsWith('nothing') && performance.now() < deadline) {
    await sleep(100);
    ({ status, stdout } = ask());
  }
  child.kill('SIGTERM');
  const [code] = await new Promise<[number | null]>((resolve) =>
    child.once('exit', (code) => resolve([code])),
  );
  const health = tell(
    status === 1 && /Redis does not answer/.test(String(stdout)),
    'the health check says that Redis is missing',
    String(stdout),
  );
  return tell(code === 0, 'scim-api ends with 0 on SIGTERM', String(code)) && health;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** What must not be in the image, and what must. */
function checkFiles(built: Built): boolean {
  const paths = filesOf(built);
  const ours = paths.filter((path) => !path.includes('node_modules/'));
  const wrong = ours.filter((path) =>
    /\.test\.ts$|\/testing\/|\/dist\/|\.md$|tsconfig|(^|\/)\.env/.test(path),
  );
  const carried = paths.filter((path) => /node_modules\/(\.pnpm\/)?node-(bin|linux|darwin)-/.test(path));
  return [
    tell(wrong.length === 0, 'no test, page or build output', wrong.join(', ')),
    tell(carried.length === 0, 'no Node besides the one of the base image', carried.slice(0, 3).join(', ')),
    tell(existsSync(join(built.root, 'data')), '/data is there', 'it is not'),
    tell(ours.length > 100, `${ours.length} files of ours`, 'too few'),
  ].every(Boolean);
}

const filesOf = ({ root }: Built): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted();

function tell(good: boolean, what: string, otherwise: string): boolean {
  say(good ? `ok   ${what}` : `FAIL ${what}: ${otherwise.slice(0, 2_000)}`);
  return good;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(keep: boolean): Promise<boolean> {
  const image = performDockerfile(say);
  try {
    const before = filesOf(image).join('\n');
    const results = [checkFiles(image), ...STARTS.map((start) => checkStart(start, image))];
    results.push(await checkHealth(image));
    results.push(tell(filesOf(image).join('\n') === before, 'nothing was written below /', 'files changed'));
    return results.every(Boolean);
  } finally {
    if (keep) say(`kept: ${image.root}`);
    else rmSync(image.root, { recursive: true, force: true });
  }
}

process.exitCode = (await main(process.argv.includes('--keep'))) ? 0 : 1;
