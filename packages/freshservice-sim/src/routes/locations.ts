// The routes of locations (API page, heading "Locations").
import type { Location } from '../account/location.ts';
import { removeLocation } from '../account/unlink.ts';
import { type Answer, conflict } from '../wire/answers.ts';
import { readAttributes } from '../wire/read-attributes.ts';
import { renderLocation } from '../wire/render.ts';
import {
  answerRecord,
  createdHeaders,
  existingRecord,
  type Form,
  LIST_PARAMETERS,
  listRecords,
} from './named-records.ts';
import type { Call, Route } from './route.ts';

const FORM: Form<Location> = { singular: 'location', render: renderLocation };

/** All routes under `/locations`. */
export const LOCATION_ROUTES: readonly Route[] = [
  {
    name: 'locations.create',
    method: 'POST',
    path: '/locations',
    permission: 'locations.manage',
    hasBody: true,
    run: create,
  },
  {
    name: 'locations.list',
    method: 'GET',
    path: '/locations',
    permission: 'locations.view',
    parameters: LIST_PARAMETERS,
    run: (call) => listRecords(call, call.account.locations, FORM),
  },
  {
    name: 'locations.get',
    method: 'GET',
    path: '/locations/:id',
    permission: 'locations.view',
    run: (call) => answerRecord(call, FORM, existingRecord(call, call.account.locations)),
  },
  {
    name: 'locations.update',
    method: 'PUT',
    path: '/locations/:id',
    permission: 'locations.manage',
    hasBody: true,
    run: update,
  },
  {
    name: 'locations.delete',
    method: 'DELETE',
    path: '/locations/:id',
    permission: 'locations.manage',
    run: remove,
  },
];

function create(call: Call): Answer {
  const { account, knobs } = call;
  const changes = readAttributes('location', call.attributes(), { account, knobs });
  assertUnique(call, changes.name ?? '', changes.parent_location_id ?? null);
  const location = account.locations.create(changes);
  const headers = createdHeaders(call, 201, `/locations/${location.id}`);
  return answerRecord(call, FORM, location, { status: 201, headers, isChanged: true });
}

function update(call: Call): Answer {
  const { account, knobs } = call;
  const previous = existingRecord(call, account.locations);
  const changes = readAttributes('location', call.attributes(), { account, knobs, previous });
  const next = { ...previous, ...changes };
  assertUnique(call, next.name, next.parent_location_id, previous.id);
  const { record, isChanged } = account.locations.save(next);
  return answerRecord(call, FORM, record, { isChanged });
}

function remove(call: Call): Answer {
  const { id } = existingRecord(call, call.account.locations);
  removeLocation(call.account, id);
  return { status: 204, recordId: id, isChanged: true };
}

function assertUnique(
  { account, knobs }: Call,
  name: string,
  parentId: number | null,
  selfId?: number,
): void {
  if (knobs.uniqueLocations === 'none') return;
  const isTaken = account.locations
    .byName(name)
    .some((other) => other.parent_location_id === parentId && other.id !== selfId);
  if (isTaken) throw conflict(knobs, 'name');
}
