// The routes of agents (API page, heading "Agents").
import { toRequester } from '../account/convert.ts';
import { forgetPerson, leavePosts } from '../account/unlink.ts';
import { blankUser, type User } from '../account/user.ts';
import { type Answer, notFound } from '../wire/answers.ts';
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

/** All routes under `/agents`. */
export const AGENT_ROUTES: readonly Route[] = [
  { name: 'agents.me', method: 'GET', path: '/agents/me', run: me },
  {
    name: 'agents.create',
    method: 'POST',
    path: '/agents',
    permission: 'agents.manage',
    hasBody: true,
    run: create,
  },
  {
    name: 'agents.list',
    method: 'GET',
    path: '/agents',
    permission: 'agents.manage',
    parameters: [
      'page',
      'per_page',
      'email',
      'mobile_phone_number',
      'work_phone_number',
      'active',
      'state',
      'query',
      'include',
    ],
    bucket: 'agents.list',
    run: (call) => listPeople(call, 'agent', (user) => renderAgent(user, call)),
  },
  {
    name: 'agents.get',
    method: 'GET',
    path: '/agents/:id',
    permission: 'agents.manage',
    parameters: ['include'],
    run: (call) => shown(call, existing(call, 'agent')),
  },
  {
    name: 'agents.update',
    method: 'PUT',
    path: '/agents/:id',
    permission: 'agents.manage',
    hasBody: true,
    run: update,
  },
  {
    name: 'agents.deactivate',
    method: 'DELETE',
    path: '/agents/:id',
    permission: 'agents.manage',
    run: deactivate,
  },
  {
    name: 'agents.forget',
    method: 'DELETE',
    path: '/agents/:id/forget',
    permission: 'agents.manage',
    run: forget,
  },
  {
    name: 'agents.reactivate',
    method: 'PUT',
    path: '/agents/:id/reactivate',
    permission: 'agents.manage',
    run: reactivate,
  },
  {
    name: 'agents.convertToRequester',
    method: 'PUT',
    path: '/agents/:id/convert_to_requester',
    permission: 'agents.manage',
    run: convertToRequester,
  },
];

function me(call: Call): Answer {
  const agent = call.account.users.get(call.keyAgentId);
  if (agent === undefined) throw notFound(call.knobs);
  return shown(call, agent);
}

function create(call: Call): Answer {
  const { account, knobs } = call;
  const read = readAttributes('agent', call.attributes(), { account, knobs });
  const changes = { ...withDomainDepartments(call, read), is_agent: true };
  const draft = { ...blankUser({ id: 0, isAgent: true, at: '' }), ...changes };
  assertUnique(call, draft);
  if (draft.active) assertLicence(call, draft.occasional);
  const agent = account.create(changes);
  const location = new URL(`/api/v2/agents/${agent.id}`, call.url).href;
  return {
    status: 201,
    json: { agent: renderAgent(agent, call) },
    headers: { location },
    userId: agent.id,
    isChanged: true,
  };
}

function update(call: Call): Answer {
  const { account, knobs } = call;
  const previous = existing(call, 'agent');
  assertWritable(call, previous);
  const changes = readAttributes('agent', call.attributes(), { account, knobs, previous });
  const next = updated(call, previous, changes);
  assertUnique(call, next, previous);
  const takesLicence = next.active && (!previous.active || next.occasional !== previous.occasional);
  if (takesLicence) assertLicence(call, next.occasional, previous);
  return saved(call, next);
}

function deactivate(call: Call): Answer {
  const agent = existing(call, 'agent');
  if (!agent.active && call.knobs.deleteAgain === 404) throw notFound(call.knobs);
  const { user, isChanged } = call.account.save({ ...agent, active: false });
  leavePosts(call.account, agent.id);
  if (call.knobs.agentDeleteStatus === 204 || !agent.active)
    return { status: 204, userId: user.id, isChanged };
  return { status: 200, json: { agent: renderAgent(user, call) }, userId: user.id, isChanged };
}

function forget(call: Call): Answer {
  const agent = existing(call, 'agent');
  forgetPerson(call.account, agent.id);
  return { status: 204, userId: agent.id, isChanged: true };
}

function reactivate(call: Call): Answer {
  const agent = existing(call, 'agent');
  if (agent.active) throw alreadyActive();
  const occasional = call.knobs.reactivateAgentOccasional === 'true' ? true : agent.occasional;
  assertLicence(call, occasional, agent);
  return saved(call, { ...agent, active: true, occasional });
}

/** Keeps the id. The documented sample answers with "see all tickets" on, and may show no list of addresses. */
function convertToRequester(call: Call): Answer {
  const agent = existing(call, 'agent');
  assertActive(agent);
  const { user } = call.account.save(toRequester(agent));
  const requester = renderRequester(user, call);
  if (call.knobs.secondaryEmailsQuirk === 'emptyString') requester['secondary_emails'] = '';
  return { status: 200, json: { requester }, userId: user.id, isChanged: true };
}

function shown(call: Call, agent: User): Answer {
  return { status: 200, json: { agent: renderAgent(agent, call) }, userId: agent.id };
}

function saved(call: Call, next: User): Answer {
  const { user, isChanged } = call.account.save(next);
  return { ...shown(call, user), isChanged };
}
