/** Rounds of measuring -> one figure each, and figures -> a table. */
import type { Measured } from './load.ts';

/** One thing that was measured in several rounds: medians of the rounds' figures, and all their errors. */
export interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly requests: number;
  readonly errors: number;
  readonly firstError?: string;
}

export function toFigures(rounds: readonly Measured[]): Figures {
  const over = (pick: (round: Measured) => number): number => median(rounds.map(pick));
  const firstError = rounds.find((round) => round.firstError !== undefined)?.firstError;
  return {
    perSecond: over(({ latenciesMs, elapsedMs }) => (1000 * latenciesMs.length) / elapsedMs),
    p50Ms: over(({ latenciesMs }) => percentile(latenciesMs, 0.5)),
    p95Ms: over(({ latenciesMs }) => percentile(latenciesMs, 0.95)),
    p99Ms: over(({ latenciesMs }) => percentile(latenciesMs, 0.99)),
    requests: rounds.reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0),
    errors: rounds.reduce((sum, { errors }) => sum + errors, 0),
    ...(firstError === undefined ? {} : { firstError }),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [below = Number.NaN, above = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? above : (below + above) / 2;
}

/** The smallest value that at least that share of all values does not exceed; NaN of none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const milliseconds = (value: number): string => value.toFixed(value < 10 ? 2 : 0);
export const latencies = ({ p50Ms, p95Ms, p99Ms }: Figures): string =>
  [p50Ms, p95Ms, p99Ms].map(milliseconds).join(' / ');
/** `3.2x`; `-` where one of the two was not measured. */
export const ratio = (ours: number | undefined, theirs: number | undefined): string =>
  ours === undefined || theirs === undefined ? '-' : `${(ours / theirs).toFixed(2)}x`;

/** A Markdown table whose columns are as wide as they have to be. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const rule = line(
    head.map(() => ''),
    '-',
  );
  return [line(head), rule, ...rows.map((row) => line(row))].join('\n');
}
