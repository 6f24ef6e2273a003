// The log files of the children, in the data folder: one each, and the one before.
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const FILE_BYTES_MAX = 20 * 1_048_576;
const TRIM_EVERY_MS = 30_000;
const LAST_LINES = 20;
const LAST_LINE_MAX = 300;

/** The folder of log files. */
export interface Logs {
  readonly dir: string;
  /** Opens a child's file for as long as `work` takes; the child keeps it open. */
  withFile<T>(name: string, work: (descriptor: number) => T): T;
  /** The last line that a child wrote, for a message about its end. */
  lastLine(name: string): string;
  close(): void;
}

/** Opens the folder `logs` of the data folder. Files beyond 20 MB are moved aside, replacing the one before. */
export function openLogs(dataDir: string): Logs {
  const dir = join(dataDir, 'logs');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const paths = new Set<string>();
  // Children append, so that they go on at the start of a file that was emptied under their feet.
  const timer = setInterval(() => paths.forEach(trim), TRIM_EVERY_MS).unref();
  const pathOf = (name: string): string => join(dir, `${name}.log`);
  return {
    dir,
    withFile: (name, work) => {
      const path = pathOf(name);
      const descriptor = openSync(path, 'a', 0o600);
      try {
        if (!paths.has(path)) trim(path);
        paths.add(path);
        return work(descriptor);
      } finally {
        closeSync(descriptor);
      }
    },
    lastLine: (name) => {
      const lines = readFileSync(pathOf(name), 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
      // A crash ends with the version of Node; the line that says why is above it.
      const line = lines.findLast((text) => /^\w*Error\b/.test(text)) ?? lines.at(-1) ?? '';
      return line.slice(0, LAST_LINE_MAX);
    },
    close: () => clearInterval(timer),
  };
}

function trim(path: string): void {
  if (statSync(path).size <= FILE_BYTES_MAX) return;
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
}
