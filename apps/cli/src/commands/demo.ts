// demo: brings everything up with a simulated Freshservice account, plays an Entra tenant, and compares.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from 'commander';
import { createTenant } from '@fresh-scim/entra-sim';
import type { Tenant } from '@fresh-scim/entra-sim';
import { PLANS } from '@fresh-scim/freshservice';
import { furnishAccount } from '../demo/furnish.ts';
import type { Strangers } from '../demo/furnish.ts';
import { playTenant } from '../demo/play.ts';
import { fetchAccount, fetchStats } from '../demo/simulated-account.ts';
import { demandGood, problemsOf, toVerdictText, verdictOf } from '../demo/verdict.ts';
import { needConnection } from '../installation.ts';
import type { Io } from '../io.ts';
import { dataDirOf, demoDirOf } from '../places.ts';
import { readUpConfig } from '../up/config.ts';
import { endingOfProcess } from '../up/ending.ts';
import { startStack } from '../up/stack.ts';
import type { Stack } from '../up/stack.ts';
import { examples } from './command.ts';
import type { AddCommand } from './command.ts';
import { forever, wholeNumber } from './up.ts';

const USERS_MAX = 20_000;
const PEOPLE_PER_EXISTING = 10;
const MINUTE_MS_MAX = 60_000;
const SEED_MAX = 999_999_999;
/** On the real minute an answer takes 80 to 160 ms; on a shorter one the same part of it. */
const LATENCY_MS_MAX = 80;
const LATENCIES_PER_MINUTE = 750;

interface Options {
  readonly users: string;
  readonly existing?: string;
  readonly plan: string;
  readonly minuteMs: string;
  readonly seed: string;
  readonly exit?: true;
}

/** Adds `demo`. */
export const addDemo: AddCommand = (program, io) => {
  program
    .command('demo')
    .description('play an Entra tenant against a simulated Freshservice account, and compare the two')
    .option('--users <n>', 'people of the tenant, at most 20,000', '200')
    .option('--existing <n>', 'how many of them are in the account before; default: one in ten')
    .addOption(new Option('--plan <plan>', 'plan of the account').choices(Object.keys(PLANS)).default('pro'))
    .option('--minute-ms <n>', 'length of a minute of the account; shorter is faster', '60000')
    .option(
      '--seed <n>',
      'another one gives other people and changes; an even one PATCH with aadOptscim062020',
      '1',
    )
    .option('--exit', 'end afterwards: 0 if all is as promised, else 1')
    .addHelpText(
      'after',
      examples('demo', 'demo --minute-ms 2000', 'demo --users 3000 --existing 500 --minute-ms 2000 --exit'),
    )
    .action((options: Options) => demo(options, io));
};

async function demo(options: Options, io: Io): Promise<void> {
  const people = wholeNumber('--users', options.users, USERS_MAX);
  const minuteMs = wholeNumber('--minute-ms', options.minuteMs, MINUTE_MS_MAX);
  const seed = wholeNumber('--seed', options.seed, SEED_MAX);
  const existing = existingOf(options, people);
  const tenant = createTenant({ seed, size: people, attributes: 'full' });
  let strangers: Strangers = new Map();
  const furnish = async (url: string): Promise<void> => {
    strangers = await furnishAccount(url, tenant, existing);
  };
  const config = readUpConfig(io.env);
  const dataDir = demoDirOf(dataDirOf(io.env));
  const latencyMs = Math.min(LATENCY_MS_MAX, Math.floor(minuteMs / LATENCIES_PER_MINUTE));
  let isFinished = false;
  const ending = endingOfProcess(io, () => !isFinished);
  try {
    const stack = await startStack(
      {
        dataDir,
        config,
        workers: 1,
        simulator: { plan: options.plan, minuteMs, latencyMs, furnish },
        busyPorts: 'any',
        isFresh: true,
      },
      ending,
      io,
    );
    if (stack === undefined) return;
    await play(stack, { tenant, strangers, seed, exits: options.exit === true }, io);
    isFinished = true;
  } catch (error) {
    await ending.run();
    throw error;
  }
  if (options.exit) await ending.run();
  else await forever();
}

function existingOf({ existing }: Options, people: number): number {
  if (existing === undefined) return Math.floor(people / PEOPLE_PER_EXISTING);
  return existing === '0' ? 0 : wholeNumber('--existing', existing, people);
}

async function play(
  stack: Stack,
  { tenant, strangers, seed, exits }: { tenant: Tenant; strangers: Strangers; seed: number; exits: boolean },
  io: Io,
): Promise<void> {
  const { simulator } = stack;
  if (simulator === undefined) throw new TypeError('the demo was started without its simulator');
  io.out('ready');
  io.hint(`A tenant of ${tenant.people().length} people is provisioned to a simulated Freshservice account.`);
  const connection = await needConnection(stack.connections, simulator.connectionId);
  const played = await playTenant({ stack, connection, tenant, seed }, io);
  const [account, stats] = await Promise.all([fetchAccount(simulator.url), fetchStats(simulator.url)]);
  const verdict = verdictOf({ tenant, played, account, stats, strangers });
  const requests = played.reports.reduce((sum, report) => sum + report.requests.total, 0);
  io.out(toVerdictText(verdict, requests));
  if (exits) {
    demandGood(verdict);
    return;
  }
  for (const problem of problemsOf(verdict)) io.hint(`Not as promised: ${problem}.`);
  io.out(await whereToLook(stack));
}

async function whereToLook({ consoleUrl, dataDir, logDir }: Stack): Promise<string> {
  const password = (await readFile(join(dataDir, 'console-password'), 'utf8')).trim();
  return [
    '',
    `Console  ${consoleUrl}  password ${password}`,
    'Look     npm run -s fresh-scim -- status    npm run -s fresh-scim -- user simulator WHO',
    `Logs     ${logDir}`,
    'Ctrl-C ends the demo.',
  ].join('\n');
}
