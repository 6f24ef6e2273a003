/** The settings file of the embedded Redis. A file, and not arguments, because every user can read those. */

/** The text of the file. `address` holds the lines that say where to listen. */
export function redisSettings(options: {
  address: readonly string[];
  dir: string;
  pidFile: string;
  logFile: string;
  appendfsync: 'always' | 'everysec';
}): string {
  return [
    ...options.address,
    `dir ${quoted(options.dir)}`,
    `pidfile ${quoted(options.pidFile)}`,
    `logfile ${quoted(options.logFile)}`,
    'daemonize no',
    'save ""',
    'appendonly yes',
    `appendfsync ${options.appendfsync}`,
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

/** A path as one word of the file: in double quotes, where a backslash escapes. */
export function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&')}"`;
}
