// The routes of requesters (API page, heading "Requesters").
import { toAgent } from '../account/convert.ts';
import { forgetPerson } from '../account/unlink.ts';
import { blankUser, type User } from '../account/user.ts';
import { type Answer, flat, invalid, notFound } from '../wire/answers.ts';
import { readAttributes } from '../wire/read-attributes.ts';
import { renderAgent, renderRequester } from '../wire/render.ts';
import { listPeople } from './list-people.ts';
import type { Call, Route } from './route.ts';
import {
  alreadyActive,
  assertActive,
  assertLicence,
  assertUnique,
  assertWritable,
  existing,
  updated,
  withDomainDepartments,
} from './rules.ts';

/** All routes under `/requesters`. */
export const REQUESTER_ROUTES: readonly Route[] = [
  {
    name: 'requesters.create',
    method: 'POST',
    path: '/requesters',
    permission: 'requesters.create',
    hasBody: true,
    run: create,
  },
  {
    name: 'requesters.list',
    method: 'GET',
    path: '/requesters',
    permission: 'requesters.view',
    parameters: [
      'page',
      'per_page',
      'email',
      'mobile_phone_number',
      'work_phone_number',
      'include_agents',
      'query',
      'include',
    ],
    bucket: 'requesters.list',
    run: (call) => listPeople(call, 'requester', (user) => renderRequester(user, call)),
  },
  {
    name: 'requesters.get',
    method: 'GET',
    path: '/requesters/:id',
    permission: 'requesters.view',
    parameters: ['include'],
    run: get,
  },
  {
    name: 'requesters.update',
    method: 'PUT',
    path: '/requesters/:id',
    permission: 'requesters.edit',
    hasBody: true,
    run: update,
  },
  {
    name: 'requesters.deactivate',
    method: 'DELETE',
    path: '/requesters/:id',
    permission: 'requesters.delete',
    run: deactivate,
  },
  {
    name: 'requesters.forget',
    method: 'DELETE',
    path: '/requesters/:id/forget',
    permission: 'requesters.delete',
    run: forget,
  },
  {
    name: 'requesters.reactivate',
    method: 'PUT',
    path: '/requesters/:id/reactivate',
    permission: 'requesters.delete',
    run: reactivate,
  },
  {
    name: 'requesters.convertToAgent',
    method: 'PUT',
    path: '/requesters/:id/convert_to_agent',
    permission: 'requesters.manage',
    run: convertToAgent,
  },
  {
    name: 'requesters.merge',
    method: 'PUT',
    path: '/requesters/:id/merge',
    permission: 'requesters.edit',
    parameters: ['secondary_requesters'],
    run: merge,
  },
];

function create(call: Call): Answer {
  const { account, knobs } = call;
  const changes = withDomainDepartments(
    call,
    readAttributes('requester', call.attributes(), { account, knobs }),
  );
  const draft = { ...blankUser({ id: 0, isAgent: false, at: '' }), ...changes };
  assertReachable(draft);
  assertUnique(call, draft);
  const user = account.create(changes);
  const location = new URL(`/api/v2/requesters/${user.id}`, call.url).href;
  return {
    status: 201,
    json: { requester: renderRequester(user, call) },
    headers: { location },
    userId: user.id,
    isChanged: true,
  };
}

function get(call: Call): Answer {
  const user = call.account.users.get(call.id);
  if (user === undefined || (user.is_agent && call.knobs.getRequesterForAgentId === 404))
    throw notFound(call.knobs);
  return { status: 200, json: { requester: renderRequester(user, call) }, userId: user.id };
}

function update(call: Call): Answer {
  const { account, knobs } = call;
  const previous = existing(call, 'requester');
  assertWritable(call, previous);
  const changes = readAttributes('requester', call.attributes(), { account, knobs, previous });
  const next = updated(call, previous, changes);
  assertReachable(next);
  assertUnique(call, next, previous);
  return saved(call, next);
}

function deactivate(call: Call): Answer {
  const user = existing(call, 'requester');
  if (!user.active) {
    if (call.knobs.deleteAgain === 404) throw notFound(call.knobs);
    return { status: 204, userId: user.id, isChanged: false };
  }
  call.account.save({ ...user, active: false });
  return { status: 204, userId: user.id, isChanged: true };
}

function forget(call: Call): Answer {
  const user = existing(call, 'requester');
  forgetPerson(call.account, user.id);
  return { status: 204, userId: user.id, isChanged: true };
}

function reactivate(call: Call): Answer {
  const user = existing(call, 'requester');
  if (user.active) throw alreadyActive();
  const cleared =
    call.knobs.reactivateClears === 'nothing'
      ? {}
      : { department_ids: [], reporting_manager_id: null, location_id: null };
  return saved(call, { ...user, ...cleared, active: true });
}

function convertToAgent(call: Call): Answer {
  const user = existing(call, 'requester');
  assertActive(user);
  if (user.primary_email === null) throw flat(400, 'missing_field', 'An agent needs an email.');
  assertLicence(call, true);
  const { user: agent } = call.account.save(toAgent(user));
  return { status: 200, json: { agent: renderAgent(agent, call) }, userId: agent.id, isChanged: true };
}

/** The others disappear, and their addresses become secondary ones of this person. There is no way back. */
function merge(call: Call): Answer {
  const { account } = call;
  const user = existing(call, 'requester');
  const ids = (call.query['secondary_requesters'] ?? '').split(',').map(Number);
  const others = ids.map((id) => account.users.get(id));
  const merged = others.filter((other) => other !== undefined && !other.is_agent && other.id !== user.id);
  if (merged.length !== ids.length || new Set(ids).size !== ids.length) {
    const message = 'It should be a list of other requesters';
    throw invalid([{ field: 'secondary_requesters', message, code: 'invalid_value' }]);
  }
  const addresses = merged.flatMap((other) =>
    [other?.primary_email ?? [], other?.secondary_emails ?? []].flat(),
  );
  for (const id of ids) forgetPerson(account, id);
  // Read again: one of the others may have been this person's manager.
  const now = existing(call, 'requester');
  return saved(call, { ...now, secondary_emails: [...new Set([...now.secondary_emails, ...addresses])] });
}

function saved(call: Call, next: User): Answer {
  const { user, isChanged } = call.account.save(next);
  return { status: 200, json: { requester: renderRequester(user, call) }, userId: user.id, isChanged };
}

/** One of the address and the two phone numbers is mandatory. */
function assertReachable(user: User): void {
  if (user.primary_email !== null || user.work_phone_number !== null || user.mobile_phone_number !== null)
    return;
  throw invalid([{ field: 'primary_email', message: 'It should not be blank', code: 'missing_field' }]);
}
