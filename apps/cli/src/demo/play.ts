// Plays an Entra tenant against the running installation: three cycles, each waited for until Freshservice has caught
// up, so that a leaver of one cycle is somebody whom the cycle before has created; then one person on demand, and a
// restart of provisioning, which must change nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@fresh-scim/connections';
import { createProvisioner, evolve, isInScope, QuarantineError } from '@fresh-scim/entra-sim';
import type { CycleReport, Progress, Provisioner, Tenant } from '@fresh-scim/entra-sim';
import { PLANS } from '@fresh-scim/freshservice';
import { CliError, EXIT } from '../failure.ts';
import { directoryOf } from '../installation.ts';
import type { Io } from '../io.ts';
import { tenantUrlOf } from '../places.ts';
import type { Stack } from '../up/stack.ts';
import { importPeople } from './import.ts';
import { openProgress } from './progress.ts';
import type { Moment, ProgressView } from './progress.ts';
import { fetchStats, liveCallsOf } from './simulated-account.ts';

const LOOK_EVERY_MS = 250;
/** Extra cycles for people whose requests failed. */
const AGAIN_MAX = 3;
const PATIENCE_MS = 120_000;
/** How much longer than at the account's limit it may take, on a slow machine. */
const PATIENCE_FACTOR = 6;
/** Above this size some people are hired again as new objects, which takes two calls each. */
const PEOPLE_PER_REHIRE = 200;

const NOTHING_SENT: Progress = {
  requestsSent: 0,
  peopleDone: 0,
  peopleTotal: 0,
  managersSent: 0,
  failed: 0,
};

/** What the demo plays. */
export interface Play {
  readonly stack: Stack;
  readonly connection: Connection;
  readonly tenant: Tenant;
  /** Of the changes of its days; an even one gives PATCH the shape of the flag. */
  readonly seed: number;
}

/** What was played. */
export interface Played {
  readonly reports: readonly CycleReport[];
  /** Calls that the restart of provisioning led to. */
  readonly restartCalls: number;
  /** Settles that changed at least one attribute of a person. */
  readonly applied: number;
}

/** @throws {CliError} not-in-step when Freshservice does not catch up in time; refused when SCIM requests are */
export async function playTenant(play: Play, io: Io): Promise<Played> {
  const { stack, tenant, seed } = play;
  const url = stack.simulator?.url ?? '';
  let requestsBefore = 0;
  let progress = NOTHING_SENT;
  const provisioner = createProvisioner({
    tenant,
    baseUrl: tenantUrlOf(stack.scimUrl),
    token: stack.simulator?.token ?? '',
    patchStyle: seed % 2 === 0 ? 'flag' : 'classic',
    onProgress: (now) => {
      progress = now;
    },
  });
  const reports: CycleReport[] = [];
  const cycle: Cycle = async (name, run = () => provisioner.runCycle()) => {
    progress = NOTHING_SENT;
    const report = await runCycle(name, run, play, io, () => ({ ...progress, requestsBefore }));
    requestsBefore += report.requests.total;
    reports.push(report);
    return report;
  };
  const directory = directoryOf(stack.redis, play.connection);
  try {
    const { minuteMs } = play.connection;
    await importPeople(directory, { people: tenant.people().length, minuteMs }, io);
    await playDays(play, cycle);
    await playOnDemand(tenant, provisioner, cycle);
    const callsBefore = liveCallsOf(await fetchStats(url));
    demandFinished(await cycle('restart', () => provisioner.restartProvisioning()));
    const restartCalls = liveCallsOf(await fetchStats(url)) - callsBefore;
    const { applied } = await directory.status();
    return { reports, restartCalls, applied };
  } finally {
    await provisioner.close();
  }
}

type Cycle = (name: string, run?: () => Promise<CycleReport>) => Promise<CycleReport>;

