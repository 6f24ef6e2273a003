// Rules that requesters and agents share: one address, one person; licences; what every update resets.
import type { Account } from '../account/account.ts';
import type { User } from '../account/user.ts';
import type { Knobs } from '../knobs.ts';
import { conflict, flat, invalid, notFound, type Refusal } from '../wire/answers.ts';
import type { Kind } from '../wire/attributes.ts';
import type { Changes } from '../wire/read-attributes.ts';
import type { Call } from './route.ts';

/**
 * Refuses a person whose new addresses belong to somebody else.
 * @throws {Refusal} in the account's `conflictStyle`
 */
export function assertUnique(call: Call, next: Omit<User, 'id'>, previous?: User): void {
  const { account, knobs } = call;
  const wireName = next.is_agent ? 'email' : 'primary_email';
  if (next.primary_email !== null && next.primary_email !== previous?.primary_email) {
    if (isTaken(account, knobs, next.primary_email, next.is_agent, previous?.id))
      throw conflict(knobs, wireName);
  }
  for (const address of next.secondary_emails) {
    if (address === next.primary_email) {
      throw invalid([
        { field: 'secondary_emails', message: 'It should differ from primary_email', code: 'invalid_value' },
      ]);
    }
    if (previous?.secondary_emails.includes(address) === true || knobs.conflictScope === 'primaryOnly')
      continue;
    if (isTaken(account, knobs, address, next.is_agent, previous?.id))
      throw conflict(knobs, 'secondary_emails');
  }
  const mobile = next.mobile_phone_number;
  if (knobs.uniqueMobile && mobile !== null && mobile !== previous?.mobile_phone_number) {
    const holders = account.users.byPhone(mobile).filter((user) => user.mobile_phone_number === mobile);
    if (holders.some((user) => user.id !== previous?.id)) throw conflict(knobs, 'mobile_phone_number');
  }
}

function isTaken(
  account: Account,
  knobs: Knobs,
  address: string,
  isAgent: boolean,
  selfId?: number,
): boolean {
  const holders =
    knobs.conflictScope === 'primaryOnly'
      ? account.users.byPrimary(address).filter((user) => user.is_agent === isAgent)
      : account.users.byAddress(address);
  return holders.some((user) => user.id !== selfId);
}

/**
 * Refuses one more active agent than the account has licences for.
 * @throws {Refusal} 403, or 400 with the knob `licenceError`
 */
export function assertLicence({ account, knobs }: Call, occasional: boolean, self?: User): void {
  const limit = occasional ? knobs.licences.occasional : knobs.licences.fullTime;
  const used = account.users
    .all('agents')
    .filter((agent) => agent.active && agent.occasional === occasional && agent.id !== self?.id).length;
  if (used < limit) return;
  const text = 'The account has reached its maximum number of agents.';
  if (knobs.licenceError === 'require_feature400') throw flat(400, 'require_feature', text);
  throw flat(403, 'access_denied', text);
}

/** What an update makes of a person: the documented reset of "see all tickets" first, then the changes. */
export function updated(call: Call, previous: User, changes: Changes<Kind>): User {
  const reset = call.knobs.seesAllReset ? { can_see_all_tickets_from_associated_departments: false } : {};
  return { ...previous, ...reset, ...changes };
}

/** With the knob `departmentDomains` a new person is in the departments of the address's domain as well. */
export function withDomainDepartments({ account, knobs }: Call, changes: Changes<Kind>): Changes<Kind> {
  const [, domain] = changes.primary_email?.split('@') ?? [];
  if (!knobs.departmentDomains || domain === undefined) return changes;
  const joined = account.departments.all().filter(({ domains }) => domains.includes(domain));
  const ids = [...(changes.department_ids ?? []), ...joined.map(({ id }) => id)];
  return { ...changes, department_ids: [...new Set(ids)] };
}

/**
 * Finds the requester or agent that the path names.
 * @throws {Refusal} 404
 */
export function existing(call: Call, kind: 'requester' | 'agent'): User {
  const user = call.account.users.get(call.id);
  if (user === undefined || user.is_agent !== (kind === 'agent')) throw notFound(call.knobs);
  return user;
}

/**
 * Refuses an update of an inactive person, as the knob `putInactive` says.
 * @throws {Refusal} 400 or 404
 */
export function assertWritable(call: Call, user: User): void {
  if (user.active || call.knobs.putInactive === 'allow') return;
  if (call.knobs.putInactive === 'notFound') throw notFound(call.knobs);
  throw invalid([{ field: 'active', message: 'The person is deactivated', code: 'incompatible_field' }]);
}

/** The refusal to reactivate who is active. */
export function alreadyActive(): Refusal {
  return flat(400, 'contact_already_active', 'Contact is already active and cannot be restored.');
}

/**
 * Conversions are for active people only.
 * @throws {Refusal} 400
 */
export function assertActive(user: User): void {
  if (!user.active) throw flat(400, 'incompatible_field', 'A deactivated person cannot be converted.');
}
