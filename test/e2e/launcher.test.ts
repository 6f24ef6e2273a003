/**
 * The launcher on a machine that lacks a library of the carried Node: in a small copy of the workspace, whose Node,
 * apt-get and dpkg are shell scripts, and once with the real ones where a library can be hidden from one process.
 */
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/temp-dir.ts';
import type { Ended } from './command.ts';

const ROOT = join(import.meta.dirname, '../..');
const CARRIED = `node_modules/node-linux-${process.arch}/bin/node`;
const TRIPLET = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';

/** What the Node of these tests starts with. */
const OUTER_LIBRARIES = process.env['LD_LIBRARY_PATH'] ?? '';

/** Starts only with the library of the cache, which is an empty file, and then is the Node of these tests. */
const NODE = `#!/bin/sh
case "$LD_LIBRARY_PATH" in
  *"$FRESH_SCIM_CACHE_DIR"/libatomic1-*)
    SEEN="$LD_LIBRARY_PATH" LD_LIBRARY_PATH="${OUTER_LIBRARIES}" exec "${process.execPath}" "$@" ;;
esac
echo "$0: error while loading shared libraries: $LACKING: cannot open shared object file: No such file" >&2
exit 127
`;
const APT_GET = `#!/bin/sh
[ -z "$APT_FAILS" ] || { echo "E: Unable to locate package" >&2; exit 100; }
case "$*" in *' download libatomic1') echo > libatomic1.deb ;; esac
`;
const DPKG = `#!/bin/sh
mkdir -p "$3/usr/lib/${TRIPLET}" && echo > "$3/usr/lib/${TRIPLET}/libatomic.so.1"
`;
const PROGRAM = `
process.on('SIGTERM', () => process.exit(8));
console.log(JSON.stringify({ args: process.argv.slice(2), libraries: process.env.SEEN }));
if (process.argv[2] === 'wait') setInterval(() => {}, 1_000);
else process.exit(7);
`;

let root: string;
let cache: string;
/** Where apt-get and dpkg are. */
let programs: string;

beforeEach(async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  root = join(folder.path, 'workspace');
  cache = join(folder.path, 'cache');
  programs = join(folder.path, 'programs');
  for (const path of [
    'apps/cli/bin',
    'apps/cli/package.json',
    'scripts/run.js',
    'scripts/any-node.sh',
    'package.json',
  ]) {
    await cp(join(ROOT, path), join(root, path), { recursive: true });
  }
  for (const path of ['pnpm-lock.yaml', 'node_modules/.pnpm/lock.yaml'])
    await write(join(root, path), 'same');
  await write(join(root, 'apps/cli/src/main.ts'), PROGRAM);
  await write(join(root, CARRIED), NODE);
  await write(join(programs, 'apt-get'), APT_GET);
  await write(join(programs, 'dpkg'), DPKG);
  // As pnpm does it: what npm puts first on PATH.
  await mkdir(join(root, 'node_modules/.bin'));
  await symlink(join(root, CARRIED), join(root, 'node_modules/.bin/node'));
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
}

