/**
 * The fallible operations of one case: each command to Redis and each call to Freshservice that a worker begins, and
 * each command behind a request of Entra. They are counted per family over all workers, and the n-th of a family may
 * suffer a fault. What Entra does in between happens at the instant of the first fault.
 */
import type { FaultKind } from '@fresh-scim/freshservice-sim';
import { Killed, type Life } from './life.ts';
import type { Times } from './times.ts';

/** Of a worker's Redis, of its calls to Freshservice, of Entra's requests. */
export const FAMILIES = ['redis', 'http', 'entra'] as const;
export type Family = (typeof FAMILIES)[number];

/**
 * What a command to Redis may suffer. `calm`: nothing, but what Entra does in between happens then; `refused`: no effect; `lost-answer`: the effect and an error; `overtaken`: before
 * it takes effect whoever is paused goes on and ends; `slow`: its answer is late, and another worker works meanwhile.
 */
export const REDIS_KINDS = [
  'refused',
  'lost-answer',
  'killed-before',
  'killed-after',
  'paused-before',
  'paused-after',
  'overtaken',
  'calm',
  'slow',
] as const;

const SIM_KINDS = [
  '429',
  '500',
  '500-after',
  '502-html',
  '503',
  '504-after',
  'reset-before',
  'reset-after',
  'hang-before',
  'hang-after',
  'truncated-json',
  'html-200',
  'slow-body',
] as const satisfies readonly FaultKind[];

/**
 * What a call may suffer. `slow`: it lands late, but before its deadline, while another worker works; `slow-answer`:
 * it lands at once and is answered late; `late`: it lands late, and its connection breaks at once. `frozen`: it
 * leaves only when the worker is released, long after its last check. `overtaken`: whoever is paused goes on and ends
 * after the answer, while this worker has not recorded it.
 */
export const HTTP_KINDS = [
  ...SIM_KINDS,
  'killed-before',
  'killed-after',
  'paused-before',
  'paused-after',
  'slow',
  'slow-answer',
  'late',
  'frozen',
  'overtaken',
  'calm',
] as const;

/** What a command behind a request of Entra may suffer: it is answered with 503, and repeated. */
const ENTRA_KINDS = ['refused', 'lost-answer'] as const;

export type Kind = (typeof REDIS_KINDS)[number] | (typeof HTTP_KINDS)[number];

export const KINDS: Readonly<Record<Family, readonly Kind[]>> = {
  redis: REDIS_KINDS,
  http: HTTP_KINDS,
  entra: ENTRA_KINDS,
};

/** A fault of the simulator, as opposed to one of the worker. */
export const isOfSimulator = (kind: Kind): kind is FaultKind => SIM_KINDS.some((other) => other === kind);

/** The `nth` operation of a family, from 1, suffers this. */
export interface Fault {
  readonly family: Family;
  readonly nth: number;
  readonly kind: Kind;
}

const BEFORE_EFFECT: ReadonlySet<Kind> = new Set(['refused', 'killed-before', 'paused-before', 'calm']);

/** Counts, and decides who suffers. */
export class Operations {
  readonly counts: Record<Family, number> = { redis: 0, http: 0, entra: 0 };
  /** What happened, one line an operation: for people. */
  readonly trace: string[] = [];
  readonly #faults: readonly Fault[];
  readonly #meanwhile: () => Promise<void>;
  readonly #times: Times;
  /** Lets paused processes go on until they have ended; set by who knows them. */
  releaseOthers: (asking: Life) => Promise<void> = () => Promise.resolve();
  #isCounting = false;
  #running: Promise<void> | undefined;

  constructor(faults: readonly Fault[], times: Times, meanwhile: () => Promise<void>) {
    this.#faults = faults;
    this.#times = times;
    this.#meanwhile = meanwhile;
  }

  /** Before that nothing counts and nothing fails. */
  start(): void {
    this.#isCounting = true;
  }

  /** From then on nothing fails any more. */
  stop(): void {
    this.#isCounting = false;
  }

  /** Lets what Entra does in between happen, once, and waits for its end. */
  meanwhile(): Promise<void> {
    this.#running ??= this.#meanwhile();
    return this.#running;
  }

  /** For the trace only. */
  tell(line: string): void {
    if (this.#isCounting) this.trace.push(`    ${line}`);
  }

  /** Counts one operation. @returns the fault that it suffers */
  next(family: Family, label: string): Fault | undefined {
    if (!this.#isCounting) return undefined;
    this.counts[family] += 1;
    const nth = this.counts[family];
    const fault = this.#faults.find((one) => one.family === family && one.nth === nth);
    this.trace.push(`${family} ${nth} ${label}${fault ? `  <- ${fault.kind}` : ''}`);
    return fault;
  }

  /** One command to Redis. */
  async command<T>(family: 'redis' | 'entra', life: Life, label: string, send: () => Promise<T>): Promise<T> {
    await life.passes();
    const fault = this.next(family, label);
    if (!fault) return send();
    if (fault.kind === 'overtaken') {
      await this.releaseOthers(life);
      return send();
    }
    if (!BEFORE_EFFECT.has(fault.kind)) {
      const answer = await send();
      await this.#suffer(fault, life);
      return answer;
    }
    await this.#suffer(fault, life);
    return send();
  }

  async #suffer({ family, kind }: Fault, life: Life): Promise<void> {
    if (kind.startsWith('killed')) life.die();
    if (family !== 'entra') await this.meanwhile();
    if (kind === 'calm') return;
    if (kind.startsWith('killed')) throw new Killed();
    if (kind.startsWith('paused')) return life.pause();
    if (kind === 'slow') return life.pause(this.#times.slowMs);
    if (kind === 'refused') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    throw new Error('Connection is closed.');
  }
}
