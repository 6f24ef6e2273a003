// doctor: looks at everything that has to be right, and says what to do about what is not. Changes nothing.
import { connectRedis } from '@fresh-scim/runtime';
import { isWell, toLine, toSummary } from '../doctor/check.ts';
import type { Check } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { findPlace } from '../doctor/place.ts';
import { CliError, EXIT, redisUnreachable } from '../failure.ts';
import type { Io } from '../io.ts';
import { toJson } from '../io.ts';
import { examples, JSON_FLAG } from './command.ts';
import type { AddCommand, JsonOption } from './command.ts';

/** Adds `doctor`. */
export const addDoctor: AddCommand = (program, io) => {
  program
    .command('doctor')
    .description(
      'check Redis, secret, processes, PUBLIC_URL and connections, and say what to do; changes nothing',
    )
    .argument('[connection]', 'name or id; all without it')
    .option(...JSON_FLAG)
    .addHelpText('after', examples('doctor', 'doctor acme', 'doctor --json'))
    .action((idOrName: string | undefined, options: JsonOption) => doctor(io, idOrName, options));
};

/** @throws {CliError} not-running, redis-unreachable, unknown-connection, problems-found */
async function doctor(io: Io, idOrName: string | undefined, options: JsonOption): Promise<void> {
  const place = await findPlace(io);
  const redis = connectRedis(place.redisUrl, 'commands');
  const found: Check[] = [];
  try {
    const { redisAnswers, checks } = await examine(place, redis, idOrName, io);
    for await (const check of checks) {
      found.push(check);
      if (!options.json) io.out(toLine(check));
    }
    if (options.json) io.out(toJson({ at: new Date().toISOString(), ok: isWell(found), checks: found }));
    else io.hint(toSummary(found));
    if (!redisAnswers) throw redisUnreachable();
  } finally {
    redis.disconnect();
  }
  if (isWell(found)) return;
  const fix = 'Do what the lines say, then run it again.';
  throw new CliError(EXIT.failed, 'problems-found', 'Something is wrong.', fix);
}
