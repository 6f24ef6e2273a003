// Generators for property tests, made from the schema itself: bodies and operations that conform to the RFC, filters,
// and JSON that means harm.

import * as fc from 'fast-check';
import type { Comparison, Filter } from '../filter/tree.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { AttributeDefinition, AttributeSet } from '../schema/attribute.ts';
import type { AttributeReference } from '../schema/reference.ts';
import { resourceTypeOf } from '../schema/resource-type.ts';
import { CORE_USER } from '../urns.ts';

const user = resourceTypeOf('User');

const text = fc
  .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  .filter((text) => text.trim() !== '');

function valueOf(attribute: AttributeDefinition): fc.Arbitrary<JsonValue> {
  if (attribute.type === 'boolean') {
    return fc.boolean();
  }
  if (attribute.type !== 'complex') {
    return attribute.canonicalValues.length > 0 ? fc.constantFrom('work', 'home', 'WORK', 'other') : text;
  }
  const element = membersOf(attribute.subAttributes).filter((element) => Object.keys(element).length > 0);
  const withoutPrimary = element
    .map(({ primary: _primary, ...rest }): JsonObject => rest)
    .filter((element) => Object.keys(element).length > 0);
  return attribute.multiValued
    ? fc.tuple(element, fc.array(withoutPrimary, { maxLength: 2 })).map(([first, rest]) => [first, ...rest])
    : element;
}

function membersOf(attributes: AttributeSet): fc.Arbitrary<JsonObject> {
  const writable = [...attributes.values()].filter((attribute) => attribute.mutability !== 'readOnly');
  const model = Object.fromEntries(writable.map((attribute) => [attribute.name, valueOf(attribute)]));
  return someOf(model);
}

function someOf(model: { [name: string]: fc.Arbitrary<JsonValue> }): fc.Arbitrary<JsonObject> {
  // A member is generated or left out, never undefined as the record's type has it.
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
}

const extensions = Object.fromEntries(
  user.extensions.map(({ urn, attributes }) => [
    urn,
    membersOf(attributes).filter((members) => Object.keys(members).length > 0),
  ]),
);

/** What an operation without a path may carry. */
const conformingValue: fc.Arbitrary<JsonObject> = fc
  .tuple(membersOf(user.core.attributes), someOf(extensions))
  .map(([core, extension]) => ({ ...core, ...extension }));

/** A User as RFC 7643 wants it, readOnly attributes left out. */
export const conformingUser: fc.Arbitrary<JsonObject> = fc
  .tuple(conformingValue, text)
  .map(([attributes, userName]) => ({ schemas: [CORE_USER], ...attributes, userName }));

const writable = [...user.core.attributes.values()].filter(
  (attribute) => attribute.mutability !== 'readOnly',
);

const targeted: fc.Arbitrary<JsonObject> = fc
  .constantFrom(...writable)
  .chain((attribute) => valueOf(attribute).map((value) => ({ path: attribute.name, value })));

const filtered: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom('emails', 'phoneNumbers'),
    fc.constantFrom('work', 'home'),
    fc.constantFrom('value', 'display'),
    text,
  )
  .map(([list, type, part, value]) => ({ path: `${list}[type eq "${type}"].${part}`, value }));

const pathless: fc.Arbitrary<JsonObject> = conformingValue.map((value) => ({ value }));

/** An add or replace in the RFC's form; a filter is one of those that create what they select. */
export function conformingOperation(op: 'add' | 'replace'): fc.Arbitrary<JsonObject> {
  return fc.oneof(targeted, filtered, pathless).map((rest) => ({ op, ...rest }));
}

const NAMES =
  'op path value type primary schemas Operations operations $ref display id meta name.givenName . ' +
  '__proto__ constructor prototype toString hasOwnProperty emails[ manager[value] roles[primary';

