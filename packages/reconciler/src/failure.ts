/**
 * What becomes of a reconcile that met an error. One table by the kind of the error; the few kinds that can be
 * resolved by looking are resolved here. No decision by the text of an error.
 */

import { BudgetExhausted, type ErrorKind, FreshserviceError } from '@fresh-scim/freshservice';
import { fetchByAddresses } from './accounts.ts';
import { backOffMs, LICENCE_MS } from './back-off.ts';
import { adoptFound, confirmOwner } from './identity.ts';
import type { Ending } from './outcome.ts';
import type { Step } from './plan.ts';
import { callOptions, Halt, type Run } from './run.ts';

/** `look-again`: the error was an answer to a wrong belief; observe and plan anew. */
type Verdict = Ending | 'look-again';

/** Conflicts that no look-up explains, before they are believed. */
const SPURIOUS_CONFLICTS_MAX = 3;
/** Freshservice is asked once a minute whether it accepts our key again. */
const UNAUTHORIZED_MS = 60_000;

type Policy = (run: Run, error: FreshserviceError, step: Step | undefined) => Verdict | Promise<Verdict>;

const POLICIES: Readonly<Record<ErrorKind, Policy>> = {
  throttled: (_run, { retryAfterMs }) => ({
    kind: 'rateLimited',
    bucket: 'overall',
    ms: retryAfterMs ?? 1000,
  }),
  unavailable: (run) => backOff(run, 'freshservice-unavailable'),
  deadline: (run) => backOff(run, 'freshservice-slow'),
  malformed: (run) => backOff(run, 'freshservice-malformed'),
  unauthorized: (run) => stopped(run),
  forbidden: (run, _error, step) => triageForbidden(run, step),
  notFound: (run, _error, step) => (step ? lookAgain(run) : backOff(run, 'not-found')),
  conflict: (run, _error, step) => resolveConflict(run, step),
  invalid: (run, error, step) => resolveInvalid(run, error, step),
};

/** @throws the error itself when it is none of Freshservice's: the store is gone, or there is a defect. */
export async function judge(run: Run, error: unknown, step: Step | undefined): Promise<Verdict> {
  if (error instanceof Halt) return error.ending;
  if (error instanceof BudgetExhausted) {
    return { kind: 'rateLimited', bucket: error.bucket, ms: error.retryInMs };
  }
  if (!(error instanceof FreshserviceError)) throw error;
  return POLICIES[error.kind](run, error, step);
}

function backOff(run: Run, why: string): Ending {
  const ms = backOffMs(run.lease.failures, run.lease.urgency === 'urgent', run.world.random);
  return { kind: 'later', ms, why, isFailure: true };
}

/** Freshservice answers well, and still does not show what it was sent: not to be repeated at full speed. */
export const notConverging = (run: Run): Ending => backOff(run, 'not-converging');

function lookAgain(run: Run): Verdict {
  run.stale = true;
  run.searched = false;
  return 'look-again';
}

async function stopped(run: Run): Promise<Ending> {
  await run.world.stop('unauthorized');
  return { kind: 'later', ms: UNAUTHORIZED_MS, why: 'unauthorized', isFailure: false };
}

/** A 403 may speak of the key, of a permission or of a licence: whether the key works at all tells the first apart. */
async function triageForbidden(run: Run, step: Step | undefined): Promise<Ending> {
  try {
    await run.world.freshservice.agents.me(callOptions(run));
  } catch (error) {
    if (error instanceof FreshserviceError && (error.kind === 'unauthorized' || error.kind === 'forbidden')) {
      return stopped(run);
    }
    throw error;
  }
  const needsLicence = step?.kind === 'reactivate' && run.observed?.kind === 'agent';
  if (needsLicence) return { kind: 'later', ms: LICENCE_MS, why: 'no-licence-left', isFailure: false };
  return { kind: 'parked', why: 'forbidden', ...(step ? { detail: step.kind } : {}) };
}

async function resolveConflict(run: Run, step: Step | undefined): Promise<Verdict> {
  if (step?.kind === 'create') {
    if (await adoptFound(run, await fetchByAddresses(run, run.target.addresses))) return 'look-again';
    if (run.lease.failures < SPURIOUS_CONFLICTS_MAX) return backOff(run, 'conflict');
    return { kind: 'parked', why: 'conflict-without-owner' };
  }
  const address = step?.kind === 'update' ? step.attributes['primary_email'] : undefined;
  if (typeof address !== 'string') return lookAgain(run);
  return resolveAddressConflict(run, address);
}

/** The new address is somebody else's: everything else is applied, and the person waits for that one. */
async function resolveAddressConflict(run: Run, address: string): Promise<Verdict> {
  const { primary, secondary } = await fetchByAddresses(run, [address]);
  const holder = primary[0] ?? secondary[0];
  if (holder?.id === run.observed?.remoteId) return lookAgain(run);
  if (!holder) {
    if (run.lease.failures < SPURIOUS_CONFLICTS_MAX) return backOff(run, 'conflict');
    leaveOutAddress(run, 'conflict-without-owner');
    return 'look-again';
  }
  const { owner, isStill } = await confirmOwner(run, holder.id, [address]);
  if (!isStill) return lookAgain(run);
  if (owner) run.awaits.push(owner);
  leaveOutAddress(run, 'address-in-use', owner?.key ?? `account ${holder.id}`);
  return 'look-again';
}

function leaveOutAddress(run: Run, reason: string, waitsFor?: string): void {
  run.leftOut.set('primary_email', reason);
  run.notes.push({ attribute: 'primary_email', reason, ...(waitsFor === undefined ? {} : { waitsFor }) });
}

/** A refused attribute never blocks a person: the rest is applied, and the note says what was left out. */
async function resolveInvalid(run: Run, error: FreshserviceError, step: Step | undefined): Promise<Verdict> {
  if (error.code === 'contact_already_active') return lookAgain(run);
  const attributes = step?.kind === 'create' || step?.kind === 'update' ? step.attributes : {};
  const refused = error.fields.filter(
    ({ field }) => field in attributes && field !== 'primary_email' && field !== 'first_name',
  );
  if (refused.length === 0) {
    const codes = error.fields.map(({ field, code }) => `${field} ${code}`).join(', ');
    return { kind: 'parked', why: 'invalid', detail: codes || (error.code ?? '') };
  }
  for (const { field, code } of refused) {
    if (code === 'invalid_field') await run.world.directory.refuseAttribute(field);
    run.leftOut.set(field, code === 'invalid_field' ? 'unknown-to-freshservice' : `refused ${code}`.trim());
  }
  return 'look-again';
}
