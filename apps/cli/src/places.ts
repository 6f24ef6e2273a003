// Where things are: the data folder, the programs of the other processes, the addresses that outsiders use.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const DATA_DIR = '.fresh-scim';
const WORKSPACE = join(import.meta.dirname, '../../..');

/** The programs that `up` starts, by the name of the child. */
export const PROGRAMS = {
  'scim-api': join(WORKSPACE, 'apps/scim-api/src/main.ts'),
  worker: join(WORKSPACE, 'apps/worker/src/main.ts'),
  console: join(WORKSPACE, 'apps/console/src/main.ts'),
  simulator: join(dirname(fileURLToPath(import.meta.resolve('@fresh-scim/freshservice-sim'))), 'main.ts'),
} as const;

/** FRESH_SCIM_DATA_DIR, or `.fresh-scim` in the current folder; absolute. */
export function dataDirOf(env: NodeJS.ProcessEnv): string {
  return resolve(env['FRESH_SCIM_DATA_DIR']?.trim() || DATA_DIR);
}

/** Where `demo` keeps everything that it makes: never where a real installation is. */
export function demoDirOf(dataDir: string): string {
  return join(dataDir, 'demo');
}

/** What Entra is told to call. */
export function tenantUrlOf(publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/scim/v2`;
}

/** `http://host:port`, where a server that listens everywhere is reached on this machine. */
export function urlOf(host: string, port: number): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}
