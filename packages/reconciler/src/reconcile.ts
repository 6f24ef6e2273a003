/**
 * The contract of a worker: one key in, one `Outcome` out. Takes the lease, resolves what was left open, observes,
 * plans, executes one step, and begins anew from what the answer showed, until there is nothing to do.
 */

import { setInterval, clearInterval } from 'node:timers';
import type { Awaited, Key, Leased, Note } from '@fresh-scim/directory';
import { parkedMs } from './back-off.ts';
import { deactivateStray, execute } from './execute.ts';
import { judge, notConverging } from './failure.ts';
import { inStep } from './compare.ts';
import { ownedBy } from './mapping/observed.ts';
import { observe, resolveIntent, resolveStrays } from './observe.ts';
import type { Ending, Outcome } from './outcome.ts';
import { plan, type Step } from './plan.ts';
import { resolveReferences } from './references.ts';
import { Halt, leaveOut, remember, type Run, startRun, type World } from './run.ts';

/** Looks that errors may cause in one reconcile, and steps that may succeed, before it counts as a failure. */
const LOOKS_MAX = 6;
const STEPS_MAX = 6;

/**
 * Brings Freshservice to the newest desired state of one key. Safe to repeat, at any time, from any process.
 *
 * @throws what is neither Freshservice's nor a matter of the lease: the store is gone, or a defect. The key then
 * stays dirty and comes again.
 */
export async function reconcile(world: World, key: Key, signal: AbortSignal): Promise<Outcome> {
  const lease = await world.directory.acquire(key, world.leaseMs);
  if ('state' in lease) {
    if (lease.state === 'idle') return { kind: 'settled', notes: 0 };
    return { kind: 'rateLimited', bucket: 'lease', ms: Math.min(lease.leftMs, 50) };
  }
  const heart = keepAlive(world, lease, signal);
  try {
    const run = startRun(world, lease, heart.signal);
    return await end(run, await bringInStep(run));
  } catch (error) {
    if (error instanceof Halt && error.ending.kind === 'lost') return lost;
    throw error;
  } finally {
    heart.stop();
  }
}

const lost: Outcome = { kind: 'requeueAfter', ms: 0, why: 'lease-lost' };

async function bringInStep(run: Run): Promise<Ending> {
  let resolved = false;
  let looks = 0;
  for (let steps = 0; steps < STEPS_MAX; ) {
    let step: Step | undefined;
    try {
      if (!resolved) {
        await resolveIntent(run);
        await resolveStrays(run, (remoteId) => deactivateStray(run, remoteId));
        resolved = true;
      }
      await observe(run);
      await resolveReferences(run);
      [step] = plan(run.target, run.observed, leaveOut(run));
      if (!step) return { kind: 'inStep' };
      if (needsLook(run, step)) {
        run.stale = true;
        continue;
      }
      await execute(run, step);
      steps += 1;
    } catch (error) {
      const verdict = await judge(run, error, step).catch((next: unknown) => judge(run, next, undefined));
      if (verdict !== 'look-again') return verdict;
      looks += 1;
      if (looks > LOOKS_MAX) break;
    }
  }
  return notConverging(run);
}

/** A list that is shared with people is written whole, so it has to be known as it is now. */
function needsLook({ lease, observed, target, world }: Run, step: Step): boolean {
  if (step.kind !== 'update' || (observed?.readAt ?? 0) >= lease.loadedAt) return false;
  return (
    world.settings.readBeforeWrite === 'always' || target.byElement.some((name) => name in step.attributes)
  );
}

/** Renews the lease as long as the work goes on; its loss ends the calls. */
function keepAlive(
  world: World,
  lease: Leased,
  signal: AbortSignal,
): { signal: AbortSignal; stop: () => void } {
  const gone = new AbortController();
  const timer = setInterval(() => {
    world.directory.renew(lease).then(
      (held) => {
        if (!held) gone.abort(new Halt({ kind: 'lost' }));
      },
      () => undefined, // Redis is away: the lease runs out by itself, and the next script of this run says so
    );
  }, world.leaseMs / 3);
  return { signal: AbortSignal.any([signal, gone.signal]), stop: () => clearInterval(timer) };
}

