/** Around a call that changes Freshservice: the intent before it, the record of what it showed after it. */

import type { Redis } from 'ioredis';
import type { Leased } from './lease.ts';
import { type Observed, type PlannedIntent, type TimelineEvent, toEvent } from './records.ts';
import type { Key, Scope } from './scope.ts';
import { runScript, textReply } from './scripts.ts';

/**
 * `ok`; `taken`: so too, and what was claimed was another key's until now, which may have changed it since it was read;
 * `lost`: another holder has the key; `moved`: Entra has changed the user since the plan was made; `owned`: the account
 * belongs to another key.
 */
export type Permission =
  | { readonly result: 'ok' | 'taken' | 'lost' | 'moved' }
  | { readonly result: 'owned'; readonly owner: string };

/**
 * The last check before a call: lease, generation and ownership, and the intent, in one script. Renews the lease.
 *
 * @param callMs the longest that the call can be in flight.
 */
export async function intend(
  redis: Redis,
  scope: Scope,
  lease: Leased,
  intent: PlannedIntent,
  callMs: number,
): Promise<Permission> {
  const reply = textReply(
    await runScript(redis, 'intend', scope, [
      lease.key,
      lease.fence,
      lease.leaseMs,
      intent.generation,
      intent.remoteId ?? '',
      JSON.stringify(intent),
      callMs,
    ]),
  );
  return toPermission(reply);
}

/** What an answer showed, and what becomes of the intent. */
export interface Recording {
  readonly observed?: Observed;
  /** The account becomes, or stays, the key's. */
  readonly claim?: { readonly remoteId: number; readonly takeoverFrom?: Key };
  /** `answered`: the effect is unknown, but nothing is in flight any more. */
  readonly intent: 'keep' | 'clear' | 'answered';
  readonly event?: TimelineEvent;
  /**
   * What a create made, not forgotten even if the lease was lost meanwhile: the remote id, or the address that was sent
   * when no answer told the id.
   */
  readonly made?: number | string;
  /** The account shows something else than the snapshot before: those who wait for it look again. @default false */
  readonly changed?: boolean;
  /** The account that a call may have changed. @default the claimed one */
  readonly touched?: number | undefined;
}

export async function record(
  redis: Redis,
  scope: Scope,
  lease: Leased,
  recording: Recording,
): Promise<Permission> {
  const { observed, claim, intent, event, made, touched, changed } = recording;
  const reply = textReply(
    await runScript(redis, 'record', scope, [
      lease.key,
      lease.fence,
      lease.leaseMs,
      observed ? JSON.stringify(observed) : '',
      claim?.remoteId ?? '',
      claim?.takeoverFrom ?? '',
      intent,
      toEvent(event),
      made ?? '',
      touched ?? claim?.remoteId ?? '',
      changed ? '1' : '0',
    ]),
  );
  return toPermission(reply);
}

function toPermission(reply: readonly string[]): Permission {
  const [result, owner = ''] = reply;
  if (result === 'owned') return { result, owner };
  if (result === 'ok' || result === 'taken' || result === 'lost' || result === 'moved') return { result };
  throw new TypeError(`an unknown permission: ${result}`);
}
