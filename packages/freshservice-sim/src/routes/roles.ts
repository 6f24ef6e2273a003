// The routes of roles, which the API only reads.
import { ROLES } from '../account/catalog.ts';
import { type Answer, notFound } from '../wire/answers.ts';
import { linkHeader, readPage } from '../wire/paging.ts';
import type { Call, Route } from './route.ts';

/** All routes under `/roles`. */
export const ROLE_ROUTES: readonly Route[] = [
  {
    name: 'roles.list',
    method: 'GET',
    path: '/roles',
    permission: 'roles.view',
    parameters: ['page', 'per_page'],
    run: list,
  },
  { name: 'roles.get', method: 'GET', path: '/roles/:id', permission: 'roles.view', run: get },
];

function list(call: Call): Answer {
  const page = readPage(call.query);
  return {
    status: 200,
    json: { roles: ROLES.slice(page.offset, page.offset + page.perPage) },
    headers: linkHeader(call.url, page, ROLES.length),
  };
}

function get(call: Call): Answer {
  const role = ROLES.find(({ id }) => id === call.id);
  if (role === undefined) throw notFound(call.knobs);
  return { status: 200, json: { role } };
}
