/**
 * What becomes of a reconcile that met an error. One table by the kind of the error; the few kinds that can be
 * resolved by looking are resolved here. No decision by the text of an error.
 */

import type { CatalogKind } from '@fresh-scim/directory';
import { BudgetExhausted, type ErrorKind, FreshserviceError } from '@fresh-scim/freshservice';
import { fetchByAddresses } from './accounts.ts';
import { backOffMs, LICENCE_MS } from './back-off.ts';
import { distrust } from './catalog-list.ts';
import { adoptFound, awaiting, confirmOwner } from './identity.ts';
import { CUSTOM } from './mapping/observed.ts';
import type { Ending } from './outcome.ts';
import type { Step } from './plan.ts';
import { callOptions, Halt, type Run } from './run.ts';
import { askToYield, leaveOutSecondary } from './secondary.ts';

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
    if ('secondary_emails' in step.attributes) {
      await leaveOutSecondary(run, undefined);
      return 'look-again';
    }
    const address = step.attributes['primary_email'];
    const holder = typeof address === 'string' ? await askToYield(run, address) : undefined;
    if (holder) return { kind: 'parked', why: 'address-in-use', detail: holder };
    if (run.lease.failures < SPURIOUS_CONFLICTS_MAX) return backOff(run, 'conflict');
    return { kind: 'parked', why: 'conflict-without-owner' };
  }
  const { primary_email: address, secondary_emails: others } = step?.kind === 'update' ? step.attributes : {};
  if (typeof address === 'string') return resolveAddressConflict(run, address, others !== undefined);
  if (others === undefined) return lookAgain(run);
  await resolveSecondaryConflict(run);
  return 'look-again';
}

/** The new address is somebody else's: everything else is applied, and the person waits for that one. */
async function resolveAddressConflict(run: Run, address: string, hasOthers: boolean): Promise<Verdict> {
  const { primary, secondary } = await fetchByAddresses(run, [address]);
  const holder = primary[0] ?? secondary[0];
  if (holder && holder.id === run.observed?.remoteId) return lookAgain(run);
  if (holder) {
    const { owner, isStill } = await confirmOwner(run, holder.id, [address]);
    if (!isStill) return lookAgain(run);
    if (owner) run.awaits.push(owner);
    leaveOutAddress(run, 'address-in-use', owner?.key ?? `account ${holder.id}`);
    return 'look-again';
  }
  const yielding = await askToYield(run, address);
  if (yielding) leaveOutAddress(run, 'address-in-use', yielding);
  else if (hasOthers) await resolveSecondaryConflict(run);
  else if (run.lease.failures < SPURIOUS_CONFLICTS_MAX) return backOff(run, 'conflict');
  else leaveOutAddress(run, 'conflict-without-owner');
  return 'look-again';
}

function leaveOutAddress(run: Run, reason: string, waitsFor?: string): void {
  run.leftOut.set('primary_email', reason);
  run.notes.push({ attribute: 'primary_email', reason, ...(waitsFor === undefined ? {} : { waitsFor }) });
}

async function resolveSecondaryConflict(run: Run): Promise<void> {
  const { primary, secondary } = await fetchByAddresses(run, run.target.addresses.slice(1));
  const holder = [...primary, ...secondary].find(({ id }) => id !== run.observed?.remoteId);
  await leaveOutSecondary(run, holder?.id);
}

/** A refused attribute never blocks a person: the rest is applied, and the note says what was left out. */
async function resolveInvalid(run: Run, error: FreshserviceError, step: Step | undefined): Promise<Verdict> {
  if (error.code === 'contact_already_active') return lookAgain(run);
  const attributes = step?.kind === 'create' || step?.kind === 'update' ? step.attributes : {};
  const refused = error.fields.flatMap(({ field, code }) =>
    attributesOf(field, Object.keys(attributes)).map((attribute) => ({ attribute, code })),
  );
  if (refused.length === 0) {
    const codes = error.fields.map(({ field, code }) => `${field} ${code}`).join(', ');
    return { kind: 'parked', why: 'invalid', detail: codes || (error.code ?? '') };
  }
  for (const { attribute, code } of refused) {
    const isFirstClear = attributes[attribute] === null && !run.clearedByText.has(attribute);
    if (isFirstClear && code === 'datatype_mismatch') run.clearedByText.add(attribute);
    else await leaveOutRefused(run, attribute, code);
  }
  return 'look-again';
}

/**
 * What a refusal speaks of, among what was sent: an attribute, a member of it, or a custom field with or without its
 * place. A custom field that was only sent along is meant too. Without a name and an address there is nobody to save.
 */
function attributesOf(field: string, sent: readonly string[]): string[] {
  if (field === 'custom_fields') return sent.filter((name) => name.startsWith(CUSTOM));
  if (field.startsWith(CUSTOM)) return [field];
  const whole = field.split(/[.[]/, 1)[0] ?? '';
  return sent.filter(
    (name) =>
      (name === whole || name === `${CUSTOM}${field}`) && name !== 'primary_email' && name !== 'first_name',
  );
}

/** Freshservice may not take an inactive person as a manager: looked at again when that person changes. */
async function leaveOutManager(run: Run): Promise<void> {
  const attribute = 'reporting_manager_id';
  const remoteId = run.target.attributes[attribute];
  const key = typeof remoteId === 'number' ? await run.world.directory.ownerOf(remoteId) : undefined;
  run.leftOut.set(attribute, 'manager-refused');
  run.notes.push({ attribute, reason: 'manager-refused', ...(key ? { waitsFor: key } : {}) });
  if (key) run.awaits.push(...(await awaiting(run, [key])));
}

/** The list of which an attribute holds an id. */
const LIST_OF: ReadonlyMap<string, CatalogKind> = new Map([
  ['department_ids', 'departments'],
  ['location_id', 'locations'],
]);

async function leaveOutRefused(run: Run, attribute: string, code: string): Promise<void> {
  const list = LIST_OF.get(attribute);
  if (list && code !== 'invalid_field' && !run.retried.has(attribute)) {
    run.retried.add(attribute);
    await distrust(run.world, list);
    run.references = undefined;
    return;
  }
  const isUnknown = code === 'invalid_field';
  if (attribute === 'reporting_manager_id' && !isUnknown) return leaveOutManager(run);
  // A custom field may be added at any time; what the list of fields says of it is asked each time.
  if (isUnknown && !attribute.startsWith(CUSTOM)) await run.world.directory.refuseAttribute(attribute);
  run.leftOut.set(attribute, isUnknown ? 'unknown-to-freshservice' : `refused ${code}`.trim());
}
