// The environment of the console process, read in one place.
import {
  ConfigError,
  LOG_LEVELS,
  portVariable,
  readConfig,
  redisUrlVariable,
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
  CONSOLE_OPS_PORT: portVariable(9103),
  /** Absent: the file `console-password` of the data folder. Made with a generated password if it is not there. */
  CONSOLE_PASSWORD_FILE: z.string().optional(),
  PUBLIC_URL: z
    .url({ error: 'give an http or https address, or leave it out', protocol: /^https?$/ })
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `give one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

export interface ConsoleConfig extends z.output<typeof schema> {
  /** Where the password is, or will be made. */
  readonly passwordPath: string;
  /** The secret itself, or the folder that holds it. */
  readonly secretOrFolder: Uint8Array | string;
}

/** @throws {ConfigError} naming every variable that is wrong or missing */
export function readConsoleConfig(env: NodeJS.ProcessEnv): ConsoleConfig {
  const config = readConfig(schema, env);
  const passwordPath = consolePasswordPath(config);
  const secretOrFolder = config.FRESH_SCIM_SECRET ?? config.FRESH_SCIM_DATA_DIR;
  if (passwordPath !== undefined && secretOrFolder !== undefined) {
    return { ...config, passwordPath, secretOrFolder };
  }
  const missing = [
    ...(secretOrFolder === undefined ? ['FRESH_SCIM_SECRET'] : []),
    ...(passwordPath === undefined ? ['CONSOLE_PASSWORD_FILE'] : []),
  ];
  throw new ConfigError(missing.map((name) => `${name} is not set: set it, or give FRESH_SCIM_DATA_DIR`));
}
