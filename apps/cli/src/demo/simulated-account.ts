// What the demo asks the simulated account's control plane, and what it writes there.
import * as z from 'zod';
import { CliError, EXIT } from '../failure.ts';

const ASK_WITHIN_MS = 30_000;

const text = z.string().nullable();
const id = z.number().nullable();
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
      address: text,
      language: text,
      time_zone: text,
      department_ids: z.array(z.number()),
      location_id: id,
      reporting_manager_id: id,
      custom_fields: z.record(z.string(), z.unknown()),
      updated_at: z.string(),
    }),
  ),
  departments: z.array(z.object({ id: z.number(), name: z.string() })),
  locations: z.array(z.object({ id: z.number(), name: z.string(), parent_location_id: id })),
  fields: z.array(z.object({ name: z.string() })),
});
const statsSchema = z.object({
  calls: z.number(),
  refused: z.number(),
  byRoute: z.record(z.string(), z.object({ calls: z.number(), changes: z.number() })),
  duplicates: z.array(z.unknown()),
});
const recordSchema = z.object({ id: z.number(), updated_at: z.string() });

export type Account = z.infer<typeof stateSchema>;
export type AccountStats = z.infer<typeof statsSchema>;

/** Everything in the account: everybody, agents and inactive people included, and the lists they refer to. */
export async function fetchAccount(url: string): Promise<Account> {
  return stateSchema.parse(await ask(`${url}/__sim/state`));
}

/** Calls so far, and people who share an address or an external id. */
export async function fetchStats(url: string): Promise<AccountStats> {
  return statsSchema.parse(await ask(`${url}/__sim/stats`));
}

/** Calls of live work: not those for lists of whatever kind (import, scans, references), nor what departments need. */
export function liveCallsOf({ byRoute }: Pick<AccountStats, 'byRoute'>): number {
  return Object.entries(byRoute).reduce((sum, [route, { calls }]) => sum + (isLive(route) ? calls : 0), 0);
}

const REFERENCE_ROUTES = /^(departments|locations|roles|\w+Fields)\.|\.list$|^agents\.me$/;

function isLive(route: string): boolean {
  return !REFERENCE_ROUTES.test(route);
}

/** Adds a record as an administrator, without the checks of the API. */
export async function addRecord(
  url: string,
  kind: 'fields' | 'locations' | 'users',
  draft: Readonly<Record<string, unknown>>,
): Promise<z.infer<typeof recordSchema>> {
  return recordSchema.parse(
    await ask(`${url}/__sim/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(draft),
    }),
  );
}

async function ask(url: string, init: RequestInit = {}): Promise<unknown> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ASK_WITHIN_MS) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
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
