// Puts a simulated account together and serves it.
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Account } from './account/account.ts';
import { createClock } from './clock.ts';
import { type ArmedFault, Faults, type RandomFaults } from './faults/faults.ts';
import { changeKnobs, type KnobChanges, type Knobs, parseKnobs } from './knobs.ts';
import { RateLimiter } from './limits/limiter.ts';
import { seededRandom } from './random.ts';
import { buildApp } from './server/app.ts';
import type { Stats, World } from './server/world.ts';
import { RequestLog } from './traffic/request-log.ts';

/** How a simulator starts; every knob may be given as well. */
export interface SimulatorOptions extends KnobChanges {
  /** Host name of the account. @default 'acme.freshservice.test' */
  readonly domain?: string;
  /** The key of the account's owner, with every permission. */
  readonly apiKey: string;
  /** Decides delays. @default 1 */
  readonly seed?: number;
  /** Whether odd sample people are there from the start. @default true */
  readonly samples?: boolean;
  /** Keeps the account's records over a restart or SIGKILL of the process. @default in memory only */
  readonly stateFile?: string;
  /** Requests kept in the log. @default 20000 */
  readonly logMax?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

/** A running simulated account. */
export interface Simulator {
  /** The server; `app.inject` works for everything but faults of the connection. */
  readonly app: FastifyInstance;
  /** The account's people, departments, locations, fields and keys. */
  readonly state: Account;
  /** The knobs as they are now. */
  readonly config: Readonly<Knobs>;
  /** What requests did; also `GET /__sim/log`. */
  readonly log: RequestLog;
  /** Counts, windows and duplicates; also `GET /__sim/stats`. */
  readonly stats: () => Stats;
  /** Changes some knobs, all or nothing. @throws {z.ZodError} for an unknown knob or value */
  readonly configure: (changes: KnobChanges) => Readonly<Knobs>;
  /** Arms a fault. @throws {z.ZodError} for a wrong form */
  readonly arm: (fault: ArmedFault | { random: RandomFaults }) => void;
  /** Disarms all faults. */
  readonly disarm: () => void;
  /** Moves the account's clock forward. */
  readonly advance: (ms: number) => void;
  /** Starts to listen. @throws when the port is taken */
  readonly listen: (address?: { host?: string; port?: number }) => Promise<{ port: number; url: string }>;
  /** Ends every connection and delay, and closes the state file. */
  readonly close: () => Promise<void>;
}

const settingsSchema = z.object({
  domain: z.string().min(1).default('acme.freshservice.test'),
  apiKey: z.string().min(1),
  seed: z.number().int().default(1),
  samples: z.boolean().default(true),
  stateFile: z.string().min(1).optional(),
  logMax: z.number().int().min(1).max(1_000_000).default(20_000),
});

/**
 * Creates an account that is not listening yet.
 * @throws {z.ZodError} for a wrong option
 * @throws {Error} when the state file cannot be read
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { domain, apiKey, seed, samples, stateFile, logMax, clock: source, ...knobChanges } = options;
  const settings = settingsSchema.parse({ domain, apiKey, seed, samples, stateFile, logMax });
  const closing = new AbortController();
  const world = createWorld(settings, parseKnobs(knobChanges), source ?? Date.now, closing.signal);
  const app = buildApp(world);
  return {
    app,
    state: world.account,
    get config() {
      return world.knobs();
    },
    log: world.log,
    stats: world.stats,
    configure: world.configure,
    arm: (fault) => world.faults.arm(fault),
    disarm: () => world.faults.clear(),
    advance: (ms) => world.clock.advance(ms),
    listen: async ({ host = '127.0.0.1', port = 0 } = {}) => {
      await app.listen({ host, port });
      const address = app.server.address() as AddressInfo;
      const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      return { port: address.port, url: `http://${name}:${address.port}` };
    },
    close: async () => {
      closing.abort();
      await app.close();
      world.account.close();
    },
  };
}

function createWorld(
  settings: z.infer<typeof settingsSchema>,
  initialKnobs: Knobs,
  source: () => number,
  closing: AbortSignal,
): World {
  const clock = createClock(source);
  let knobs = initialKnobs;
  let maintenanceUntil = 0;
  const applyKnobs = (next: Knobs, startsMaintenance: boolean): Knobs => {
    knobs = next;
    if (startsMaintenance) maintenanceUntil = clock.now() + next.maintenanceSeconds * 1000;
    return knobs;
  };
  applyKnobs(initialKnobs, true);
  const account = new Account({ ...settings, now: () => clock.now(), indexLagMs: () => knobs.indexLagMs });
  const limiter = new RateLimiter(() => knobs);
  const log = new RequestLog(settings.logMax);
  const faults = new Faults();
  return {
    account,
    limiter,
    faults,
    log,
    clock,
    random: seededRandom(settings.seed),
    closing,
    knobs: () => knobs,
    configure: (changes) => {
      const mentionsMaintenance =
        typeof changes === 'object' && changes !== null && 'maintenanceSeconds' in changes;
      return applyKnobs(changeKnobs(knobs, changes), mentionsMaintenance);
    },
    maintenanceUntil: () => maintenanceUntil,
    reset: ({ keepKnobs }) => {
      account.reset();
      limiter.reset();
      log.reset();
      faults.clear();
      if (!keepKnobs) applyKnobs(initialKnobs, true);
    },
    stats: () => ({
      ...log.counts(),
      windows: limiter.usage(),
      duplicates: account.duplicates(),
      people: { requesters: account.users.size('requesters'), agents: account.users.size('agents') },
      departments: account.departments.size,
      locations: account.locations.size,
      fields: account.fields.size,
      faults: faults.list(),
    }),
  };
}
