/**
 * The four operations on every server, in turns: all servers have one round of an operation, then the next round begins,
 * so that a machine that grows slower meanwhile does so for all of them. The first round warms up and is not counted.
 */
import { type Figures, toFigures } from './figures.ts';
import { drive, type Measured } from './load.ts';
import { type Crowd, fill, OPERATIONS, type Operation, requestsOf } from './operations.ts';
import type { Server } from './servers.ts';

export interface Contender {
  readonly name: string;
  readonly start: () => Promise<Server>;
}

export interface CompareOptions {
  /** Whom each server knows at the start. */
  readonly people: number;
  readonly connections: readonly number[];
  /** Counted rounds. */
  readonly rounds: number;
  readonly roundMs: number;
  /** Told of each figure when it is known. */
  readonly onProgress: (line: string) => void;
}

/** One line of the comparison. */
export interface Compared {
  readonly server: string;
  readonly operation: Operation;
  readonly connections: number;
  readonly figures: Figures;
}

interface Running {
  readonly name: string;
  readonly server: Server;
  readonly crowd: Crowd;
}

export async function compare(
  contenders: readonly Contender[],
  options: CompareOptions,
): Promise<Compared[]> {
  const { people, connections, onProgress } = options;
  const running: Running[] = [];
  try {
    for (const { name, start } of contenders) {
      const [server, crowd] = [await start(), { people: [], next: 0 }];
      running.push({ name, server, crowd });
      await fill(server, crowd, people);
      onProgress(`${name} has ${people} people`);
    }
    const compared: Compared[] = [];
    for (const operation of OPERATIONS) {
      for (const lines of connections) {
        for (const one of await takeTurns(running, operation, lines, options)) {
          compared.push(one);
          onProgress(
            `${operation}, ${lines} connections, ${one.server}: ${one.figures.perSecond.toFixed(0)}/s`,
          );
        }
      }
    }
    return compared;
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
}

async function takeTurns(
  running: readonly Running[],
  operation: Operation,
  connections: number,
  { rounds, roundMs }: CompareOptions,
): Promise<Compared[]> {
  const measured = new Map<string, Measured[]>(running.map(({ name }) => [name, []]));
  const requests = new Map(running.map(({ name, crowd }) => [name, requestsOf(operation, crowd)]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, server } of running) {
      const next = requests.get(name) ?? (() => undefined);
      const result = await drive(server, next, { connections, forMs: round === 0 ? roundMs / 2 : roundMs });
      if (round > 0) measured.get(name)?.push(result);
    }
  }
  return [...measured].map(([server, results]) => ({
    server,
    operation,
    connections,
    figures: toFigures(results),
  }));
}
