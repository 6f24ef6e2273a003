/** What the main file of every process does the same way: its secret, and how it ends when it cannot start. */
import { ConfigError } from './config.ts';
import { readOrCreateSecret } from './secret-file.ts';

const EXIT_WRONG_CONFIGURATION = 2;

/** Where a process finds its secret: in the variable, else in the file `secret` of the data folder. */
export interface SecretSource {
  readonly FRESH_SCIM_SECRET?: Uint8Array | undefined;
  readonly FRESH_SCIM_DATA_DIR?: string | undefined;
}

/** What is missing in the configuration, in words; nothing when there is a source. */
export function secretProblems({ FRESH_SCIM_SECRET, FRESH_SCIM_DATA_DIR }: SecretSource): string[] {
  if (FRESH_SCIM_SECRET !== undefined || FRESH_SCIM_DATA_DIR !== undefined) return [];
  return ['FRESH_SCIM_SECRET is not set: set it, or give FRESH_SCIM_DATA_DIR'];
}

/** @throws {ConfigError} when neither is given; what `readOrCreateSecret` throws. */
export async function loadSecret(source: SecretSource): Promise<Uint8Array | string> {
  const { FRESH_SCIM_SECRET: secret, FRESH_SCIM_DATA_DIR: folder } = source;
  if (secret !== undefined) return secret;
  if (folder !== undefined) return readOrCreateSecret(folder);
  throw new ConfigError(secretProblems(source));
}

/** Runs `start`; a process that cannot start says why in one text and exits: 2 for its configuration, else 1. */
export async function runProcess(name: string, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : 'failed'}\n`);
    process.exit(error instanceof ConfigError ? EXIT_WRONG_CONFIGURATION : 1);
  }
}
