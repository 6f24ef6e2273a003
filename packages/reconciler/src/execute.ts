/**
 * One step at a time: intent, call, record. The intent is written when the credit is granted and nothing is sent yet;
 * it goes with the record of the answer, or with a definite refusal, and stays for the next holder otherwise.
 */

import type { Observed, PlannedIntent } from '@fresh-scim/directory';
import {
  FreshserviceError,
  parseAgentId,
  parseRequesterId,
  type CallOptions,
} from '@fresh-scim/freshservice';
import type { JsonValue } from '@fresh-scim/scim';
import { unbind } from './identity.ts';
import { type BodyOptions, toBody } from './mapping/body.ts';
import { ownedBy, type Person, toObserved, withSent, withSentAddress } from './mapping/observed.ts';
import type { Step } from './plan.ts';
import { callOptions, Halt, leaveOut, redisNow, remember, type Run } from './run.ts';

/** @throws {FreshserviceError} the first refusal; {@link Halt} when the lease, the generation or the owner moved. */
export async function execute(run: Run, step: Step): Promise<void> {
  switch (step.kind) {
    case 'create':
      return create(run, step.attributes);
    case 'update':
      return update(run, step.attributes);
    case 'reactivate':
      return reactivate(run);
    case 'deactivate':
      return deactivate(run);
  }
}

async function create(run: Run, attributes: Readonly<Record<string, JsonValue>>): Promise<void> {
  const address = attributes['primary_email'];
  if (typeof address !== 'string') throw new Halt({ kind: 'parked', why: 'no-address' });
  const lookupBy = {
    emails: [address.toLowerCase()],
    ...(run.target.externalId === undefined ? {} : { externalId: run.target.externalId }),
  };
  const body = toBody(attributes, {}, bodyOptions(run), 'requester');
  const record = await change(run, { step: 'create', lookupBy }, (options) =>
    run.world.freshservice.requesters.create(body, options),
  );
  await learn(run, { kind: 'requester', record }, attributes, 'created', record.id);
}

const bodyOptions = (run: Run): BodyOptions => ({
  leaveOut: leaveOut(run),
  clearedByText: run.clearedByText,
});

async function update(run: Run, attributes: Readonly<Record<string, JsonValue>>): Promise<void> {
  const { remoteId, kind } = bound(run);
  const address = attributes['primary_email'];
  const emails = typeof address === 'string' ? [address.toLowerCase()] : [];
  const { agents, requesters } = run.world.freshservice;
  const person = await change(
    run,
    { step: 'update', remoteId, lookupBy: { emails } },
    async (options): Promise<Person> => {
      const body = toBody(attributes, run.observed?.values ?? {}, bodyOptions(run), kind);
      if (kind === 'agent') {
        return { kind, record: await agents.update(parseAgentId(remoteId), body, options) };
      }
      const id = parseRequesterId(remoteId);
      return { kind, record: await requesters.update(id, body, options) };
    },
  );
  await learn(run, person, attributes, 'changed');
}

async function reactivate(run: Run): Promise<void> {
  const { remoteId, kind } = bound(run);
  const { agents, requesters } = run.world.freshservice;
  const person = await change(
    run,
    { step: 'reactivate', remoteId, lookupBy: { emails: [] } },
    async (options): Promise<Person> =>
      kind === 'requester'
        ? { kind, record: await requesters.reactivate(parseRequesterId(remoteId), options) }
        : { kind, record: await agents.reactivate(parseAgentId(remoteId), options) },
  );
  await learn(run, person, {}, 'reactivated');
}

async function deactivate(run: Run): Promise<void> {
  const { remoteId, kind } = bound(run);
  await assertMayDeactivate(run, remoteId, kind);
  const answered = await sendDeactivation(run, remoteId, kind);
  const nothing = { values: {}, echoes: {}, sentAddresses: [], ours: [] };
  // Freshservice answers a requester's deactivation without a body (documented: 204): that answer is the proof.
  const observed: Observed = answered
    ? toObserved(answered, run.observed, redisNow(run))
    : { ...nothing, ...run.observed, remoteId, kind, active: false, readAt: redisNow(run) };
  run.applied.add('deactivated');
  await remember(run, {
    observed,
    claim: { remoteId },
    intent: 'clear',
    event: { what: 'deactivated', detail: `account ${remoteId}` },
  });
}

/** @returns what the answer showed, or `undefined` when it carried no record. */
async function sendDeactivation(
  run: Run,
  remoteId: number,
  kind: Person['kind'],
): Promise<Person | undefined> {
  const { agents, requesters } = run.world.freshservice;
  return change(run, { step: 'deactivate', remoteId, lookupBy: { emails: [] } }, async (options) => {
    if (kind === 'requester') {
      const record = await requesters.deactivate(parseRequesterId(remoteId), options);
      return record && ({ kind, record } as const);
    }
    const record = await agents.deactivate(parseAgentId(remoteId), options);
    return record && ({ kind, record } as const);
  });
}

