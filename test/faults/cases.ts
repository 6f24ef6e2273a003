/**
 * The names of cases, which say everything about them: `change / redis 7 lost-answer / rename` is the scenario, the
 * faults (several joined by ` + `) and what Entra does in between.
 */
import { FAMILIES, type Fault, type Family, type Kind, KINDS } from './operations.ts';
import { MEANWHILE, type MeanwhileName, type Scenario, type ScenarioName, SCENARIOS } from './scenarios.ts';

export interface FaultCase {
  readonly scenario: ScenarioName;
  readonly faults: readonly Fault[];
  readonly meanwhile: MeanwhileName;
}

export const nameOf = ({ scenario, faults, meanwhile }: FaultCase): string => {
  const parts = faults.map(({ family, nth, kind }) => `${family} ${nth} ${kind}`);
  return [scenario, parts.join(' + ') || 'none', meanwhile].join(' / ');
};

/** @throws {TypeError} when the name is none that `nameOf` makes */
export function parseCase(name: string): FaultCase {
  const [scenario = '', faults = '', meanwhile = ''] = name.split(' / ').map((part) => part.trim());
  if (!(scenario in SCENARIOS) || !(meanwhile in MEANWHILE)) throw new TypeError(`not a fault case: ${name}`);
  return {
    scenario: scenario as ScenarioName,
    faults: faults === 'none' ? [] : faults.split(' + ').map(parseFault),
    meanwhile: meanwhile as MeanwhileName,
  };
}

function parseFault(text: string): Fault {
  const [family = '', nth = '', kind = ''] = text.trim().split(' ');
  const known = FAMILIES.find((one) => one === family);
  const kinds = known ? KINDS[known] : [];
  const knownKind = kinds.find((one) => one === kind);
  if (!known || !knownKind || !/^[1-9]\d*$/.test(nth)) throw new TypeError(`not a fault: ${text}`);
  return { family: known, nth: Number(nth), kind: knownKind };
}

/** At most `max` of the cases, evenly spread. */
export function thinned(cases: readonly FaultCase[], max: number): FaultCase[] {
  const step = Math.max(1, Math.ceil(cases.length / max));
  return cases.filter((_, index) => index % step === 0);
}

/** How often each family begins an operation in a scenario without faults. */
export type Counts = Readonly<Record<Family, number>>;

/** Every operation of a scenario fails once in every way. */
export const singleFaults = (scenario: ScenarioName, counts: Counts, meanwhile: MeanwhileName): FaultCase[] =>
  everyFault(counts).map((fault) => ({ scenario, faults: [fault], meanwhile }));

function everyFault(counts: Counts): Fault[] {
  return FAMILIES.flatMap((family) =>
    Array.from({ length: counts[family] }, (_, index) => index + 1).flatMap((nth) =>
      KINDS[family].map((kind) => ({ family, nth, kind })),
    ),
  );
}

/** A worker that stops at a call and goes on in the middle of what the next worker does, at each of its operations. */
export function overtakings(scenario: ScenarioName, counts: Counts, meanwhile: MeanwhileName): FaultCase[] {
  const isStop = ({ family, kind }: Fault): boolean =>
    family === 'http' && (kind === 'frozen' || kind.startsWith('paused'));
  return everyFault(counts)
    .filter(isStop)
    .flatMap((stop) =>
      (['redis', 'http'] as const).flatMap((family) => {
        const first = (stop.family === family ? stop.nth : 0) + 1;
        return Array.from({ length: counts[family] * REPAIR_FACTOR }, (_, index) => ({
          scenario,
          faults: [stop, { family, nth: first + index, kind: 'overtaken' as const }],
          meanwhile,
        }));
      }),
    );
}

/** Two keys of one account at once: a call of one is slow, and so is the answer that the other one gets meanwhile. */
export function crossings(scenario: ScenarioName, counts: Counts, meanwhile: MeanwhileName): FaultCase[] {
  const calls = Array.from({ length: counts.http }, (_, index) => index + 1);
  return calls.flatMap((nth) =>
    calls.map((later) => ({
      scenario,
      faults: [
        { family: 'http', nth, kind: 'slow' },
        { family: 'http', nth: nth + later, kind: 'slow-answer' },
      ],
      meanwhile,
    })),
  );
}

/** What may go wrong twice: the second time also while the first is being repaired, so beyond the usual count. */
const REPAIR_FACTOR = 3;

/** `count` cases of two faults each, the same ones for the same seed. */
export function pairsOfFaults(
  scenarios: readonly ScenarioName[],
  countsOf: (scenario: ScenarioName) => Counts,
  count: number,
  seed: number,
): FaultCase[] {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => {
    const one = from[Math.floor(random() * from.length)];
    if (one === undefined) throw new TypeError('there is nothing to pick from');
    return one;
  };
  return Array.from({ length: count }, () => {
    const scenario = pick(scenarios);
    const counts = countsOf(scenario);
    const fault = (): Fault => {
      const family = pick<Family>(['redis', 'redis', 'http']);
      const nth = 1 + Math.floor(random() * counts[family] * REPAIR_FACTOR);
      return { family, nth, kind: pick<Kind>(KINDS[family]) };
    };
    return { scenario, faults: [fault(), fault()], meanwhile: pick(meanwhilesOf(scenario)) };
  });
}

const allMeanwhile = Object.keys(MEANWHILE) as MeanwhileName[];

const CHANGES_ADDRESS: ReadonlySet<MeanwhileName> = new Set(['rename', 'repost-renamed']);

/** What may happen in between in a scenario. */
export function meanwhilesOf(name: ScenarioName): MeanwhileName[] {
  const scenario: Scenario = SCENARIOS[name];
  return allMeanwhile.filter((meanwhile) => !scenario.isFoundByAddress || !CHANGES_ADDRESS.has(meanwhile));
}

/** mulberry32: small, and good enough to spread cases. From 0 to below 1. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
