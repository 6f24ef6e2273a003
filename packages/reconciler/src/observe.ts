/** What does Freshservice show now? Uses the snapshot while it is young and trusted, else reads; resolves what an earlier holder left open. */

import type { Intent } from '@fresh-scim/directory';
import { fetchByAddresses, fetchPerson } from './accounts.ts';
import { addressesToLookFor, bind, findAccount, unbind } from './identity.ts';
import { toObserved, withSentAddress } from './mapping/observed.ts';
import { sameAddress } from './mapping/text.ts';
import { Halt, redisNow, remember, type Run } from './run.ts';

const HOUR_MS = 3_600_000;
/** Freshservice's index may lag behind its records: gaps between looks before an unseen create counts as not done. */
const LOOK_GAPS_MS = [1000, 5000] as const;

/** After this `run.observed` is what Freshservice shows, or is unbound because there is no account. */
export async function observe(run: Run): Promise<void> {
  if (run.observed?.remoteId === undefined) await findAccount(run);
  const { observed } = run;
  if (observed?.remoteId === undefined) return;
  const ageMs = redisNow(run) - observed.readAt;
  if (!run.stale && ageMs < run.world.settings.snapshotMaxAgeHours * HOUR_MS) return;
  await readBound(run, observed.remoteId);
}

async function readBound(run: Run, remoteId: number): Promise<void> {
  const person = await fetchPerson(run, remoteId, run.observed?.kind ?? 'requester');
  if (person) {
    const observed = toObserved(person, run.observed, redisNow(run));
    const converted = run.observed?.kind !== undefined && run.observed.kind !== person.kind;
    const owner = await remember(run, {
      observed,
      claim: { remoteId },
      intent: 'clear',
      ...(converted ? { event: { what: 'found-converted', detail: person.kind } } : {}),
    });
    if (owner === undefined) return;
    unbind(run);
    // A call of ours may be open on it: its new owner is told to look again, before this key is done.
    return forget(run);
  }
  // Gone for good: both endpoints say so. The person may have another account by now; the addresses will tell.
  const { sentAddresses = [], ours = [] } = run.observed ?? {};
  await remember(run, {
    observed: { readAt: redisNow(run), values: {}, echoes: {}, sentAddresses, ours },
    intent: 'clear',
    event: { what: 'account-gone', detail: `account ${remoteId}` },
  });
  if (run.target.active) return;
  run.searched = true;
  const elsewhere = await fetchByAddresses(run, await addressesToLookFor(run));
  const active = elsewhere.primary.find((row) => row.active && row.id !== remoteId);
  if (active && (await run.world.directory.ownerOf(active.id)) === undefined) {
    throw new Halt({ kind: 'parked', why: 'leaver-address-elsewhere', detail: `account ${active.id}` });
  }
}

/**
 * A reconcile that finds an intent waits until nothing can be in flight any more, looks what became of it, and only
 * then plans. A blind second POST does not exist.
 */
export async function resolveIntent(run: Run): Promise<void> {
  const { intent, loadedAt } = run.lease;
  if (!intent) return;
  if (intent.deadlineAt > loadedAt) {
    throw new Halt({
      kind: 'later',
      ms: intent.deadlineAt - loadedAt,
      why: 'call-in-flight',
      isFailure: false,
    });
  }
  for (const address of intent.lookupBy.emails) {
    run.observed = withSentAddress(run.observed, address, redisNow(run));
  }
  if (intent.step !== 'create') {
    run.stale = true;
    if (run.observed?.remoteId === undefined) await forget(run);
    return;
  }
  if (run.observed?.remoteId !== undefined) return forget(run);
  const { primary } = await fetchByAddresses(run, intent.lookupBy.emails);
  const made = primary.find((row) => row.external_id === intent.lookupBy.externalId) ?? primary[0];
  if (made) {
    const person = await fetchPerson(run, made.id, made.is_agent ? 'agent' : 'requester');
    if (person && (await bind(run, person, 'found-created')) === undefined) return;
    return forget(run); // somebody else's: our create was refused
  }
  if (isRefusedTwice(run, intent)) return forget(run);
  await lookAgainLater(run, intent);
}

/** A second create with the same address cannot make a second person: Freshservice refuses an address in use. */
function isRefusedTwice({ target }: Run, intent: Intent): boolean {
  const next = target.attributes['primary_email'];
  return (
    target.active &&
    typeof next === 'string' &&
    intent.lookupBy.emails.every((email) => sameAddress(email, next))
  );
}

async function lookAgainLater(run: Run, intent: Intent): Promise<void> {
  const gap = LOOK_GAPS_MS[intent.looks];
  if (gap === undefined) return forget(run);
  const { startedAt: _, deadlineAt: __, ...planned } = intent;
  const renewed = { ...planned, generation: run.lease.generation, looks: intent.looks + 1 };
  const permission = await run.world.directory.intend(run.lease, renewed, 0);
  if (permission.result === 'lost') throw new Halt({ kind: 'lost' });
  if (permission.result === 'moved') throw new Halt({ kind: 'again', why: 'changed-meanwhile' });
  throw new Halt({ kind: 'later', ms: gap, why: 'looking-for-created', isFailure: false });
}

/** The intent came to nothing, or is known to be done: the addresses it sent stay remembered. */
async function forget(run: Run): Promise<void> {
  await remember(run, { ...(run.observed ? { observed: run.observed } : {}), intent: 'clear' });
}

/** An account that a holder made after it had lost its lease: ours if there is none yet, else a double that is put to rest. */
export async function resolveStrays(
  run: Run,
  deactivate: (remoteId: number) => Promise<void>,
): Promise<void> {
  for (const stray of new Set([...run.lease.strays, ...(await findStrays(run))])) {
    if (run.observed?.remoteId === stray) continue;
    const person = await fetchPerson(run, stray, 'requester');
    if (!person) continue;
    if (run.observed?.remoteId === undefined) {
      await bind(run, person, 'found-created');
      continue;
    }
    // Claimed first: by now it may be the account of another person, who is not to be put to rest.
    const owner = await remember(run, { claim: { remoteId: stray }, intent: 'keep' });
    if (owner === undefined && person.record.active) await deactivate(stray);
  }
}

/** What a create made whose answer never came, if it made anything: it carries what was sent. */
async function findStrays(run: Run): Promise<number[]> {
  const { lease, target } = run;
  if (lease.strayAddresses.length === 0) return [];
  const { primary } = await fetchByAddresses(run, lease.strayAddresses);
  const isOurs = (externalId: string | null): boolean =>
    externalId === null || target.externalId === undefined || externalId === target.externalId;
  return primary.filter(({ external_id }) => isOurs(external_id)).map(({ id }) => id);
}
