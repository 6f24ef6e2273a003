// Faults on demand: armed for the n-th matching request from now, or drawn at random from a seed.
// Every armed fault counts every request that it matches; the first one that is due fires.
import { z } from 'zod';
import { seededRandom, type Random } from '../random.ts';
import { FAULT_KINDS, type FaultKind } from './kinds.ts';

const ARMED_MAX = 1000;

const targetShape = {
  /** HTTP method; any when absent. */
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
  /** Start of the path with its query, for example `/api/v2/requesters/`. */
  path: z.string().max(500).optional(),
  /** Name of the route as in the request log, for example `requesters.create`. */
  route: z.string().max(100).optional(),
};

const detailShape = {
  /** How long a hang lasts, or how long a slow body takes. */
  ms: z.number().int().min(1).max(600_000).default(60_000),
  /** `Retry-After` of a 429; absent: what is left of the window. */
  retryAfterSeconds: z.number().int().min(0).max(86_400).optional(),
  /** Whether the request is counted against the limits. */
  counted: z.boolean().default(true),
};

const armedSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  ...targetShape,
  /** Which matching request from now is the first to fail. */
  nth: z.number().int().min(1).max(1_000_000).default(1),
  /** How many matching requests fail from there on. */
  count: z.number().int().min(1).max(1_000_000).default(1),
  ...detailShape,
});

const randomSchema = z.strictObject({
  seed: z.number().int(),
  /** Share of matching requests that fail. */
  rate: z.number().min(0).max(1),
  kinds: z.array(z.enum(FAULT_KINDS)).min(1),
  ...targetShape,
  ...detailShape,
});

const requestSchema = z.union([armedSchema, z.strictObject({ random: randomSchema })]);

/** One fault to arm. */
export type ArmedFault = z.input<typeof armedSchema>;
/** Random faults: the same seed and the same requests give the same faults. */
export type RandomFaults = z.input<typeof randomSchema>;

/** A fault that the present request suffers. */
export interface Fault {
  readonly kind: FaultKind;
  readonly ms: number;
  readonly retryAfterSeconds?: number | undefined;
  readonly counted: boolean;
}

/** What is armed, and how often it has fired. */
export interface FaultList {
  readonly armed: readonly (z.output<typeof armedSchema> & { seen: number; fired: number })[];
  readonly random: (z.output<typeof randomSchema> & { fired: number }) | null;
}

/** What a fault can be matched by. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly route: string;
}

interface Armed {
  readonly spec: z.output<typeof armedSchema>;
  seen: number;
  fired: number;
}

/** The armed faults of an account. */
export class Faults {
  #armed: Armed[] = [];
  #random: { spec: z.output<typeof randomSchema>; random: Random; fired: number } | undefined;

  /**
   * Arms one fault (`ArmedFault`), or replaces the random faults (`{random: RandomFaults}`).
   * @throws {z.ZodError} when the request has not the form of the README
   * @throws {RangeError} when 1,000 faults are armed already
   */
  arm(input: unknown): void {
    const request = requestSchema.parse(input);
    if ('random' in request) {
      this.#random = { spec: request.random, random: seededRandom(request.random.seed), fired: 0 };
      return;
    }
    if (this.#armed.length >= ARMED_MAX) throw new RangeError(`at most ${ARMED_MAX} faults can be armed`);
    this.#armed.push({ spec: request, seen: 0, fired: 0 });
  }

  /** Disarms everything. */
  clear(): void {
    this.#armed = [];
    this.#random = undefined;
  }

  /** Says what is armed, and how often each has fired. */
  list(): FaultList {
    return {
      armed: this.#armed.map(({ spec, seen, fired }) => ({ ...spec, seen, fired })),
      random: this.#random === undefined ? null : { ...this.#random.spec, fired: this.#random.fired },
    };
  }

  /** Counts one request, and returns the fault it suffers. */
  draw(target: FaultTarget): Fault | undefined {
    let due: Armed | undefined;
    for (const armed of this.#armed) {
      if (!matches(armed.spec, target)) continue;
      armed.seen += 1;
      if (due === undefined && armed.seen >= armed.spec.nth) due = armed;
    }
    if (due !== undefined) {
      due.fired += 1;
      if (due.fired >= due.spec.count) this.#armed.splice(this.#armed.indexOf(due), 1);
      return due.spec;
    }
    return this.#drawRandom(target);
  }

  #drawRandom(target: FaultTarget): Fault | undefined {
    const faults = this.#random;
    if (faults === undefined || !matches(faults.spec, target)) return undefined;
    // Both numbers are drawn for every request, so that the sequence does not depend on the rate.
    const chance = faults.random();
    const kind = faults.spec.kinds[Math.floor(faults.random() * faults.spec.kinds.length)];
    if (kind === undefined || chance >= faults.spec.rate) return undefined;
    faults.fired += 1;
    return { ...faults.spec, kind };
  }
}

function matches(
  spec: { method?: string | undefined; path?: string | undefined; route?: string | undefined },
  target: FaultTarget,
): boolean {
  return (
    (spec.method === undefined || spec.method === target.method) &&
    (spec.path === undefined || target.path.startsWith(spec.path)) &&
    (spec.route === undefined || spec.route === target.route)
  );
}
