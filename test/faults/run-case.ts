/** Runs one case: what was so before, what Entra does and what fails, the repair, the verdict. */
import type { Redis } from 'ioredis';
import { openWorld, type TestWorld } from '../support/world.ts';
import { type Counts, type FaultCase, nameOf } from './cases.ts';
import { openFaultyDirectory } from './faulty-redis.ts';
import { Life } from './life.ts';
import { Operations } from './operations.ts';
import { MEANWHILE, type Scenario, SCENARIOS } from './scenarios.ts';
import { Shift } from './shift.ts';
import { Tenant } from './tenant.ts';
import type { Times } from './times.ts';
import { findProblems, type Problem } from './verdict.ts';
import { type Sabotage, type Surroundings } from './worker.ts';

const LOG_MAX = 10_000;
const LOOKS_MAX = 3;

/** What became of a case. */
export interface Verdict {
  readonly name: string;
  /** Empty when all is well. */
  readonly problems: readonly Problem[];
  readonly counts: Counts;
  readonly trace: readonly string[];
}

/** What a case runs on. */
export interface Stage {
  readonly redis: Redis;
  /** An account of its own for every case. */
  newAccountId(): string;
  readonly times: Times;
  /** For the twins: takes a guard away. */
  readonly sabotage?: Sabotage;
}

/** A worker in a process of its own. */
export interface Outsider {
  /** Before the workers of the case: until it has died or was stopped. */
  work(around: Surroundings): Promise<void>;
  /** When they have nothing left to do: until it has ended. */
  goOn(): Promise<void>;
}

export async function runCase(stage: Stage, faultCase: FaultCase, outsider?: Outsider): Promise<Verdict> {
  const scenario: Scenario = SCENARIOS[faultCase.scenario];
  const operations = new Operations(faultCase.faults, stage.times, () =>
    MEANWHILE[faultCase.meanwhile](tenant),
  );
  const { world, around, landed } = await openCase(stage, operations, faultCase);
  const { scope } = world.directory;
  const tenant = new Tenant(openFaultyDirectory(stage.redis, scope, 'entra', new Life(), operations));
  const shift = new Shift(world, around);
  operations.releaseOthers = (asking) => shift.releaseAll(asking);
  const problems: Problem[] = [];
  try {
    for (const step of scenario.before ?? []) {
      await step(tenant);
      await shift.workUntilRest();
    }
    operations.start();
    await scenario.act(tenant, world.sim);
    await outsider?.work(around);
    await shift.workUntilRest();
    if (outsider) {
      await outsider.goOn();
      await shift.workUntilRest();
    }
    // What is still on its way, and what did not happen because an earlier fault has shortened the way.
    await landed();
    if (faultCase.meanwhile !== 'nothing') {
      await operations.meanwhile();
      await shift.workUntilRest();
    }
    operations.stop();
    problems.push(...(await findProblems(world, tenant, around.mayFreeze)));
    if (problems.length === 0) problems.push(...(await lookAgain(world, tenant, shift)));
  } catch (error) {
    problems.push({
      where: 'run',
      what: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  } finally {
    await shift.close();
    await world.close();
  }
  return { name: nameOf(faultCase), problems, counts: operations.counts, trace: operations.trace };
}

/** A world with a door: the simulator can hold a request before it has any effect. */
async function openCase(
  stage: Stage,
  operations: Operations,
  { faults }: FaultCase,
): Promise<{ world: TestWorld; around: Surroundings; landed: () => Promise<unknown> }> {
  let hold: Parameters<Surroundings['holdNext']>[0] | undefined;
  const held: Promise<unknown>[] = [];
  const world = await openWorld({
    redis: stage.redis,
    accountId: stage.newAccountId(),
    beforeListen: ({ app }) => {
      // When the body is here: a request whose connection breaks then takes effect all the same.
      app.addHook('preHandler', async ({ raw }) => {
        if (!hold) return;
        const holding = hold(() => raw.socket.resetAndDestroy());
        hold = undefined;
        // What is let in takes effect before the event loop turns.
        held.push(holding.then(() => new Promise((resolve) => setImmediate(resolve))));
        if ((await holding) === 'forget') throw new Error('forgotten');
      });
    },
  });
  const around: Surroundings = {
    redis: stage.redis,
    scope: world.directory.scope,
    upstream: world.upstream,
    ownerId: world.sim.state.users.all('agents')[0]?.id ?? 0,
    operations,
    times: stage.times,
    mayFreeze: faults.some(({ kind }) => kind === 'frozen'),
    spoilNext: (kind) => world.sim.arm({ kind, ms: stage.times.hangMs }),
    holdNext: (until) => {
      hold = until;
    },
    holdNone: () => {
      hold = undefined;
    },
    ...(stage.sabotage ? { sabotage: stage.sabotage } : {}),
  };
  return { world, around, landed: () => Promise.all(held) };
}

/**
 * A second reconcile finds nothing to do. Who is to be inactive may be looked for again, and that changes nothing. A
 * machine so busy that a lease runs out is owed another look, which is right then: so there are some tries.
 */
async function lookAgain(world: TestWorld, tenant: Tenant, shift: Shift): Promise<Problem[]> {
  let problems: Problem[] = [];
  for (let tries = 0; tries < LOOKS_MAX; tries += 1) {
    problems = await lookOnceMore(world, tenant, shift);
    if (problems.length === 0) break;
  }
  return problems;
}

async function lookOnceMore(world: TestWorld, tenant: Tenant, shift: Shift): Promise<Problem[]> {
  const { next } = world.sim.log.read(0, LOG_MAX);
  const keys = tenant.people.map(({ id }) => `User-${id}` as const);
  await world.directory.wake(keys, { urgency: 'normal' });
  await shift.workUntilRest();
  const mayLook = tenant.people.some((person) => !person.active);
  return world.sim.log
    .read(next, LOG_MAX)
    .entries.filter(({ method }) => method !== 'GET' || !mayLook)
    .map(({ route }) => ({ where: 'freshservice', what: `a second reconcile calls ${route}` }));
}
