// What the demo asks the simulated account's control plane: its people and its counts.
import * as z from 'zod';
import { CliError, EXIT } from '../failure.ts';

const ASK_WITHIN_MS = 30_000;

const text = z.string().nullable();
const stateSchema = z.object({
  users: z.array(
    z.object({
      id: z.number(),
      active: z.boolean(),
      is_agent: z.boolean(),
      first_name: text,
      last_name: text,
      primary_email: text,
      job_title: text,
      work_phone_number: text,
      mobile_phone_number: text,
      external_id: text,
    }),
  ),
});
const statsSchema = z.object({
  calls: z.number(),
  refused: z.number(),
  byRoute: z.record(z.string(), z.object({ calls: z.number(), changes: z.number() })),
  duplicates: z.array(z.unknown()),
});

export type AccountPeople = z.infer<typeof stateSchema>['users'];
export type AccountStats = z.infer<typeof statsSchema>;

/** Everybody in the account, agents and inactive people included. */
export async function fetchPeople(url: string): Promise<AccountPeople> {
  return stateSchema.parse(await ask(`${url}/__sim/state`)).users;
}

/** Calls so far, and people who share an address or an external id. */
export async function fetchStats(url: string): Promise<AccountStats> {
  return statsSchema.parse(await ask(`${url}/__sim/stats`));
}

async function ask(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ASK_WITHIN_MS) });
    return await response.json();
  } catch (cause) {
    const error = new CliError(
      EXIT.failed,
      'simulator-unreachable',
      'The simulated account does not answer.',
      'Look at the file simulator.log in the folder of the logs.',
    );
    error.cause = cause;
    throw error;
  }
}
