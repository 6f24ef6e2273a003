/** Installs what fresh-scim is compared with, on demand: an ordinary installation leaves it out. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'peers');

/** @throws when they cannot be installed. */
export function installPeers(): void {
  const lockfile = join(FOLDER, 'pnpm-lock.yaml');
  // pnpm keeps a copy of the lockfile that it installed from.
  const installed = join(FOLDER, 'node_modules/.pnpm/lock.yaml');
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(lockfile))) return;
  process.stderr.write('Installing the peers (once) ...\n');
  const { status } = spawnSync('npx', ['-y', 'pnpm@12', 'install', '--frozen-lockfile'], {
    cwd: FOLDER,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CI: 'true' },
  });
  if (status !== 0) throw new Error('the peers could not be installed; --no-peers measures without them');
}
