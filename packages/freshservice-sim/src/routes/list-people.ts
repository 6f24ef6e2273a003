// GET of a collection of people, in its three forms: plain pages by first name, equality filters on indexed
// attributes, and `?query=`.
import { fieldsOfKind } from '../account/custom-field.ts';
import type { User } from '../account/user.ts';
import type { View } from '../account/user-table.ts';
import type { Fields } from '../query/match.ts';
import { peopleFields } from '../query/people-fields.ts';
import { type Answer, flat, invalid } from '../wire/answers.ts';
import type { Kind } from '../wire/attributes.ts';
import { linkHeader, readPage } from '../wire/paging.ts';
import type { Call } from './route.ts';
import { search } from './search.ts';

const EQUALITY_FILTERS = ['email', 'mobile_phone_number', 'work_phone_number', 'active', 'state'] as const;

/** What kind of list a query string asks for. */
export function listFormOf(query: Readonly<Record<string, string>>): 'list' | 'find' | 'query' {
  if (query['query'] !== undefined) return 'query';
  return EQUALITY_FILTERS.some((name) => query[name] !== undefined) ? 'find' : 'list';
}

/**
 * One page of requesters or agents.
 * @throws {Refusal} 400 for a bad page or query, 403 for `include_agents` without the permission
 */
export function listPeople(call: Call, kind: Kind, render: (user: User) => Record<string, unknown>): Answer {
  const plural = kind === 'agent' ? 'agents' : 'requesters';
  const view = viewOf(call, kind);
  const text = call.query['query'];
  if (text !== undefined) {
    const found = search(call, text, fieldsOf(call, kind), searchable(call, view));
    return { status: 200, json: { [plural]: found.map(render) } };
  }
  const page = readPage(call.query);
  const { users } = call.account;
  let rows: User[];
  let total: number;
  if (listFormOf(call.query) === 'list') {
    rows = users.slice(view, page.offset, page.perPage);
    total = users.size(view);
  } else {
    const found = find(call, view);
    rows = found.slice(page.offset, page.offset + page.perPage);
    total = found.length;
  }
  return { status: 200, json: { [plural]: rows.map(render) }, headers: linkHeader(call.url, page, total) };
}

function viewOf(call: Call, kind: Kind): View {
  if (kind === 'agent') return 'agents';
  const include = call.query['include_agents'];
  if (include === undefined || include === 'false') return 'requesters';
  if (include !== 'true') throw invalid([badParameter('include_agents', 'It should be a/an Boolean')]);
  if (!call.mayManageAgents) {
    throw flat(403, 'access_denied', 'You are not authorized to perform this action.');
  }
  return 'everyone';
}

function find(call: Call, view: View): User[] {
  const { query, knobs } = call;
  const active = query['active'];
  const state = query['state'];
  if (active !== undefined && active !== 'true' && active !== 'false') {
    throw invalid([badParameter('active', 'It should be a/an Boolean')]);
  }
  if (state !== undefined && state !== 'fulltime' && state !== 'occasional') {
    throw invalid([badParameter('state', 'It should be one of the choice value.')]);
  }
  return candidates(call, view).filter(
    (user) =>
      (query['email'] === undefined || user.active || knobs.emailFilterIncludesInactive) &&
      equals(query['mobile_phone_number'], user.mobile_phone_number) &&
      equals(query['work_phone_number'], user.work_phone_number) &&
      (active === undefined || user.active === (active === 'true')) &&
      (state === undefined || user.occasional === (state === 'occasional')),
  );
}

/** The people that the most selective filter leaves, by an index where there is one. */
function candidates({ account, query, knobs }: Call, view: View): User[] {
  const email = query['email'];
  const phone = query['mobile_phone_number'] ?? query['work_phone_number'];
  const isInView = (user: User): boolean => view === 'everyone' || user.is_agent === (view === 'agents');
  if (email !== undefined) {
    const found =
      knobs.emailFilterScope === 'primaryAndSecondary'
        ? account.users.byAddress(email)
        : account.users.byPrimary(email);
    return found.filter(isInView);
  }
  return phone === undefined ? account.users.all(view) : account.users.byPhone(phone).filter(isInView);
}

/** Whom a query may find. */
function* searchable({ account, knobs }: Call, view: View): Generator<User> {
  for (const user of account.searchable()) {
    const isInView = view === 'everyone' || user.is_agent === (view === 'agents');
    if (isInView && (user.active || knobs.queryIncludesInactive)) yield user;
  }
}

function fieldsOf({ account, knobs }: Call, kind: Kind): Fields<User> {
  return peopleFields(kind, {
    customFields: fieldsOfKind(account.fields.all(), kind),
    allowsExternalId: knobs.queryExternalId,
    allowsAnyTimeZone: knobs.timeZones === 'anything',
    allowsAnyLanguage: knobs.languages === 'anything',
  });
}

function equals(wanted: string | undefined, actual: string | null): boolean {
  return wanted === undefined || wanted === actual;
}

function badParameter(field: string, message: string): { field: string; message: string; code: string } {
  return { field, message, code: 'invalid_value' };
}
