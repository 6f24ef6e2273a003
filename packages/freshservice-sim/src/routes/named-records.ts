// What departments and locations have in common: lists, `?query=` by name, the envelope of one record.
import type { NamedRecord, RecordTable } from '../account/record-table.ts';
import type { Fields } from '../query/match.ts';
import { type Answer, notFound } from '../wire/answers.ts';
import { linkHeader, readPage } from '../wire/paging.ts';
import type { Call } from './route.ts';
import { search } from './search.ts';

/** Query parameters of the two lists. */
export const LIST_PARAMETERS = ['page', 'per_page', 'query'];

/** Only the name can be searched (API page, "Filter departments" and "Filter locations"). */
const FIELDS: Fields<NamedRecord> = { name: { type: 'text', read: (record) => record.name } };

/** How records of one table are answered. */
export interface Form<T> {
  readonly singular: 'department' | 'location';
  readonly render: (record: T, call: Call) => Record<string, unknown>;
}

/**
 * One page of a table, oldest first, or of what a query finds.
 * @throws {Refusal} 400 for a bad page or query
 */
export function listRecords<T extends NamedRecord>(call: Call, table: RecordTable<T>, form: Form<T>): Answer {
  const plural = `${form.singular}s`;
  const text = call.query['query'];
  if (text !== undefined) {
    const found = search(call, text, FIELDS, table.searchable());
    return { status: 200, json: { [plural]: found.map((record) => form.render(record, call)) } };
  }
  const page = readPage(call.query);
  const rows = table.all().slice(page.offset, page.offset + page.perPage);
  return {
    status: 200,
    json: { [plural]: rows.map((record) => form.render(record, call)) },
    headers: linkHeader(call.url, page, table.size),
  };
}

/**
 * The record that the path names.
 * @throws {Refusal} 404
 */
export function existingRecord<T extends NamedRecord>(call: Call, table: RecordTable<T>): T {
  const record = table.get(call.id);
  if (record === undefined) throw notFound(call.knobs);
  return record;
}

/** Answers one record, in the envelope that the account is set to. */
export function answerRecord<T extends NamedRecord>(
  call: Call,
  form: Form<T>,
  record: T,
  more: Partial<Answer> = {},
): Answer {
  const key = call.knobs.envelopeQuirk === 'plural' ? `${form.singular}s` : form.singular;
  return { status: 200, json: { [key]: form.render(record, call) }, recordId: record.id, ...more };
}

/** The header of a create that is answered 201. */
export function createdHeaders(call: Call, status: number, path: string): Record<string, string> {
  return status === 201 ? { location: new URL(`/api/v2${path}`, call.url).href } : {};
}
