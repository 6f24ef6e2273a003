/** What was measured, in tables of ratios for a person and in one document for a program. */
import type { BytesPerPerson } from '../directory/bytes-per-person.ts';
import type { Compared } from './compare.ts';
import type { EntraMix } from './entra-mix.ts';
import { latencies, ratio, toTable } from './figures.ts';
import type { Grown } from './growth.ts';
import { OPERATIONS } from './operations.ts';

/** Names of the servers, as tables and the document have them. */
export const OURS = 'fresh-scim';
export const OURS_ALWAYS = 'fresh-scim, fsync always';
export const FLOOR = 'floor';
export const SCIMMY = 'scimmy-routers';
export const JACKSON_MEMORY = 'jackson, in memory';
export const JACKSON_REDIS = 'jackson, on Redis';
const OTHERS = [SCIMMY, JACKSON_MEMORY, JACKSON_REDIS, FLOOR, OURS_ALWAYS];

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

function renderRatios(compared: readonly Compared[]): string {
  const servers = OTHERS.filter((name) => compared.some(({ server }) => server === name));
  const rows = pairsOf(compared).map(([operation, connections]) => {
    const rate = (name: string): number | undefined =>
      compared.find(
        (one) => one.server === name && one.operation === operation && one.connections === connections,
      )?.figures.perSecond;
    return [operation, String(connections), ...servers.map((name) => ratio(rate(OURS), rate(name)))];
  });
  return `Requests a second of ${OURS}, as a multiple of each server's\n\n${toTable(['operation', 'connections', ...servers], rows)}`;
}

function renderCompared(compared: readonly Compared[]): string {
  const rows = compared.map(({ server, operation, connections, figures }) => [
    operation,
    String(connections),
    server,
    figures.perSecond.toFixed(0),
    latencies(figures),
    String(figures.errors),
  ]);
  const head = ['operation', 'connections', 'server', 'per second', 'p50 / p95 / p99 ms', 'errors'];
  const wrong = compared.flatMap(({ server, figures }) =>
    figures.firstError === undefined ? [] : [`${server}: ${figures.firstError}`],
  );
  return [toTable(head, rows), ...wrong].join('\n\n');
}

function renderGrown(grown: readonly Grown[]): string {
  const rows = grown.map(({ kind, people, figures }) => {
    const smallest = grown.find((other) => other.kind === kind)?.figures.p50Ms;
    return [kind, String(people), latencies(figures), ratio(figures.p50Ms, smallest), String(figures.errors)];
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

/** Each operation with each number of connections that was measured. */
function pairsOf(compared: readonly Compared[]): (readonly [string, number])[] {
  const counts = [...new Set(compared.map(({ connections }) => connections))];
  return OPERATIONS.flatMap((operation) => counts.map((connections) => [operation, connections] as const));
}
