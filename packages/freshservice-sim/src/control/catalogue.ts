// Departments, locations and custom fields as an administrator changes them, without the checks of the API: names may
// be given twice and references may lead nowhere. Only what the simulator could not work with is refused.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { type CustomField, customFieldSchema, fieldPeopleSchema } from '../account/custom-field.ts';
import { departmentSchema } from '../account/department.ts';
import { locationSchema } from '../account/location.ts';
import type { NamedRecord, RecordTable } from '../account/record-table.ts';
import { removeDepartment, removeField, removeLocation, saveField } from '../account/unlink.ts';
import { type Add, bodyOf, definedOnly, idOf, NoSuchRecord } from './route.ts';

const STAMPS = { id: true, created_at: true, updated_at: true } as const;
const name = z.string().min(1);

const departmentDraft = departmentSchema.omit(STAMPS).partial();
const locationDraft = locationSchema.omit(STAMPS).partial();
// The type of a field is chosen once.
const fieldDraft = customFieldSchema
  .omit({ ...STAMPS, type: true })
  .extend({ people: fieldPeopleSchema })
  .partial();
const newField = fieldDraft
  .required({ name: true })
  .extend({ type: customFieldSchema.shape.type.optional() });

/** Adds the routes of departments, locations and fields. */
export function addCatalogueRoutes(add: Add, account: Account): void {
  addDepartments(add, account);
  addLocations(add, account);
  addFields(add, account);
}

function addDepartments(add: Add, account: Account): void {
  const one = (request: FastifyRequest) => existing(account.departments, request, 'department');
  add('GET', '/departments', () => account.departments.all());
  add('POST', '/departments', (request) => {
    const draft = departmentDraft.extend({ name }).parse(bodyOf(request));
    return account.departments.create(definedOnly(draft));
  });
  add('PUT', '/departments/:id', (request) => {
    const changes = definedOnly(departmentDraft.parse(bodyOf(request)));
    return account.departments.save({ ...one(request), ...changes }).record;
  });
  add('DELETE', '/departments/:id', (request) => {
    const { id } = one(request);
    removeDepartment(account, id);
    return { removed: id };
  });
}

function addLocations(add: Add, account: Account): void {
  const one = (request: FastifyRequest) => existing(account.locations, request, 'location');
  add('GET', '/locations', () => account.locations.all());
  add('POST', '/locations', (request) => {
    const draft = locationDraft.extend({ name }).parse(bodyOf(request));
    return account.locations.create(definedOnly(draft));
  });
  add('PUT', '/locations/:id', (request) => {
    const changes = definedOnly(locationDraft.parse(bodyOf(request)));
    return account.locations.save({ ...one(request), ...changes }).record;
  });
  add('DELETE', '/locations/:id', (request) => {
    const { id } = one(request);
    removeLocation(account, id);
    return { removed: id };
  });
}

function addFields(add: Add, account: Account): void {
  const one = (request: FastifyRequest) => existing(account.fields, request, 'field');
  add('GET', '/fields', () => account.fields.all());
  add('POST', '/fields', (request) => {
    const draft = definedOnly(newField.parse(bodyOf(request)));
    assertNewName(account, draft.name);
    assertChoices(draft);
    return account.fields.create({ label: draft.name ?? '', ...draft });
  });
  add('PUT', '/fields/:id', (request) => {
    const previous = one(request);
    const next = { ...previous, ...definedOnly(fieldDraft.parse(bodyOf(request))) };
    assertNewName(account, next.name, previous.id);
    assertChoices(next);
    return saveField(account, previous, next);
  });
  add('DELETE', '/fields/:id', (request) => {
    const field = one(request);
    removeField(account, field);
    return { removed: field.id };
  });
}

function existing<T extends NamedRecord>(table: RecordTable<T>, request: FastifyRequest, kind: string): T {
  const record = table.get(idOf(request));
  if (record === undefined) throw new NoSuchRecord(`no such ${kind}`);
  return record;
}

/** Values are kept under the name of the field, so two fields cannot share one. */
function assertNewName(account: Account, fieldName = '', selfId?: number): void {
  if (account.fields.byName(fieldName).some(({ id }) => id !== selfId)) {
    throw new RangeError(`there is a field ${fieldName} already`);
  }
}

function assertChoices({ type, choices = [] }: Partial<CustomField>): void {
  const isDropdown = type === 'custom_dropdown';
  if (isDropdown && choices.length === 0) throw new RangeError('a dropdown needs choices');
  if (!isDropdown && choices.length > 0) throw new RangeError('only a dropdown has choices');
}
