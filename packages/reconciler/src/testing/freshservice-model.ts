/**
 * Freshservice as far as a plan can tell: one account that remembers, forgets and rewrites what it is sent. Pure; its
 * rules are chosen by the test, from the polite server to one that caps, drops and ignores.
 */
import { parseAgentId, parseRequesterId } from '@fresh-scim/freshservice';
import type { JsonValue } from '@fresh-scim/scim';
import { CUSTOM, type Person, RESET_BY_UPDATE } from '../mapping/observed.ts';
import type { Step } from '../plan.ts';

/** How this server differs from one that stores what it is sent. */
export interface Rules {
  /** What becomes of a text. */
  readonly rewrite: (text: string) => string;
  /** Attributes that it never changes, whatever it is sent. */
  readonly ignores: readonly string[];
  /** Attributes that a reactivation clears. */
  readonly clearedByReactivate: readonly string[];
}

export interface Account {
  readonly kind: Person['kind'];
  readonly active: boolean;
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** What nobody is without, so that no call may clear it. */
export const ALWAYS_THERE: readonly string[] = ['primary_email', 'first_name', 'language', 'time_zone'];

/** The account after one call; `undefined` before there is one. @throws where Freshservice would refuse. */
export function perform(account: Account | undefined, step: Step, rules: Rules): Account {
  if (step.kind === 'create') {
    if (account) throw new Error('a second account of one person');
    if (!step.attributes['primary_email'] || !step.attributes['first_name'])
      throw new Error('refused: mandatory');
    return { kind: 'requester', active: true, values: rewritten({}, step.attributes, rules) };
  }
  if (!account) throw new Error('a call on an account that does not exist');
  switch (step.kind) {
    case 'update': {
      if (!account.active) throw new Error('refused: inactive');
      for (const name of ALWAYS_THERE) {
        if (step.attributes[name] === null || step.attributes[name] === '')
          throw new Error('refused: mandatory');
      }
      if (account.kind === 'agent' && 'secondary_emails' in step.attributes)
        throw new Error('refused: an agent has one address');
      const reset = Object.fromEntries(RESET_BY_UPDATE.map((name) => [name, false]));
      return { ...account, values: rewritten({ ...account.values, ...reset }, step.attributes, rules) };
    }
    case 'reactivate': {
      if (account.active) throw new Error('refused: already active');
      const cleared = Object.fromEntries(rules.clearedByReactivate.map((name) => [name, null]));
      return { ...account, active: true, values: { ...account.values, ...cleared } };
    }
    case 'deactivate': {
      if (!account.active) throw new Error('refused: already inactive');
      return { ...account, active: false };
    }
  }
}

function rewritten(
  values: Account['values'],
  sent: Readonly<Record<string, JsonValue>>,
  { rewrite, ignores }: Rules,
): Account['values'] {
  const changes = Object.entries(sent)
    .filter(([name]) => !ignores.includes(name) || name === 'primary_email' || name === 'first_name')
    .map(([name, value]) => [name, typeof value === 'string' ? rewrite(value) : value]);
  return { ...values, ...Object.fromEntries(changes) };
}

/** The account as an answer shows it. */
export function toPerson({ kind, active, values }: Account): Person {
  const text = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null);
  const number = (name: string): number | null => (typeof values[name] === 'number' ? values[name] : null);
  const list = <T>(name: string): T[] => (Array.isArray(values[name]) ? (values[name] as T[]) : []);
  const custom = Object.entries(values).filter(([name]) => name.startsWith(CUSTOM));
  const shared = {
    active,
    first_name: text('first_name'),
    last_name: text('last_name'),
    job_title: text('job_title'),
    work_phone_number: text('work_phone_number'),
    mobile_phone_number: text('mobile_phone_number'),
    external_id: text('external_id'),
    can_see_all_tickets_from_associated_departments: values[RESET_BY_UPDATE[0]] === true,
    can_see_all_changes_from_associated_departments: values[RESET_BY_UPDATE[1]] === true,
    department_ids: list<number>('department_ids'),
    reporting_manager_id: number('reporting_manager_id'),
    address: text('address'),
    time_zone: text('time_zone'),
    time_format: null,
    language: text('language'),
    location_id: number('location_id'),
    background_information: null,
    custom_fields: Object.fromEntries(custom.map(([name, value]) => [name.slice(CUSTOM.length), value])),
  };
  const email = text('primary_email');
  if (kind === 'agent') {
    return { kind, record: { ...shared, id: parseAgentId(7), email, occasional: true, roles: [] } };
  }
  const addresses = { primary_email: email, secondary_emails: list<string>('secondary_emails') };
  return { kind, record: { ...shared, ...addresses, id: parseRequesterId(7), is_agent: false } };
}
