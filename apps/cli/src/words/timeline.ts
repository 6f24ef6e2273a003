// The lines of a person's timeline in words.
import type { TimelineEntry } from '@fresh-scim/directory';
import { reasonOf } from './why.ts';

const EVENTS: Readonly<Record<string, string>> = {
  'entra-create': 'Entra created the person',
  'entra-update': 'Entra changed the person',
  'entra-delete': 'Entra deleted the person',
  'entra-claim': 'Entra created the person, whose account the import had shown',
  imported: 'the import showed the account to Entra',
  created: 'Freshservice: account created',
  changed: 'Freshservice: account changed',
  adopted: 'Freshservice: existing account taken over',
  'taken-over': 'Freshservice: account taken over from a former object of the person',
  deactivated: 'Freshservice: account deactivated',
  reactivated: 'Freshservice: account reactivated',
  drifted: 'Freshservice: changed by somebody else',
  'double-deactivated': 'Freshservice: a second account of the person was deactivated',
  'found-created': 'Freshservice: the account whose create was not answered was found',
  'found-converted': 'Freshservice: an administrator had converted the account',
  'account-gone': 'Freshservice: the account does not exist any more',
  settled: 'in step',
  failed: 'failed, to be tried again',
  parked: 'put aside',
  held: 'held back by the brake',
  approved: 'approved by an operator',
  rejected: 'rejected by an operator: the account is kept',
  retried: 'an operator asked for another try',
};

/** One event without its time. */
export function toSentence({ what, detail, attributes }: TimelineEntry): string {
  const text = EVENTS[what] ?? what;
  const about = [...(detail === undefined ? [] : [inWords(detail)]), ...(attributes ?? [])];
  return about.length === 0 ? text : `${text} (${about.join(', ')})`;
}

/** A detail may be a code, or `code: more`. */
function inWords(detail: string): string {
  const colon = detail.indexOf(': ');
  const code = colon === -1 ? detail : detail.slice(0, colon);
  const { meaning } = reasonOf(code);
  return colon === -1 ? meaning : `${meaning}; ${detail.slice(colon + 2)}`;
}
