// The body of a create or an update: its checks in the order of the API (unknown attributes, read-only ones, then
// values), each stage naming every offender.
import type { User } from '../account/user.ts';
import { type FieldError, invalid } from './answers.ts';
import { type Kind, READ_ONLY, WRITABLE } from './attributes.ts';
import { readValue, ValueError, type WriteContext } from './values.ts';

/** What a body changes, by stored name. */
export type Changes = Partial<User>;

/**
 * Reads a body of attributes.
 * @throws {Refusal} 400 with every offending field of the first stage that fails
 */
export function readAttributes(kind: Kind, body: Record<string, unknown>, context: WriteContext): Changes {
  const { knobs } = context;
  refuse(unknownAttributes(kind, body, context));
  const readOnly = Object.keys(body).filter((name) => isRefusedReadOnly(kind, name, context));
  refuse(readOnly.map((field) => ({ field, message: 'It is a readonly field', code: 'readonly_field' })));
  const changes: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  for (const [field, attribute] of Object.entries(WRITABLE[kind])) {
    const value = body[field];
    if (value === undefined) {
      if (attribute.isRequired && context.previous === undefined) errors.push(missing(field));
      continue;
    }
    try {
      changes[attribute.stored] = readValue(attribute, value, context);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      errors.push({ field, message: error.message, code: error.code });
    }
  }
  if (knobs.putActive === 'apply' && body['active'] !== undefined) {
    if (typeof body['active'] === 'boolean') changes['active'] = body['active'];
    else errors.push({ field: 'active', message: 'It should be a/an Boolean', code: 'datatype_mismatch' });
  }
  refuse(errors);
  return changes;
}

function unknownAttributes(kind: Kind, body: Record<string, unknown>, { knobs }: WriteContext): FieldError[] {
  return Object.keys(body)
    .filter((name) => {
      if (knobs.refusedAttributes.includes(name)) return true;
      if (name === 'active' || READ_ONLY[kind].has(name)) return false;
      const attribute = Object.hasOwn(WRITABLE[kind], name) ? WRITABLE[kind][name] : undefined;
      if (attribute === undefined) return true;
      return attribute.isUndocumented && knobs.undocumentedWrites === 'reject400';
    })
    .map((field) => ({ field, message: 'Unexpected/invalid field in request', code: 'invalid_field' }));
}

function isRefusedReadOnly(kind: Kind, name: string, { knobs }: WriteContext): boolean {
  if (name === 'active') return knobs.putActive === 'reject400';
  return READ_ONLY[kind].has(name) && knobs.readOnlyEcho === 'reject400';
}

function missing(field: string): FieldError {
  return { field, message: 'It should not be blank', code: 'missing_field' };
}

function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(errors);
}
