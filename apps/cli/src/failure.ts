// How a command fails: a stable code, what happened, what to do about it, and an exit code. One place translates the
// errors of the packages; everything else passes through as a defect.
import { CommanderError } from 'commander';
import { ConnectionError } from '@fresh-scim/connections';
import { DirectoryUnavailable, LayoutMismatch } from '@fresh-scim/directory';
import { ConfigError, DataDirError, NoRedisError } from '@fresh-scim/runtime';

/** The exit codes of every command. */
export const EXIT = { done: 0, failed: 1, wrongUsage: 2, notReachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure in words. `message` and `fix` are for people and hold no secret. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  readonly fix: string;
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, code: string, message: string, fix: string) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.fix = fix;
  }
}

/** Any error as a failure of the command. */
export function toFailure(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '');
    return new CliError(
      EXIT.wrongUsage,
      'wrong-usage',
      message,
      'Add --help to see how the command is used.',
    );
  }
  if (error instanceof ConnectionError) {
    const exitCode = error.code === 'store-unavailable' ? EXIT.notReachable : EXIT.wrongUsage;
    return new CliError(exitCode, error.code, error.message, error.fix);
  }
  if (error instanceof DirectoryUnavailable) return redisUnreachable();
  if (error instanceof LayoutMismatch) {
    return new CliError(EXIT.wrongUsage, 'layout-mismatch', error.message, 'See docs/operations.md.');
  }
  if (error instanceof ConfigError) {
    return new CliError(EXIT.wrongUsage, 'wrong-configuration', error.message, 'Correct it and try again.');
  }
  if (error instanceof DataDirError) {
    return new CliError(
      EXIT.wrongUsage,
      `data-dir-${error.code}`,
      `${error.message}.`,
      'FRESH_SCIM_DATA_DIR names the folder.',
    );
  }
  if (error instanceof NoRedisError) {
    return new CliError(EXIT.wrongUsage, 'no-redis', error.message, 'Then start again.');
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CliError(EXIT.failed, 'defect', text, 'This should not happen: please report it.');
}

/** Redis does not answer. */
export function redisUnreachable(): CliError {
  return new CliError(
    EXIT.notReachable,
    'redis-unreachable',
    'Redis does not answer.',
    'Start it, or correct REDIS_URL.',
  );
}