/** A second account of the same person is put to rest; the bound one and its snapshot stay as they are. */
export async function deactivateStray(run: Run, remoteId: number): Promise<void> {
  await sendDeactivation(run, remoteId, 'requester');
  await remember(run, {
    intent: 'clear',
    event: { what: 'double-deactivated', detail: `account ${remoteId}` },
  });
}

/** The brake, and the agent whose key we use: without it nobody could be deactivated any more. */
async function assertMayDeactivate(run: Run, remoteId: number, kind: Person['kind']): Promise<void> {
  const { settings, directory } = run.world;
  assertMayChange(run, 'deactivate'); // before the brake: what is only looked at uses up none of its passes
  if (kind === 'agent' && (await run.world.keyOwnerId(callOptions(run))) === remoteId) {
    throw new Halt({ kind: 'parked', why: 'owner-of-the-api-key', detail: `account ${remoteId}` });
  }
  if (settings.brake !== 'on') return;
  const passed = await directory.passBrake(run.lease, {
    count: settings['brake.count'],
    share: settings['brake.share'],
    windowMs: settings['brake.windowMinutes'] * 60_000,
  });
  if (!passed.pass) throw new Halt({ kind: 'held', passed: passed.passed, limit: passed.limit });
}

/** A connection that only looks says what it would do. */
function assertMayChange(run: Run, step: PlannedIntent['step']): void {
  if (run.world.settings.mode === 'observe')
    throw new Halt({ kind: 'parked', why: 'observing', detail: step });
}

/** Writes the intent when the call may be sent, and says what became of it when the call failed. */
async function change<T>(
  run: Run,
  intent: Pick<PlannedIntent, 'step' | 'remoteId' | 'lookupBy'>,
  send: (options: CallOptions) => Promise<T>,
): Promise<T> {
  assertMayChange(run, intent.step);
  const planned: PlannedIntent = { ...intent, generation: run.lease.generation, looks: 0 };
  const beforeSend = async (): Promise<void> => {
    const callMs = run.world.freshservice.deadlineMs;
    const permission = await run.world.directory.intend(run.lease, planned, callMs);
    if (permission.result === 'lost') throw new Halt({ kind: 'lost' });
    if (permission.result === 'moved') throw new Halt({ kind: 'again', why: 'changed-meanwhile' });
    if (permission.result === 'owned') {
      unbind(run);
      throw new Halt({ kind: 'again', why: 'owner-changed' });
    }
  };
  try {
    return await send(callOptions(run, beforeSend));
  } catch (error) {
    if (error instanceof FreshserviceError) await rememberFailure(run, planned, error);
    throw error;
  }
}

/** A definite refusal ends the intent. Any other end is named, so that even a lost lease does not let it be forgotten. */
async function rememberFailure(run: Run, planned: PlannedIntent, error: FreshserviceError): Promise<void> {
  if (error.effect === 'none') {
    await remember(run, { intent: 'clear' });
    return;
  }
  const { step, remoteId, lookupBy } = planned;
  const [address] = lookupBy.emails;
  await remember(run, {
    intent: error.status === undefined ? 'keep' : 'answered',
    touched: remoteId,
    ...(step === 'create' && address !== undefined ? { made: address } : {}),
  });
}

/** Stores what an answer showed, with the echoes of what was sent. */
async function learn(
  run: Run,
  person: Person,
  sent: Readonly<Record<string, JsonValue>>,
  what: string,
  made?: number,
): Promise<void> {
  const shown = toObserved(person, run.observed, redisNow(run));
  let observed = withSent(shown, run.observed, sent, run.target);
  const address = sent['primary_email'];
  if (typeof address === 'string') observed = withSentAddress(observed, address, redisNow(run));
  run.applied.add(what);
  const owner = await remember(run, {
    observed: { ...observed, ours: ownedBy(run.target, observed) },
    claim: { remoteId: person.record.id },
    intent: 'clear',
    event: { what, attributes: Object.keys(sent), detail: `account ${person.record.id}` },
    ...(made === undefined ? {} : { made }),
  });
  if (owner !== undefined) throw new Halt({ kind: 'parked', why: 'account-owned', detail: `by ${owner}` });
}

function bound(run: Run): { remoteId: number; kind: Person['kind'] } {
  const { remoteId, kind = 'requester' } = run.observed ?? {};
  if (remoteId === undefined) throw new TypeError('a step on an account needs an account');
  return { remoteId, kind };
}
