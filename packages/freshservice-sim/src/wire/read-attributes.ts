// The body of a create or an update: its checks in the order of the API (unknown attributes, read-only ones,
// inaccessible ones, then values), each stage naming every offender.
import { type FieldError, invalid } from './answers.ts';
import {
  type Attribute,
  isPersonKind,
  READ_ONLY,
  type RecordKind,
  type StoredRecords,
  WRITABLE,
} from './attributes.ts';
import { isObject, MemberErrors, ValueError } from './primitives.ts';
import { memberNames, readValue, type WriteContext } from './values.ts';

/** What a body changes, by stored name. */
export type Changes<K extends RecordKind> = Partial<StoredRecords[K]>;

/**
 * Reads a body of attributes.
 * @throws {Refusal} 400 with every offending field of the first stage that fails
 */
export function readAttributes<K extends RecordKind>(
  kind: K,
  body: Record<string, unknown>,
  context: WriteContext,
): Changes<K> {
  refuse(unknownAttributes(kind, body, context));
  const readOnly = Object.keys(body).filter((name) => isRefusedReadOnly(kind, name, context));
  refuse(readOnly.map((field) => ({ field, message: 'It is a readonly field', code: 'readonly_field' })));
  const locked = Object.keys(body).filter((name) => context.knobs.inaccessibleAttributes.includes(name));
  refuse(
    locked.map((field) => ({ field, message: 'It cannot be set by this role', code: 'inaccessible_field' })),
  );
  const changes: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  for (const [field, attribute] of Object.entries(WRITABLE[kind])) {
    const value = body[field] === undefined ? unsentValue(attribute, context) : body[field];
    if (value === undefined) {
      if (attribute.isRequired && context.previous === undefined) errors.push(missing(field));
      continue;
    }
    try {
      changes[attribute.stored] = readValue(attribute, value, context);
    } catch (error) {
      errors.push(...refusals(field, error));
    }
  }
  if (isPersonKind(kind) && context.knobs.putActive === 'apply' && body['active'] !== undefined) {
    if (typeof body['active'] === 'boolean') changes['active'] = body['active'];
    else errors.push({ field: 'active', message: 'It should be a/an Boolean', code: 'datatype_mismatch' });
  }
  refuse(errors);
  // The table says under which names the values are stored.
  return changes as Changes<K>;
}

/** Custom fields that are not sent on create are read as none, since some may be required. */
function unsentValue({ type }: Attribute, { previous }: WriteContext): unknown {
  const isCustom = type === 'requesterFields' || type === 'agentFields';
  return isCustom && previous === undefined ? {} : undefined;
}

function refusals(field: string, error: unknown): FieldError[] {
  if (error instanceof ValueError) return [{ field, message: error.message, code: error.code }];
  if (error instanceof MemberErrors) {
    return error.errors.map((member) => ({ ...member, field: `${field}.${member.field}` }));
  }
  throw error;
}

function unknownAttributes(
  kind: RecordKind,
  body: Record<string, unknown>,
  context: WriteContext,
): FieldError[] {
  return Object.entries(body)
    .flatMap(([name, value]) =>
      isUnknown(kind, name, context) ? [name] : unknownMembers(kind, name, value, context),
    )
    .map((field) => ({ field, message: 'Unexpected/invalid field in request', code: 'invalid_field' }));
}

function isUnknown(kind: RecordKind, name: string, { knobs }: WriteContext): boolean {
  if (knobs.refusedAttributes.includes(name)) return true;
  if ((name === 'active' && isPersonKind(kind)) || READ_ONLY[kind].has(name)) return false;
  const attribute = attributeOf(kind, name);
  return attribute === undefined || (attribute.isUndocumented && knobs.undocumentedWrites === 'reject400');
}

function unknownMembers(kind: RecordKind, name: string, value: unknown, { account }: WriteContext): string[] {
  const attribute = attributeOf(kind, name);
  const known = attribute === undefined ? undefined : memberNames(attribute.type, account);
  if (known === undefined || !isObject(value)) return [];
  return Object.keys(value).flatMap((member) => (known.includes(member) ? [] : `${name}.${member}`));
}

function attributeOf(kind: RecordKind, name: string): Attribute | undefined {
  return Object.hasOwn(WRITABLE[kind], name) ? WRITABLE[kind][name] : undefined;
}

function isRefusedReadOnly(kind: RecordKind, name: string, { knobs }: WriteContext): boolean {
  if (name === 'active') return knobs.putActive === 'reject400';
  return READ_ONLY[kind].has(name) && knobs.readOnlyEcho === 'reject400';
}

function missing(field: string): FieldError {
  return { field, message: 'It should not be blank', code: 'missing_field' };
}

function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(errors);
}
