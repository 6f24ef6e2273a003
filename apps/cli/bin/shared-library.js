/**
 * Fetches a shared library that the carried Node needs and the machine lacks, from a Debian-like distribution into the
 * cache folder, as any user: apt with lists, cache and settings of its own, then dpkg -x. Nothing of the system is
 * changed. It goes the way of packages/runtime/src/redis-download.ts, which cannot be used before Node 26 starts.
 */
import { spawnSync } from 'child_process';
import fs from 'fs';
import os from 'os';
import { join, resolve } from 'path';

/** Libraries that the carried Node needs and that a machine with another Node may lack, with their packages. */
const PACKAGES = {
  'libatomic.so.1': { debian: 'libatomic1', fedora: 'libatomic' },
};
const TRIPLETS = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
const APT_TIMEOUT_MS = 180000;
const OUTPUT_MAX_BYTES = 16 * 1024 * 1024;

/** Whether the package of this library is known. */
export function isFetchable(library) {
  return library !== undefined && PACKAGES[library] !== undefined;
}

/**
 * The folder of the cache that holds the library, downloaded first if need be. The cache is FRESH_SCIM_CACHE_DIR, else
 * `~/.cache/fresh-scim`. Parallel runs each work in a folder of their own; the first rename wins.
 * @throws when it could not be fetched; the text says why and what to install.
 */
export function libraryFolder(library, report) {
  const { debian, fedora } = PACKAGES[library];
  const cacheDir = resolve(
    process.env.FRESH_SCIM_CACHE_DIR ||
      join(process.env.XDG_CACHE_HOME || join(process.env.HOME || os.homedir(), '.cache'), 'fresh-scim'),
  );
  const target = join(cacheDir, `${debian}-${releaseName()}-${process.arch}`);
  const found = findFolder(target, library);
  if (found !== undefined) return found;

  report(`downloading ${debian} from the distribution (once), because ${library} is not installed`);
  try {
    fs.mkdirSync(cacheDir, { recursive: true, mode: 0o700 });
    const work = fs.mkdtempSync(join(cacheDir, 'download-'));
    try {
      fetchInto(work, debian);
      moveIntoPlace(join(work, 'root'), target);
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
    const fetched = findFolder(target, library);
    if (fetched === undefined) throw new Error(`the package ${debian} does not hold it`);
    return fetched;
  } catch (error) {
    throw new Error(
      `The Node that fresh-scim runs on needs ${library}, which is not installed and could not be downloaded ` +
        `(${error.message}).\n` +
        `Install it: apt-get install ${debian} (Debian, Ubuntu), dnf install ${fedora} (Fedora).`,
      { cause: error },
    );
  }
}

function findFolder(root, library) {
  const folders = ['usr/lib', 'lib'].map((parent) => join(root, parent, TRIPLETS[process.arch] || ''));
  return folders.find((folder) => fs.existsSync(join(folder, library)));
}

function fetchInto(work, name) {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'root']) {
    fs.mkdirSync(join(work, folder), { recursive: true });
  }
  const settings = join(work, 'apt.conf');
  fs.writeFileSync(settings, aptSettings(work));
  const apt = (...args) => run(work, 'apt-get', ['-c', settings, '-q', ...args]);
  let listProblem;
  try {
    apt('update');
  } catch (error) {
    // One source of many may be out of order; what counts is whether the package can be had.
    listProblem = error;
  }
  try {
    // Not `install`: what the package depends on is there, and another C library must not come along.
    apt('download', name);
  } catch (error) {
    throw listProblem || error;
  }
  const file = fs.readdirSync(work).find((entry) => entry.endsWith('.deb'));
  if (file === undefined) throw new Error('nothing was downloaded');
  run(work, 'dpkg', ['-x', join(work, file), join(work, 'root')]);
}

/**
 * Private state, so that no right of root is needed and nothing of the system changes. The hooks of other packages
 * are cleared: they write to the system's folders. Mirrors, keys and proxies are the system's.
 */
function aptSettings(work) {
  return [
    `Dir::State::lists "${work}/lists";`,
    `Dir::Cache "${work}/cache";`,
    'Debug::NoLocking "true";',
    'APT::Sandbox::User "";',
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '',
  ].join('\n');
}

function run(cwd, program, args) {
  const { status, error, stderr } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
    timeout: APT_TIMEOUT_MS,
    maxBuffer: OUTPUT_MAX_BYTES,
  });
  if (status === 0) return;
  if (error) throw new Error(error.code === 'ENOENT' ? `${program} is not there` : error.message);
  const told = stderr.split('\n').find((line) => line.startsWith('E:'));
  throw new Error(told ? told.slice(2).trim() : `${program} ended with ${status}`);
}

/** Such as `debian-12`: what was fetched for one release may not load on another. */
function releaseName() {
  const file = '/etc/os-release';
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const field = (name) => (new RegExp(`^${name}="?([\\w.]+)`, 'm').exec(text) || ['', 'unknown'])[1];
  return `${field('ID')}-${field('VERSION_ID')}`;
}

function moveIntoPlace(from, target) {
  try {
    fs.renameSync(from, target);
  } catch (error) {
    // Another run was first; its copy is as good.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
}
