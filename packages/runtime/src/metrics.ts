/**
 * The Prometheus registry of one process. Refuses labels that could hold personal data: a label's values end in other
 * people's dashboards and stay there.
 */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Labels that name a person, an address or a secret, compared without case, `_` and `-`. */
const FORBIDDEN_LABELS = new Set(
  'name user username displayname email mail phone token apikey secret externalid url path key id'.split(' '),
);

/** Seconds, from a millisecond to half a minute: fits an inbound request as well as an outbound call. */
const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The metrics of one process. Names are `fresh_scim_...` with the unit last. */
export interface Metrics {
  readonly registry: Registry;
  /** Counts up only. */
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /** A value of now; `collect` sets it when it is asked for. */
  gauge<L extends string>(
    name: string,
    help: string,
    labels?: readonly L[],
    collect?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L>;
  /** A distribution of seconds, from 1 ms to 30 s. */
  seconds<L extends string>(name: string, help: string, labels?: readonly L[]): Histogram<L>;
}

/** A registry of its own with Node's default metrics. @throws {TypeError} from its methods for a forbidden label. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    counter: (name, help, labels = []) =>
      new Counter({ name, help, labelNames: allowed(labels), registers: [registry] }),
    gauge: (name, help, labels = [], collect) =>
      new Gauge({
        name,
        help,
        labelNames: allowed(labels),
        registers: [registry],
        ...(collect === undefined
          ? {}
          : {
              collect() {
                return collect(this);
              },
            }),
      }),
    seconds: (name, help, labels = []) =>
      new Histogram({
        name,
        help,
        labelNames: allowed(labels),
        registers: [registry],
        buckets: SECONDS_BUCKETS,
      }),
  };
}

function allowed<L extends string>(labels: readonly L[]): L[] {
  for (const label of labels) {
    if (FORBIDDEN_LABELS.has(label.toLowerCase().replace(/[_-]/g, ''))) {
      throw new TypeError(
        `a metric must not have the label ${label}: it could hold personal data or a secret`,
      );
    }
  }
  return [...labels];
}
