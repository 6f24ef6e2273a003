/**
 * Turns the end of a call into a kind and an effect: one table for answers, one for calls without an answer. Status and
 * codes decide, never the text of a message.
 *
 * Effect. A refusal (4xx) is not applied. A 5xx, a 2xx that cannot be read, or silence after the first byte went out
 * may or may not have been: `unknown`. A read has no effect whatever happens.
 */
import type { Refusal } from './error-body.ts';
import type { Effect, ErrorKind } from './error.ts';

/** What the tables look at. */
export interface AnswerFacts {
  readonly status: number;
  readonly refusal: Refusal;
  readonly isWrite: boolean;
  /** Whether a 404 on this route says something about one id; a collection, `me` and a POST are always there. */
  readonly namesOneRecord: boolean;
}

/** The verdict on a call. */
export interface Verdict {
  readonly kind: ErrorKind;
  readonly effect: Effect;
}

interface Rule extends Verdict {
  /** First and last status that the rule speaks of. */
  readonly statuses: readonly [number, number];
  readonly when?: (facts: AnswerFacts) => boolean;
}

/** Codes that speak of the key and not of the request (documentation: Errors). */
const CREDENTIAL_CODES: ReadonlySet<string> = new Set([
  'invalid_credentials',
  'unsupported_authentication_type',
  'access_token_expired',
  'access_token_invalid',
  'password_lockout',
  'password_expired',
  'account_suspended',
]);

/** Fields that must be unique: requesters call theirs `primary_email`, agents `email` (documentation: Requesters, Agents). */
const ADDRESS_FIELDS: ReadonlySet<string> = new Set(['primary_email', 'secondary_emails', 'email']);

/** The first rule that fits decides; the last one fits everything. */
const ANSWERS: readonly Rule[] = [
  { statuses: [429, 429], kind: 'throttled', effect: 'none' },
  { statuses: [401, 401], kind: 'unauthorized', effect: 'none' },
  { statuses: [403, 403], when: aboutTheKey, kind: 'unauthorized', effect: 'none' },
  // Without a telling code it may still be the key (seen on live portals): the caller asks GET /agents/me.
  { statuses: [403, 403], kind: 'forbidden', effect: 'none' },
  // No such account or a wrong address: an error must never be read as the absence of a person.
  { statuses: [404, 404], when: (facts) => !facts.namesOneRecord, kind: 'unavailable', effect: 'none' },
  { statuses: [404, 404], kind: 'notFound', effect: 'none' },
  { statuses: [408, 408], kind: 'unavailable', effect: 'unknown' },
  { statuses: [409, 409], kind: 'conflict', effect: 'none' },
  { statuses: [400, 499], when: saysDuplicate, kind: 'conflict', effect: 'none' },
  { statuses: [400, 499], when: refusesAddressWithoutCode, kind: 'conflict', effect: 'none' },
  { statuses: [400, 499], kind: 'invalid', effect: 'none' },
  { statuses: [500, 599], kind: 'unavailable', effect: 'unknown' },
  // A 2xx gets here only when its body could not be read. Not `done`: it may come from a proxy that forwarded nothing.
  // A 3xx is never followed: a key must not travel to another host.
  { statuses: [0, 999], kind: 'malformed', effect: 'unknown' },
];

/** The verdict on an answer that is not a success, or a success that cannot be read. Total. */
export function classifyAnswer(facts: AnswerFacts): Verdict {
  const rule = ANSWERS.find(
    ({ statuses: [first, last], when }) =>
      facts.status >= first && facts.status <= last && (when === undefined || when(facts)),
  );
  const { kind, effect } = rule ?? { kind: 'malformed', effect: 'unknown' };
  return { kind, effect: facts.isWrite ? effect : 'none' };
}

/** How a call ended that got no answer. */
export interface SilenceFacts {
  /** Whether the first byte may have left: until then nothing can have happened. */
  readonly written: boolean;
  /** Whether we gave up (deadline, caller), as opposed to the network. */
  readonly gaveUp: boolean;
  readonly isWrite: boolean;
}

/** The verdict on a call without an answer. Total. */
export function classifySilence(facts: SilenceFacts): Verdict {
  return {
    kind: facts.gaveUp ? 'deadline' : 'unavailable',
    effect: facts.written && facts.isWrite ? 'unknown' : 'none',
  };
}

function aboutTheKey({ refusal }: AnswerFacts): boolean {
  return refusal.code !== undefined && CREDENTIAL_CODES.has(refusal.code);
}

function saysDuplicate({ refusal }: AnswerFacts): boolean {
  return (
    refusal.code === 'duplicate_value' || refusal.fields.some((entry) => entry.code === 'duplicate_value')
  );
}

/**
 * An address is refused and no code says why. It may be taken or may be no address, and only a look-up can tell, which
 * is what `conflict` asks for; where the look-up finds nobody the caller reports a conflict without an owner. With a
 * code (the documented case) the code decides.
 */
function refusesAddressWithoutCode({ refusal, isWrite }: AnswerFacts): boolean {
  return (
    isWrite && refusal.code === undefined && refusal.fields.some((entry) => ADDRESS_FIELDS.has(entry.field))
  );
}
