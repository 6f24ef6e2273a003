/** The people of the knob tests: what Entra wants of each in both rounds, and whom the account has before. */
import type { User } from '@fresh-scim/freshservice-sim';
import { ENTERPRISE_USER, FRESHSERVICE_USER } from '@fresh-scim/scim';
import type { Combination } from './knob-factors.ts';

/** In the second round some attributes change and some are taken back, of each kind and for different people. */
export const ROUNDS = [0, 1] as const;
/** Leeds, of every new account of the simulator. */
const LEEDS = 21_000_090_210;

const has = (n: number, round: number, every: number): boolean => (n + round) % every !== 0;
export const isActive = (n: number, round: number): boolean => has(n, round, 10);
export const addressOf = (n: number, round: number): string =>
  `p${n}${round > 0 && n % 9 === 0 ? '.new' : ''}@larkspur.example`;
const mailOf = (n: number): string => `mail${n}@larkspur.example`;

/** What Entra sends. @param manager the SCIM id of another person */
export function userOf(n: number, round: number, manager: string | undefined): Record<string, unknown> {
  const says = (every: number): boolean => has(n, round, every);
  return {
    userName: addressOf(n, round),
    externalId: `x-${n}`,
    active: isActive(n, round),
    name: { givenName: `Person ${n}`, ...(says(7) ? { familyName: `Family ${n + round}` } : {}) },
    ...(says(3) ? { title: `Title ${n % 5}` } : {}),
    ...(says(4) ? { emails: [{ type: 'work', value: mailOf(n) }] } : {}),
    ...(says(5) ? { addresses: [{ type: 'work', formatted: `${n} Mill Lane` }] } : {}),
    timezone: round === 0 ? 'Europe/Berlin' : 'GMT Standard Time',
    locale: 'de-AT',
    [ENTERPRISE_USER]: {
      ...(says(6) ? { department: `Department ${(n + round) % 8}` } : {}),
      ...(says(5) ? { _location: 'UK/Leeds' } : {}),
      ...(manager !== undefined && says(8) ? { manager: { value: manager } } : {}),
    },
    [FRESHSERVICE_USER]: says(3) ? { cost_centre: `CC-${n % 4}`, contractor: String(n % 2 === 0) } : {},
  };
}

/** Everybody's manager is the first of their ten; the very first has none. */
export const managerOf = (n: number): number | undefined => (n === 0 ? undefined : Math.floor(n / 10));

/** What the account shows of a person before Entra's first word; most people are there in one way or another. */
export function accountBefore(n: number, { knobs, isImported }: Combination): Partial<User> | undefined {
  const stale = {
    first_name: `Formerly ${n}`,
    last_name: 'Of years ago',
    job_title: 'Of years ago',
    address: 'Elsewhere',
    background_information: 'Came by bus',
    custom_fields: { cost_centre: 'CC-old' },
    can_see_all_tickets_from_associated_departments: true,
    primary_email: addressOf(n, 0),
  };
  const isMailKnown = has(n, 0, 4);
  // Without an import nobody can tell that an account is there which no look-up shows.
  const isHiddenFound = isImported || knobs.emailFilterIncludesInactive !== false;
  // Nor would a create fail where an agent's address does not collide with a requester's.
  const isAgentFound = isImported || knobs.conflictScope !== 'primaryOnly';
  switch (n % 11) {
    case 1:
      return { ...stale, secondary_emails: [`old${n}@thrift.example`] };
    case 2:
      return isHiddenFound
        ? { ...stale, active: false, secondary_emails: [`old${n}@thrift.example`] }
        : undefined;
    case 3:
      return isImported
        ? { ...stale, primary_email: `was${n}@thrift.example`, external_id: `x-${n}` }
        : undefined;
    case 4:
      return isAgentFound ? { ...stale, is_agent: true, occasional: true } : undefined;
    case 5:
      return isAgentFound && isHiddenFound ? { ...stale, is_agent: true, active: false } : undefined;
    case 6:
      return isMailKnown ? { ...stale, primary_email: mailOf(n) } : undefined;
    case 7:
      return { ...stale, external_id: `x-${n}` };
    case 8:
      return isReportedOnly(n, { knobs, isImported })
        ? { ...stale, primary_email: `host${n}@thrift.example`, secondary_emails: [addressOf(n, 0)] }
        : undefined;
    default:
      return undefined;
  }
}

/**
 * Whose address is another account's secondary one, for good: reported, never taken over, and nobody is created. Where
 * no look-up shows that account the same comes about by repeated conflicts, which takes longer than these tests.
 */
export const isReportedOnly = (n: number, { knobs }: Combination): boolean =>
  n % 11 === 8 &&
  n % 9 !== 0 &&
  knobs.conflictScope !== 'primaryOnly' &&
  knobs.emailFilterScope === 'primaryAndSecondary';

/**
 * What the account should show of somebody who is active, by attribute: the newest word of Entra, and nothing where
 * Entra has taken its word back. `undefined` is open: an account was there before, and of this person Entra said nothing.
 *
 * @param managerId the manager's account, if there is one
 */
export function expectedOf(
  n: number,
  round: number,
  managerId: number | undefined,
  combination: Combination,
): Readonly<Record<string, unknown>> {
  const { knobs } = combination;
  const before = accountBefore(n, combination);
  const told = ROUNDS.filter((earlier) => earlier <= round && isActive(n, earlier));
  const word = (every: number, value: unknown, none: unknown = null): unknown => {
    if (has(n, round, every)) return value;
    return !before || told.some((earlier) => has(n, earlier, every)) ? none : undefined;
  };
  const manager = managerOf(n);
  const isManagerTaken =
    manager === undefined || knobs.inactiveManager === 'accept' || isActive(manager, round);
  const isUnknown = manager !== undefined && managerId === undefined;
  const addresses = has(n, round, 4) ? [mailOf(n)] : [];
  return {
    active: true,
    is_agent: before?.is_agent ?? false,
    primary_email: addressOf(n, round),
    first_name: `Person ${n}`,
    last_name: word(7, `Family ${n + round}`),
    job_title: word(3, `Title ${n % 5}`),
    address: knobs.inaccessibleAttributes?.includes('address')
      ? (before?.address ?? null)
      : word(5, `${n} Mill Lane`),
    background_information: before?.background_information ?? null,
    can_see_all_tickets_from_associated_departments:
      before?.can_see_all_tickets_from_associated_departments ?? false,
    secondary_emails: before?.is_agent ? [] : [...(before?.secondary_emails ?? []), ...addresses],
    time_zone: round === 0 ? 'Berlin' : 'London',
    language: 'de',
    departments: word(6, [`Department ${(n + round) % 8}`], []),
    location_id: word(5, LEEDS),
    custom_fields: word(3, { cost_centre: `CC-${n % 4}`, contractor: n % 2 === 0 }, {}),
    external_id: knobs.refusedAttributes?.includes('external_id') ? (before?.external_id ?? null) : `x-${n}`,
    reporting_manager_id: isManagerTaken && !isUnknown ? word(8, managerId ?? null) : undefined,
  };
}