function start(command: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: root,
    env: {
      ...process.env,
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      FRESH_SCIM_CACHE_DIR: cache,
      LACKING: 'libatomic.so.1',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { child, ended };
}

const launch = (args: readonly string[], variables?: Readonly<Record<string, string>>): Promise<Ended> =>
  start([process.execPath, 'apps/cli/bin/fresh-scim.js', ...args], variables).ended;

describe.runIf(process.platform === 'linux')('a library that the carried Node lacks', () => {
  test('is fetched once, and what the program starts gets it too', async () => {
    const given = `${OUTER_LIBRARIES}:/elsewhere`;
    const first = await launch(['a', 'b c'], { LD_LIBRARY_PATH: given });
    expect(first.stderr).toMatch(/^downloading libatomic1 .*\n$/);
    const [held = ''] = await readdir(cache);
    const folder = join(cache, held, 'usr/lib', TRIPLET);
    expect(first.exitCode).toBe(7);
    expect(JSON.parse(first.stdout)).toEqual({ args: ['a', 'b c'], libraries: `${given}:${folder}` });
    // Nothing of the download is left behind.
    expect(await readdir(cache)).toEqual([expect.stringMatching(/^libatomic1-/)]);

    const second = await launch(['a'], { APT_FAILS: '1' });
    expect(second).toMatchObject({ exitCode: 7, stderr: '' });
  });

  test('cannot be fetched: says why, and what to install', async () => {
    const refused = await launch(['status'], { APT_FAILS: '1' });
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('could not be downloaded (Unable to locate package)');
    expect(refused.stderr).toContain('apt-get install libatomic1');
    expect(await readdir(cache)).toEqual([]);

    const elsewhere = await launch(['status'], { PATH: '/nowhere' });
    expect(elsewhere).toMatchObject({ exitCode: 1, stdout: '' });
    expect(elsewhere.stderr).toContain('could not be downloaded (apt-get is not there)');

    const noCache = await launch(['status'], { FRESH_SCIM_CACHE_DIR: join(root, 'package.json') });
    expect(noCache).toMatchObject({ exitCode: 1, stdout: '' });
    expect(noCache.stderr).toContain('apt-get install libatomic1');
  });

  test('is another one: says which, and fetches nothing', async () => {
    const { exitCode, stderr } = await launch(['status'], { LACKING: 'libother.so.2' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('does not start');
    expect(stderr).toContain('libother.so.2');
    await expect(readdir(cache)).rejects.toThrow('ENOENT');
  });

  test('leaves signals and the version as they are', async () => {
    const { child, ended } = start([process.execPath, 'apps/cli/bin/fresh-scim.js', 'wait']);
    child.stdout.once('data', () => child.kill('SIGTERM'));
    expect(await ended).toMatchObject({ exitCode: 8 });

    const version = await launch(['--version'], { PATH: '/nowhere' });
    expect(version).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test('does not stop the scripts of package.json, which see the carried Node first', async () => {
    const npm = ['npm', 'run', '-s'];
    const bare = await start(['npm', 'exec', '-c', 'node --version']).ended;
    expect(bare.stderr).toContain('error while loading shared libraries');

    const command = await start([...npm, 'fresh-scim', '--', 'status', '--json']).ended;
    expect(command.exitCode).toBe(7);
    expect(JSON.parse(command.stdout)).toMatchObject({ args: ['status', '--json'] });

    await write(join(root, 'scripts/check.ts'), PROGRAM);
    const check = await start([...npm, 'test', '--', '--long']).ended;
    expect(check.exitCode).toBe(7);
    expect(JSON.parse(check.stdout)).toMatchObject({ args: ['--long'] });
  });
});

/** Ends with 77 and the reason where it cannot be tried; $1 a folder to mount in, $2 the launcher. */
const WITHOUT_LIBRARY = `
cannot() { echo "$1"; exit 77; }
libraries=/usr/lib/${TRIPLET}
command -v apt-get || cannot 'there is no apt-get'
mount --make-rprivate / && mount -t tmpfs none "$1" && mkdir "$1/upper" "$1/work" &&
  mount -t overlay none -o "lowerdir=$libraries,upperdir=$1/upper,workdir=$1/work" "$libraries" ||
  cannot 'nothing can be mounted'
rm -f "$libraries"/libatomic.so.1*
IFS=:
for folder in $PATH; do
  "$folder/node" --version 2> "$1/error" && exec "$folder/node" "$2" help
done
cannot 'there is no Node but the carried one'
`;

test.runIf(process.platform === 'linux')(
  'the real Node starts with a downloaded library',
  async (context) => {
    await using folder = await temporaryFolder();
    const script = ['sh', '-c', WITHOUT_LIBRARY, 'sh', folder.path, join(ROOT, 'apps/cli/bin/fresh-scim.js')];
    const environment = { PATH: process.env['PATH'] ?? '', LD_LIBRARY_PATH: '' };
    const possible = await start(['unshare', '-m', 'true']).ended.catch(() => ({ exitCode: null }));
    context.skip(possible.exitCode !== 0, 'unshare -m does not work here');

    const { exitCode, stdout, stderr } = await start(['unshare', '-m', ...script], environment).ended;
    context.skip(exitCode === 77, stdout.trim());
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toMatch(/^downloading libatomic1 .*\n$/);
    expect(stdout).toContain('Usage: fresh-scim');
  },
);