/** Moves the key to its next state. Every way gives the lease back. */
async function end(run: Run, ending: Ending): Promise<Outcome> {
  const { directory } = run.world;
  const isLeaver = !run.target.active;
  const postpone = { ms: 0, countsAsFailure: false, leaver: isLeaver, awaits: awaitsOf(run) };
  switch (ending.kind) {
    case 'inStep':
      return settle(run);
    case 'lost':
      return lost;
    case 'again':
      await directory.postpone(run.lease, { ...postpone, state: 'dirty', why: ending.why });
      return { kind: 'requeueAfter', ms: 0, why: ending.why };
    case 'rateLimited':
      await directory.postpone(run.lease, { ...postpone, state: 'fed', why: 'rate-limited' });
      return { kind: 'rateLimited', bucket: ending.bucket, ms: ending.ms };
    case 'later': {
      const { ms, why, isFailure } = ending;
      const event = isFailure ? { event: { what: 'failed', detail: why } } : {};
      const state = 'deferred' as const;
      const done = await directory.postpone(run.lease, {
        ...postpone,
        state,
        ms,
        why,
        countsAsFailure: isFailure,
        ...event,
      });
      return { kind: 'requeueAfter', ms: done === 'again' ? 0 : ms, why };
    }
    case 'held': {
      const event = { what: 'held', detail: `${ending.passed} of ${ending.limit} passed` };
      await directory.postpone(run.lease, { ...postpone, state: 'held', why: 'brake', event });
      return { kind: 'terminal', why: 'held' };
    }
    case 'parked':
      return park(run, ending);
  }
}

async function park(
  run: Run,
  { why, detail, awaits = [] }: Extract<Ending, { kind: 'parked' }>,
): Promise<Outcome> {
  const leaver = !run.target.active;
  const done = await run.world.directory.postpone(run.lease, {
    state: 'parked',
    ms: parkedMs(run.lease.parks, leaver),
    why,
    countsAsFailure: false,
    leaver,
    awaits: [...awaitsOf(run), ...awaits],
    event: { what: 'parked', detail: detail ? `${why}: ${detail}` : why },
  });
  return done === 'postponed'
    ? { kind: 'terminal', why }
    : { kind: 'requeueAfter', ms: 0, why: 'changed-meanwhile' };
}

const awaitsOf = ({ awaits, references }: Run): Awaited[] => [...awaits, ...(references?.awaits ?? [])];

async function settle(run: Run): Promise<Outcome> {
  await rememberOwnership(run);
  const notes = notesOf(run);
  const done = await run.world.directory.settle(run.lease, {
    notes,
    awaits: awaitsOf(run),
    applied: run.applied.size > 0,
    ...(run.applied.size > 0 ? { event: { what: 'settled' } } : {}),
  });
  if (done === 'lost') return lost;
  if (done === 'again') return { kind: 'requeueAfter', ms: 0, why: 'changed-meanwhile' };
  return { kind: 'settled', notes: notes.length };
}

/** An attribute is ours once Entra has sent it, also when Freshservice showed it so already; so is a refused value. */
async function rememberOwnership(run: Run): Promise<void> {
  const { observed, target } = run;
  if (observed?.remoteId === undefined || !target.active) return;
  const ours = ownedBy(target, observed);
  const echoes = { ...observed.echoes };
  for (const [name, reason] of run.leftOut) {
    if (!reason.startsWith('refused')) continue;
    const sent = target.attributes[name] ?? target.defaults[name] ?? null;
    echoes[name] = { sent, got: observed.values[name] ?? null };
  }
  if (JSON.stringify([ours, echoes]) === JSON.stringify([observed.ours, observed.echoes])) return;
  await remember(run, { observed: { ...observed, ours, echoes }, intent: 'keep' });
}

/** What was left out or kept otherwise: nothing is silent. One an attribute, the first. */
function notesOf({ leftOut, target, observed, notes, references }: Run): Note[] {
  const left = [...leftOut].filter(
    ([attribute, reason]) => attribute in target.attributes || reason.startsWith('refused'),
  );
  const rewritten = Object.entries(observed?.echoes ?? {})
    .filter(
      ([name, { sent, got }]) => name in target.attributes && !leftOut.has(name) && !inStep(name, sent, got),
    )
    .map(([name]): [string, string] => [name, 'kept-otherwise-by-freshservice']);
  const all = [
    ...notes,
    ...(references?.notes ?? []),
    ...[...left, ...rewritten].map(([attribute, reason]) => ({ attribute, reason })),
  ];
  return [...Map.groupBy(all, ({ attribute }) => attribute).values()].flatMap(([first]) => first ?? []);
}
