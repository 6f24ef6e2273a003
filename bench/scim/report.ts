/** What was measured, in tables of ratios for a person and in one document for a program. */
import type { BytesPerPerson } from '../directory/bytes-per-person.ts';
import type { Compared } from './compare.ts';
import type { EntraMix } from './entra-mix.ts';
import { latencies, times, toTable } from './figures.ts';
import type { Grown } from './growth.ts';
import type { Operation } from './operations.ts';

/** Names of the servers, as tables and the document have them. */
export const OURS = 'fresh-scim';
export const OURS_ALWAYS = 'fresh-scim, fsync always';
export const FLOOR = 'floor';
export const SCIMMY = 'scimmy-routers';
export const JACKSON_MEMORY = 'jackson, in memory';
export const JACKSON_REDIS = 'jackson, on Redis';

/** Everything that one run measured; what was left out is absent. */
export interface Results {
  readonly compared?: readonly Compared[];
  readonly grown?: readonly Grown[];
  readonly entraMix?: EntraMix;
  readonly bytes?: BytesPerPerson;
}

export function render({ compared, grown, entraMix, bytes }: Results): string {
  return [
    ...(compared ? [renderRatios(compared), renderCompared(compared)] : []),
    ...(grown ? [renderGrown(grown)] : []),
    ...(entraMix ? [renderMix(entraMix)] : []),
    ...(bytes ? [renderBytes(bytes)] : []),
  ].join('\n\n');
}

/** Requests a second of ours, divided by those of another server in the same operation. */
export interface Ratio {
  readonly operation: Operation;
  readonly connections: number;
  readonly server: string;
  readonly ratio: number;
}

export function ratiosOf(compared: readonly Compared[]): Ratio[] {
  return compared.flatMap(({ server, operation, connections, figures }) => {
    const ours = compared.find(
      (one) => one.server === OURS && one.operation === operation && one.connections === connections,
    );
    if (!ours || server === OURS) return [];
    return [{ operation, connections, server, ratio: ours.figures.perSecond / figures.perSecond }];
  });
}

function renderRatios(compared: readonly Compared[]): string {
  const ratios = ratiosOf(compared);
  const servers = [...new Set(ratios.map(({ server }) => server))];
  const rows = compared
    .filter(({ server }) => server === OURS)
    .map(({ operation, connections }) => {
      const here = ratios.filter((one) => one.operation === operation && one.connections === connections);
      return [operation, String(connections), ...here.map((one) => times(one.ratio))];
    });
  return `Requests a second of ${OURS}, as a multiple of each server's\n\n${toTable(['operation', 'connections', ...servers], rows)}`;
}

function renderCompared(compared: readonly Compared[]): string {
  const rows = compared.map(({ server, operation, connections, figures, cpuUs }) => [
    operation,
    String(connections),
    server,
    figures.perSecond.toFixed(0),
    latencies(figures),
    cpuUs.toFixed(0),
    String(figures.errors),
  ]);
  const head = ['operation', 'connections', 'server', 'per second', 'p50 / p95 / p99 ms', 'CPU us', 'errors'];
  const wrong = new Map(
    compared.flatMap(({ server, figures: { firstError } }) =>
      firstError === undefined ? [] : [[server, firstError] as const],
    ),
  );
  const lines = [...wrong].map(([server, error]) => `${server}: ${error}`);
  return [toTable(head, rows), ...lines].join('\n\n');
}

function renderGrown(grown: readonly Grown[]): string {
  const rows = grown.map(({ kind, people, figures }) => {
    const smallest = grown.find((other) => other.kind === kind)?.figures.p50Ms ?? Number.NaN;
    const growth = times(figures.p50Ms / smallest);
    return [kind, String(people), latencies(figures), growth, String(figures.errors)];
  });
  return toTable(['one connection', 'people', 'p50 / p95 / p99 ms', 'p50 to the smallest', 'errors'], rows);
}

function renderMix({ figures, applied, tenants, perSecond }: EntraMix): string {
  const head = [
    'tenants',
    'due per second',
    'answered per second',
    'p50 / p95 / p99 ms',
    'errors',
    'changes applied',
  ];
  const row = [
    String(tenants),
    String(tenants * perSecond),
    figures.perSecond.toFixed(0),
    latencies(figures),
    String(figures.errors),
    String(applied),
  ];
  return `${toTable(head, [row])}${figures.firstError === undefined ? '' : `\n${figures.firstError}`}`;
}

function renderBytes({ rendered, parts }: BytesPerPerson): string {
  const desired = parts.desired + parts.indexes + parts.words;
  const rows = [
    ['as SCIM renders one', rendered],
    ['desired and indexes', desired],
    ['the same with observed', desired + parts.observed],
    ['owner, key and timeline besides', parts.owner + parts.key + parts.timeline],
  ] as const;
  return toTable(
    ['one person', 'bytes'],
    rows.map(([what, size]) => [what, size.toFixed(0)]),
  );
}