async function playDays({ tenant, seed }: Play, cycle: Cycle): Promise<void> {
  const rehires = Math.floor(tenant.people().length / PEOPLE_PER_REHIRE);
  await cycle('initial cycle');
  evolve(tenant, seed + 1, { rehires: 0 });
  await cycle('changes');
  evolve(tenant, seed + 2, { leavers: 0, rehires });
  let last = await cycle('returners');
  for (let again = 0; unfinished(last) > 0 && again < AGAIN_MAX; again += 1)
    last = await cycle('failed before');
  demandFinished(last);
}

async function playOnDemand(tenant: Tenant, provisioner: Provisioner, cycle: Cycle): Promise<void> {
  const somebody = tenant.people().find(isInScope);
  if (somebody === undefined) return;
  tenant.changeTitle(somebody.objectId);
  demandFinished(await cycle('on demand', () => provisioner.provisionOnDemand(somebody.objectId)));
}

/** @throws {CliError} requests-failed */
function demandFinished(report: CycleReport): void {
  if (unfinished(report) > 0) throw requestsFailed(unfinished(report));
}

/** People whom the next cycle takes up again. */
function unfinished({ failures, managers }: CycleReport): number {
  return failures.length + managers.failures.length + managers.waiting;
}

type Sent = Progress & { readonly requestsBefore: number };

async function runCycle(
  name: string,
  run: () => Promise<CycleReport>,
  play: Play,
  io: Io,
  sent: () => Sent,
): Promise<CycleReport> {
  const view = openProgress(name, io);
  let isSent = false;
  const watching = watch(play, view, sent, () => isSent);
  try {
    const report = await run();
    isSent = true;
    await watching;
    return report;
  } catch (error) {
    isSent = true;
    await watching.catch(() => undefined); // The first error is the one to tell.
    if (error instanceof QuarantineError) throw requestsFailed(error.report.failures.length);
    throw error;
  } finally {
    view.end();
  }
}

/** Shows the progress until everything is sent and nothing waits. @throws {CliError} not-in-step */
async function watch(play: Play, view: ProgressView, sent: () => Sent, isSent: () => boolean): Promise<void> {
  const deadline =
    performance.now() +
    PATIENCE_MS +
    PATIENCE_FACTOR * millisecondsFor(play, play.tenant.people().length * 3);
  for (;;) {
    const wasSent = isSent();
    const moment = await look(play, sent());
    view.show(moment);
    if (wasSent && moment.waiting === 0) return;
    if (performance.now() > deadline) throw notInStep(moment.waiting);
    await sleep(LOOK_EVERY_MS);
  }
}

async function look(
  play: Play,
  { requestsSent, requestsBefore, peopleDone, peopleTotal, managersSent }: Sent,
): Promise<Moment> {
  const { stack, connection } = play;
  const [{ dirty }, { calls }] = await Promise.all([
    directoryOf(stack.redis, connection).status(),
    fetchStats(stack.simulator?.url ?? ''),
  ]);
  const done = Math.max(0, peopleDone - dirty);
  return {
    people: peopleTotal,
    done,
    requests: requestsBefore + requestsSent,
    managers: managersSent,
    waiting: dirty,
    calls,
    secondsLeft: Math.ceil(millisecondsFor(play, peopleTotal - done) / 1000),
  };
}

/** One call per change at our share of the account's limit. */
function millisecondsFor({ connection }: Play, changes: number): number {
  const { plan, settings, minuteMs } = connection;
  const { overall } = PLANS[plan as keyof typeof PLANS]; // The demo's own option, checked against the same table.
  return (changes / (overall * settings['budget.share'])) * minuteMs;
}

function notInStep(waiting: number): CliError {
  return new CliError(
    EXIT.failed,
    'not-in-step',
    `Freshservice did not catch up in time: ${waiting} changes still wait.`,
    'Look at: fresh-scim status, and the logs in the data folder.',
  );
}

function requestsFailed(people: number): CliError {
  return new CliError(
    EXIT.failed,
    'requests-failed',
    `The SCIM endpoint refused the requests for ${people} people.`,
    'Look at the file scim-api.log in the folder of the logs.',
  );
}
