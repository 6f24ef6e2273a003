// The routes of departments (API page, heading "Departments").
import type { Department } from '../account/department.ts';
import { removeDepartment } from '../account/unlink.ts';
import { type Answer, conflict } from '../wire/answers.ts';
import { readAttributes } from '../wire/read-attributes.ts';
import { renderDepartment } from '../wire/render.ts';
import {
  answerRecord,
  createdHeaders,
  existingRecord,
  type Form,
  LIST_PARAMETERS,
  listRecords,
} from './named-records.ts';
import type { Call, Route } from './route.ts';

const FORM: Form<Department> = { singular: 'department', render: renderDepartment };

/** All routes under `/departments`. */
export const DEPARTMENT_ROUTES: readonly Route[] = [
  {
    name: 'departments.create',
    method: 'POST',
    path: '/departments',
    permission: 'departments.manage',
    hasBody: true,
    run: create,
  },
  {
    name: 'departments.list',
    method: 'GET',
    path: '/departments',
    permission: 'departments.view',
    parameters: LIST_PARAMETERS,
    run: (call) => listRecords(call, call.account.departments, FORM),
  },
  {
    name: 'departments.get',
    method: 'GET',
    path: '/departments/:id',
    permission: 'departments.view',
    run: (call) => answerRecord(call, FORM, existingRecord(call, call.account.departments)),
  },
  {
    name: 'departments.update',
    method: 'PUT',
    path: '/departments/:id',
    permission: 'departments.manage',
    hasBody: true,
    run: update,
  },
  {
    name: 'departments.delete',
    method: 'DELETE',
    path: '/departments/:id',
    permission: 'departments.manage',
    run: remove,
  },
];

function create(call: Call): Answer {
  const { account, knobs } = call;
  const changes = readAttributes('department', call.attributes(), { account, knobs });
  assertUnique(call, changes.name);
  const department = account.departments.create(changes);
  const status = knobs.createStatus.departments;
  const headers = createdHeaders(call, status, `/departments/${department.id}`);
  return answerRecord(call, FORM, department, { status, headers, isChanged: true });
}

function update(call: Call): Answer {
  const { account, knobs } = call;
  const previous = existingRecord(call, account.departments);
  const changes = readAttributes('department', call.attributes(), { account, knobs, previous });
  assertUnique(call, changes.name, previous.id);
  const { record, isChanged } = account.departments.save({ ...previous, ...changes });
  return answerRecord(call, FORM, record, { isChanged });
}

function remove(call: Call): Answer {
  const { id } = existingRecord(call, call.account.departments);
  removeDepartment(call.account, id);
  return { status: 204, recordId: id, isChanged: true };
}

function assertUnique({ account, knobs }: Call, name: string | undefined, selfId?: number): void {
  if (name === undefined || !knobs.uniqueDepartments) return;
  if (account.departments.byName(name).some(({ id }) => id !== selfId)) throw conflict(knobs, 'name');
}