const key = fc.constantFrom(
  '',
  'emails[type eq "work"].value',
  'manager[value eq "x"]',
  'roles[primary eq "True"].value',
  ...NAMES.split(' '),
  ...writable.map((attribute) => attribute.name),
  ...user.extensions.flatMap(({ urn }) => [
    urn,
    `${urn}:manager`,
    `${urn}:__proto__`,
    `${urn}:`,
    `${urn}:manager.x`,
  ]),
);

/** Any JSON, rich in the names that matter here and in those that JavaScript gives a meaning. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    fc.constantFrom<unknown>(
      null,
      true,
      'True',
      '',
      0,
      -1.5,
      'add',
      'Replace',
      'remove',
      'x\0y',
      '\ud800',
      'work',
    ),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value;

/** A path that exists, more often than not. */
export const likelyPath: fc.Arbitrary<string> = key;

/** A path, a filter, or something that looks like one. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      key,
      fc.constantFrom(
        '(',
        ')',
        '[',
        ']',
        '"',
        '\\',
        ' ',
        '.',
        'not',
        'and',
        'or',
        'eq',
        'pr',
        'gt',
        '"x"',
        'true',
        '1e9',
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(' '));

function referencesOf(extension: string | undefined, attributes: AttributeSet): AttributeReference[] {
  return [...attributes.values()]
    .filter((attribute) => attribute.filterable)
    .flatMap((attribute): AttributeReference[] =>
      attribute.type === 'complex'
        ? [...attribute.subAttributes.values()]
            .filter((sub) => sub.filterable)
            .map((sub) => ({ extension, attribute, sub }))
        : [{ extension, attribute, sub: undefined }],
    );
}

const references = [
  ...referencesOf(undefined, user.core.attributes),
  ...user.extensions.flatMap(({ urn, attributes }) => referencesOf(urn, attributes)),
];

const lists = references.filter(({ attribute }) => attribute.multiValued && attribute.type === 'complex');

function comparisonsOf({ attribute, sub }: AttributeReference): Comparison[] {
  const { type } = sub ?? attribute;
  const isText = type === 'string' || type === 'reference';
  const ordered: Comparison[] = type === 'boolean' || type === 'binary' ? [] : ['gt', 'ge', 'lt', 'le'];
  return ['eq', 'ne', ...ordered, ...(isText ? (['co', 'sw', 'ew'] as const) : [])];
}

function conditionOn(candidates: readonly AttributeReference[]): fc.Arbitrary<Filter> {
  return fc.constantFrom(...candidates).chain((reference): fc.Arbitrary<Filter> => {
    const { type } = reference.sub ?? reference.attribute;
    const date = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) });
    const value =
      type === 'boolean'
        ? fc.boolean()
        : type === 'dateTime'
          ? date.map((date) => date.toISOString())
          : fc.string();
    const compare = fc
      .record({ comparison: fc.constantFrom(...comparisonsOf(reference)), value })
      .map((rest) => ({ kind: 'compare' as const, reference, ...rest }));
    const isNull = fc
      .constantFrom<Comparison>('eq', 'ne')
      .map((comparison) => ({ kind: 'compare' as const, reference, comparison, value: null }));
    return fc.oneof(compare, isNull, fc.constant({ kind: 'present' as const, reference }));
  });
}

function filterOver(condition: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      condition,
      fc.record({
        kind: fc.constantFrom('and', 'or'),
        terms: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('not'), term: tie('filter') }),
    ),
  })).filter;
}

const element: fc.Arbitrary<Filter> = fc.constantFrom(...lists).chain(({ extension, attribute }) => {
  const parts = [...attribute.subAttributes.values()]
    .filter((part) => part.filterable)
    .map((part) => ({ extension: undefined, attribute: part, sub: undefined }));
  const reference = { extension, attribute, sub: undefined };
  return filterOver(conditionOn(parts)).map((filter) => ({ kind: 'element' as const, reference, filter }));
});

/** A filter on users as the parser would return it. */
export const userFilter: fc.Arbitrary<Filter> = filterOver(fc.oneof(conditionOn(references), element));
