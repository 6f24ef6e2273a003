// up: everything in one command, kept running until Ctrl-C.
import { CliError, EXIT } from '../failure.ts';
import { dataDirOf } from '../places.ts';
import { readUpConfig } from '../up/config.ts';
import { endingOfProcess } from '../up/ending.ts';
import { nextSteps, opsLine } from '../up/next-steps.ts';
import { startStack } from '../up/stack.ts';
import { examples } from './command.ts';
import type { AddCommand } from './command.ts';

const WORKERS_MAX = 32;
const SIMULATOR = { plan: 'pro', minuteMs: 60_000, latencyMs: 80 } as const;

interface Options {
  readonly workers: string;
  readonly simulator?: true;
}

/** Adds `up`. */
export const addUp: AddCommand = (program, io) => {
  program
    .command('up')
    .description(
      'run everything: Redis (unless REDIS_URL is set), scim-api, workers and console, until Ctrl-C',
    )
    .option('--workers <n>', 'worker processes', '1')
    .option('--simulator', 'add a simulated Freshservice account and a connection to it')
    .addHelpText('after', examples('up', 'up --workers 2', 'up --simulator'))
    .action(async (options: Options) => {
      const workers = wholeNumber('--workers', options.workers, WORKERS_MAX);
      const config = readUpConfig(io.env);
      const ending = endingOfProcess(io);
      try {
        const stack = await startStack(
          {
            dataDir: dataDirOf(io.env),
            config,
            workers,
            busyPorts: 'refuse',
            ...(options.simulator ? { simulator: SIMULATOR } : {}),
          },
          ending,
          io,
        );
        if (stack === undefined) return;
        io.hint(opsLine(stack));
        io.out(nextSteps(stack));
      } catch (error) {
        await ending.run();
        throw error;
      }
      await forever();
    });
};

/** The children keep this process alive; a signal ends it. */
export function forever(): Promise<never> {
  return new Promise(() => undefined);
}

/** @throws {CliError} wrong-usage unless it is from 1 to `max` */
export function wholeNumber(option: string, text: string, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  const fix = `Give a whole number from 1 to ${max}.`;
  throw new CliError(EXIT.wrongUsage, 'wrong-usage', `${option} cannot be "${text.slice(0, 20)}".`, fix);
}
