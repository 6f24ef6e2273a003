/**
 * Fetches Redis from a Debian-like distribution into a cache folder, as any user: apt with lists, cache and settings
 * of its own, then dpkg -x. Nothing of the system is changed. Parallel runs each work in a folder of their own and
 * rename it into place; the first one wins and the others use it.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const APT_TIMEOUT_MS = 180_000;

/** The server's package and the one that holds its program, in the order in which they are tried. */
const PACKAGES = [
  { packages: ['redis-server', 'redis-tools'], program: 'redis-server' },
  { packages: ['valkey-server', 'valkey-tools'], program: 'valkey-server' },
] as const;

/** A program inside the cache and what it needs to start. */
interface Downloaded {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  /** It was there already. */
  readonly cached: boolean;
}

/**
 * The server of the cache, downloaded first if need be. The cache is FRESH_SCIM_CACHE_DIR, else
 * `~/.cache/fresh-scim`.
 * @throws when this is no Debian-like Linux, or nothing could be fetched; the text names the reason.
 */
export async function downloadRedis(
  env: NodeJS.ProcessEnv,
  report: (line: string) => void,
): Promise<Downloaded> {
  if (process.platform !== 'linux') throw new Error('downloading works on Debian and Ubuntu only');
  const given = env['FRESH_SCIM_CACHE_DIR'];
  const cacheDir =
    given !== undefined && given !== ''
      ? given
      : join(env['XDG_CACHE_HOME'] ?? join(env['HOME'] ?? homedir(), '.cache'), 'fresh-scim');
  const target = join(cacheDir, `redis-${await releaseName()}-${process.arch}`);
  const cached = await findServer(target, env);
  if (cached !== undefined) return { ...cached, cached: true };

  report('downloading Redis from the distribution (once, some 7 MB)');
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  const work = await mkdtemp(join(cacheDir, 'download-'));
  try {
    await fetchInto(work, env);
    await moveIntoPlace(join(work, 'root'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const found = await findServer(target, env);
  if (found === undefined) throw new Error('the downloaded packages hold no server');
  return { ...found, cached: false };
}

async function fetchInto(work: string, env: NodeJS.ProcessEnv): Promise<void> {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'root']) {
    await mkdir(join(work, folder), { recursive: true });
  }
  const settings = join(work, 'apt.conf');
  await writeFile(settings, aptSettings(work));
  const apt = async (...args: string[]): Promise<void> => {
    await run('apt-get', ['-c', settings, '-q', ...args], {
      env: { ...env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      cwd: work,
      timeout: APT_TIMEOUT_MS,
      maxBuffer: 16 * 1024 * 1024,
    });
  };
  let reason = 'apt-get is not there';
  try {
    await apt('update');
    for (const { packages } of PACKAGES) {
      try {
        // Every package that is missing comes along; --reinstall, because an installed one would be left out.
        await apt('install', '-y', '--download-only', '--no-install-recommends', '--reinstall', ...packages);
        return await unpack(join(work, 'cache/archives'), join(work, 'root'), env);
      } catch (error) {
        reason = reasonOf(error);
      }
    }
  } catch (error) {
    reason = reasonOf(error);
  }
  throw new Error(`apt-get could not fetch Redis (${reason})`);
}

/**
 * Private state, so that no right of root is needed and nothing of the system changes. The hooks of other packages
 * are cleared: they write to the system's folders. Mirrors, keys and proxies are the system's.
 */
function aptSettings(work: string): string {
  return [
    `Dir::State::lists "${work}/lists";`,
    `Dir::Cache "${work}/cache";`,
    'Debug::NoLocking "true";',
    'APT::Sandbox::User "";',
    'APT::Keep-Downloaded-Packages "true";',
    'APT::Install-Suggests "false";',
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '#clear DPkg::Pre-Install-Pkgs;',
    '#clear DPkg::Post-Invoke;',
    '',
  ].join('\n');
}

async function unpack(archives: string, root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const files = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
  if (files.length === 0) throw new Error('nothing was downloaded');
  for (const file of files) await run('dpkg', ['-x', join(archives, file), root], { env, timeout: 60_000 });
}

/** Such as `debian-12`: what was fetched for one release may not start on the next. */
async function releaseName(): Promise<string> {
  let text = '';
  try {
    text = await readFile('/etc/os-release', 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const field = (name: string): string =>
    new RegExp(`^${name}="?([\\w.]+)`, 'm').exec(text)?.[1] ?? 'unknown';
  return `${field('ID')}-${field('VERSION_ID')}`;
}

async function moveIntoPlace(from: string, target: string): Promise<void> {
  try {
    await rename(from, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another run was first; its copy is as good.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

async function findServer(
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<{ command: string; env: Record<string, string> } | undefined> {
  for (const { program } of PACKAGES) {
    const command = join(root, 'usr/bin', program);
    try {
      await stat(command);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      continue;
    }
    // Before what is there already, which may be for the Node that runs this.
    const folders = [...(await libraryFolders(root)), ...(env['LD_LIBRARY_PATH']?.split(delimiter) ?? [])];
    return { command, env: { LD_LIBRARY_PATH: folders.filter((one) => one !== '').join(delimiter) } };
  }
  return undefined;
}

/** `usr/lib/<triplet>` and its older place, whichever are there. */
async function libraryFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const parent of ['usr/lib', 'lib']) {
    try {
      for (const name of await readdir(join(root, parent))) {
        if (name.includes('-linux-')) folders.push(join(root, parent, name));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return folders;
}

function reasonOf(error: unknown): string {
  const { stderr, code, message } = error as { stderr?: string; code?: unknown; message?: string };
  if (code === 'ENOENT') return 'apt-get or dpkg is not there';
  const told = (stderr ?? '').split('\n').find((line) => line.startsWith('E:'));
  return told?.slice(2).trim() ?? (message ?? String(error)).split('\n')[0] ?? '';
}
