/**
 * Tells a webhook when a connection needs a person. It looks at what is so now, and not at what happens: nothing is
 * missed when a process dies, and any worker may be the one that tells. What is sent names connections, codes and
 * numbers, and nobody.
 */
import type { Connection } from '@fresh-scim/connections';
import { type DirectoryStatus, openDirectory } from '@fresh-scim/directory';
import type { Logger } from '@fresh-scim/runtime';
import type { Redis } from 'ioredis';

const CAUSES = ['stopped', 'leavers', 'held', 'import-failed'] as const;
/** Of a count, up to 16 million people. */
const DOUBLINGS_MAX = 24;

/** One thing that somebody has to look at; a contract with the programs of others. */
export interface Alert {
  readonly cause: (typeof CAUSES)[number];
  /** People concerned; null where it is the whole connection. */
  readonly count: number | null;
  /** What is wrong, in a sentence. */
  readonly text: string;
  /** The command that tells more, or helps. */
  readonly fix: string;
}

/** What alerts are made of. */
interface Situation {
  readonly connection: Pick<Connection, 'name' | 'stopped'>;
  readonly status: Pick<DirectoryStatus, 'parkedLeavers' | 'held'>;
  readonly isImportFailed: boolean;
}

export interface AlertsOptions {
  readonly redis: Redis;
  readonly logger: Logger;
  /** May hold a secret: never logged. */
  readonly url: string;
  /** Until one that was not taken is sent again. @default a minute */
  readonly retryMs?: number;
}

export interface Alerts {
  /** A look at one connection, at most one each half minute. Never rejects. */
  look(connection: Connection): Promise<void>;
  /** Gives up what is being sent. */
  close(): void;
}

const LOOK_MS = 30_000;
const RETRY_MS = 60_000;
/** As long as nothing gets worse, the same is told this often. */
const REPEAT_MS = 4 * 3_600_000;
const ANSWER_WITHIN_MS = 5_000;

/** What somebody has to look at, worst first. */
export function toAlerts({ connection, status, isImportFailed }: Situation): Alert[] {
  const { name, stopped } = connection;
  const { parkedLeavers, held } = status;
  const alerts: Alert[] = [];
  if (stopped !== undefined) {
    const text = `${name} is stopped: Freshservice does not accept the API key.`;
    alerts.push({ cause: 'stopped', count: null, text, fix: `fresh-scim connection test ${name}` });
  }
  if (parkedLeavers > 0) {
    const text = `${name}: ${people(parkedLeavers)} who left may still have access.`;
    alerts.push({ cause: 'leavers', count: parkedLeavers, text, fix: `fresh-scim failures ${name}` });
  }
  if (held > 0) {
    const text = `${name}: the brake holds ${people(held)} back.`;
    alerts.push({ cause: 'held', count: held, text, fix: `fresh-scim held ${name}` });
  }
  if (isImportFailed) {
    const text = `${name}: the import of people failed.`;
    alerts.push({ cause: 'import-failed', count: null, text, fix: `fresh-scim import ${name}` });
  }
  return alerts;
}

/** The same subject is told once in a while; one whose number has doubled is another one. */
export function subjectOf({ cause, count }: Alert): string {
  return count === null ? cause : `${cause}:${Math.floor(Math.log2(count))}`;
}

/** What may have been told of causes that are over: of no count, and of any. */
function subjectsOver(alerts: readonly Alert[]): string[] {
  const over = CAUSES.filter((cause) => alerts.every((alert) => alert.cause !== cause));
  return over.flatMap((cause) => [
    cause,
    ...Array.from({ length: DOUBLINGS_MAX }, (_, doublings) => `${cause}:${doublings}`),
  ]);
}

export function createAlerts({ redis, logger, url, retryMs = RETRY_MS }: AlertsOptions): Alerts {
  const stop = new AbortController();
  const lookedAt = new Map<string, number>();

  async function send(body: object): Promise<void> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    await response.body?.cancel();
    if (!response.ok) throw Object.assign(new Error('the webhook refuses'), { status: response.status });
  }

  async function tell(connection: Connection): Promise<void> {
    const { id, name, accountId } = connection;
    const directory = openDirectory(redis, { accountId, connectionId: id });
    const [status, { state }] = await Promise.all([directory.status(), directory.loadImport()]);
    const alerts = toAlerts({ connection, status, isImportFailed: state === 'failed' });
    await directory.forgetAlerts(subjectsOver(alerts));
    for (const alert of alerts) {
      const subject = subjectOf(alert);
      // Whoever dies between here and the answer leaves it to the next look after `retryMs`.
      if (!(await directory.claimAlert(subject, retryMs))) continue;
      await send({ at: new Date().toISOString(), connection: { id, name }, ...alert });
      await directory.keepAlert(subject, REPEAT_MS);
    }
  }

  return {
    async look(connection) {
      const last = lookedAt.get(connection.id);
      if (last !== undefined && performance.now() - last < Math.min(LOOK_MS, retryMs)) return;
      lookedAt.set(connection.id, performance.now());
      try {
        await tell(connection);
      } catch (error) {
        if (stop.signal.aborted) return;
        // The words of an error of fetch may repeat the address, which may be a secret.
        const { name, status } = error as { name?: string; status?: number };
        logger.warn({ connection: connection.id, failure: name, status }, 'an alert is told later');
      }
    },
    close: () => stop.abort(),
  };
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
