// The environment of the console process, read in one place.
import {
  ConfigError,
  httpUrlVariable,
  logLevelVariable,
  portVariable,
  readConfig,
  redisUrlVariable,
  secretProblems,
  secretVariable,
} from '@fresh-scim/runtime';
import * as z from 'zod';
import { consolePasswordPath } from './password.ts';

const schema = z.object({
  REDIS_URL: redisUrlVariable(),
  /** Absent: the file `secret` of the data folder. */
  FRESH_SCIM_SECRET: secretVariable().optional(),
  FRESH_SCIM_DATA_DIR: z.string().optional(),
  CONSOLE_HOST: z.string().default('127.0.0.1'),
  CONSOLE_PORT: portVariable(8081),
  OPS_HOST: z.string().default('127.0.0.1'),
  CONSOLE_OPS_PORT: portVariable(9103),
  /** Absent: the file `console-password` of the data folder. Made with a generated password if it is not there. */
  CONSOLE_PASSWORD_FILE: z.string().optional(),
  PUBLIC_URL: httpUrlVariable().optional(),
  LOG_LEVEL: logLevelVariable(),
});

export interface ConsoleConfig extends z.output<typeof schema> {
  /** Where the password is, or will be made. */
  readonly passwordPath: string;
}

/** @throws {ConfigError} naming every variable that is wrong or missing */
export function readConsoleConfig(env: NodeJS.ProcessEnv): ConsoleConfig {
  const config = readConfig(schema, env);
  const passwordPath = consolePasswordPath(config);
  if (passwordPath !== undefined) return { ...config, passwordPath };
  throw new ConfigError([
    ...secretProblems(config),
    'CONSOLE_PASSWORD_FILE is not set: set it, or give FRESH_SCIM_DATA_DIR',
  ]);
}
