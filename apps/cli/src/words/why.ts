// The codes of the reconciler, in words: why a person is not in step, and what somebody can do about it. A code that
// is not in the table is shown as it is.

/** What a code means to an operator. */
export interface Reason {
  /** Completes "because ...". */
  readonly meaning: string;
  /** One sentence: what to do, or why nothing is to be done. */
  readonly advice: string;
}

const WAIT = 'Nothing is to be done: it goes on by itself.';
const HELD: Reason = {
  meaning: 'unusually many people are to lose their access, and the brake held the rest back',
  advice: 'Look at "held", then use "approve" or "reject".',
};

const REASONS: Readonly<Record<string, Reason>> = {
  'waiting-for-import': {
    meaning: 'the people of the account are being listed, so that nobody is created twice',
    advice: 'Nothing is to be done: it goes on by itself, in 15 minutes at most; see "import".',
  },
  'empty-listing': {
    meaning: 'Freshservice listed nobody, not even the owner of our API key',
    advice: 'Look at the key and the account, then: fresh-scim import CONNECTION start',
  },
  brake: HELD,
  held: HELD,
  observing: {
    meaning: 'the connection only observes (mode=observe)',
    advice: 'To let changes through: fresh-scim connection set CONNECTION mode=apply',
  },
  unauthorized: {
    meaning: 'Freshservice does not accept our API key',
    advice: 'Give a new key: fresh-scim connection set-key CONNECTION --api-key-file F',
  },
  forbidden: {
    meaning: 'the agent who owns our API key is not allowed to do this',
    advice: 'Give that agent the permission in Freshservice (Admin > Roles), then "retry".',
  },
  'no-licence-left': {
    meaning: 'the account has no free agent licence',
    advice: 'Free or buy a licence; it is tried again every hour.',
  },
  invalid: {
    meaning: 'Freshservice refuses a value; the timeline names the attribute',
    advice: 'Correct the value in Entra, or "retry" once Freshservice was changed.',
  },
  'no-address': {
    meaning: 'Entra sends no usable e-mail address',
    advice: 'Give the person a mail address in Entra, or change the mapping of userName.',
  },
  ambiguous: {
    meaning: 'two accounts in Freshservice fit this person; the timeline names both',
    advice: 'Merge or correct those accounts in Freshservice, then "retry".',
  },
  'duplicate-identity': {
    meaning: 'another person of this connection has the same externalId',
    advice: 'Disable or delete one of the two in Entra; it goes on by itself then.',
  },
  'address-is-secondary': {
    meaning: 'the address is a secondary one of another account',
    advice: 'Take the address away from that account in Freshservice, then "retry".',
  },
  'account-exists': {
    meaning: 'an account with this address exists already, and may not be taken over (setting adopt)',
    advice: 'Set adopt=email to take such accounts over, or remove the account, then "retry".',
  },
  'address-in-use': {
    meaning: 'the address belongs to the account of another person whom Entra manages',
    advice:
      'It goes on by itself when that person gets another address; else correct one of the two in Entra.',
  },
  'account-owned': {
    meaning: 'the account belongs to another person whom Entra manages',
    advice: 'Correct the addresses of the two people in Entra, then "retry".',
  },
  'conflict-without-owner': {
    meaning: 'Freshservice says that the address is taken, and shows no account that has it',
    advice: 'Look for it in Freshservice, the deleted accounts included, then "retry".',
  },
  'leaver-address-elsewhere': {
    meaning: 'the account is gone, but an address of this person is on another active account',
    advice: 'Decide in Freshservice whether that account is this person, and deactivate it there.',
  },
  'owner-of-the-api-key': {
    meaning: 'this is the agent who owns our API key, and without them nobody could be deactivated any more',
    advice: 'Give the connection the key of another agent ("connection set-key"), then "retry".',
  },
  'call-in-flight': {
    meaning: 'the answer to an earlier call was lost, and it may still take effect',
    advice: WAIT,
  },
  'looking-for-created': {
    meaning: 'the answer to a create was lost, and Freshservice is being searched for it',
    advice: WAIT,
  },
  'freshservice-unavailable': { meaning: 'Freshservice answers with errors or not at all', advice: WAIT },
  'freshservice-slow': { meaning: 'Freshservice does not answer in time', advice: WAIT },
  'freshservice-malformed': { meaning: 'something answers that is not the Freshservice API', advice: WAIT },
  'not-converging': {
    meaning: 'Freshservice accepts the change and does not show it',
    advice: 'If it lasts, look at the person in Freshservice: an automation there may change it back.',
  },
  'rate-limited': { meaning: 'the calls per minute of the account are used up', advice: WAIT },
  conflict: { meaning: 'Freshservice reported a conflict that a look did not explain', advice: WAIT },
  'not-found': { meaning: 'Freshservice did not find what was asked for', advice: WAIT },
  notFound: {
    meaning: 'Freshservice did not find what was asked for',
    advice: 'Look at the domain of the connection: fresh-scim connection test CONNECTION',
  },
  'same-person-unresolved': {
    meaning: 'it is not known yet what became of a call for another object of the same person',
    advice: WAIT,
  },
  'list-is-being-read': {
    meaning: 'the departments, locations or fields of the account are being read',
    advice: WAIT,
  },
  'address-freed': { meaning: 'the address was given away during the look', advice: WAIT },
  'changed-meanwhile': { meaning: 'the person was changed during the look', advice: WAIT },
  'owner-changed': { meaning: 'the account has become the one of another person', advice: WAIT },
  bounded: { meaning: 'there is more to do than fits into one turn', advice: WAIT },
  'lease-lost': { meaning: 'another process has taken over', advice: WAIT },
  'malformed-job': {
    meaning: 'the queue holds a job that fresh-scim did not make',
    advice: 'Nothing is to be done; find out who writes to its queue.',
  },
};

/** What is known about a code; one that is unknown stands for itself. */
export function reasonOf(code: string | null): Reason {
  if (code === null) return { meaning: 'it has not been looked at yet', advice: WAIT };
  return REASONS[code] ?? { meaning: code, advice: WAIT };
}
