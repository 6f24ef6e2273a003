// How an attribute is described (RFC 7643 §7). One description drives parsing, PATCH, filters and discovery.
// Sets of attributes are maps by lower-cased name: names are compared without case and answered in the schema's.

import type { ReadonlyJsonObject } from '../json.ts';

/** The types in use; no attribute of ours is a number. */
export type AttributeType = 'string' | 'boolean' | 'dateTime' | 'reference' | 'binary' | 'complex';

/** Attributes by lower-cased name, in the schema's order. */
export type AttributeSet = ReadonlyMap<string, AttributeDefinition>;

/** One attribute or sub-attribute. The first group is what RFC 7643 §7 defines, the second is ours. */
export interface AttributeDefinition {
  readonly name: string;
  readonly description: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'default' | 'never';
  readonly uniqueness: 'none' | 'server';
  readonly canonicalValues: readonly string[];
  readonly referenceTypes: readonly string[];
  readonly subAttributes: AttributeSet;
  /** Those without which an element makes no sense, as a member without an id. */
  readonly requiredParts: readonly AttributeDefinition[];

  /** Whether /Schemas tells of it; Microsoft's validators trip over some that the RFC defines. */
  readonly advertised: boolean;
  readonly filterable: boolean;
  /** Whether a PATCH may leave it without a value. */
  readonly clearable: boolean;
  /** Keep a number or a boolean as its text: the sender's mapping decides the type, not we. */
  readonly scalarAsText: boolean;
  /** Leave out elements that make no sense instead of refusing the whole person. */
  readonly lenient: boolean;
  /** Not declared by the schema, but kept: its case is that of its first sender. */
  readonly open: boolean;
}

/** What a definition may say; the rest has the defaults of RFC 7643 §2.2. */
export type Traits = Partial<
  Omit<AttributeDefinition, 'name' | 'description' | 'subAttributes' | 'requiredParts'>
>;

/** A set from a list. */
export function attributeSet(list: readonly AttributeDefinition[]): AttributeSet {
  return new Map(list.map((attribute) => [attribute.name.toLowerCase(), attribute]));
}

/** An attribute; by default an optional single string that is compared without case. */
export function attribute(
  name: string,
  description: string,
  traits: Traits = {},
  subAttributes: readonly AttributeDefinition[] = [],
): AttributeDefinition {
  return {
    name,
    description,
    type: subAttributes.length > 0 ? 'complex' : 'string',
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    canonicalValues: [],
    referenceTypes: [],
    subAttributes: attributeSet(subAttributes),
    requiredParts: subAttributes.filter((part) => part.required),
    advertised: true,
    filterable: true,
    clearable: traits.required !== true,
    scalarAsText: false,
    lenient: false,
    open: false,
    ...traits,
  };
}

/** The usual `display`, `type` and `primary` of a multi-valued attribute (RFC 7643 §2.4). */
export function pluralParts(canonicalValues: readonly string[]): readonly AttributeDefinition[] {
  return [
    attribute('display', 'A name for people to read.', { advertised: false }),
    attribute('type', 'What the value is used for.', { canonicalValues }),
    attribute('primary', 'Whether this is the preferred value; true at most once.', {
      type: 'boolean',
      advertised: false,
    }),
  ];
}

const RESERVED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
const OPEN_NAME_LENGTH_MAX = 100;

/**
 * An attribute that the schema does not declare but keeps as text, or undefined when the name cannot be one:
 * letters, digits, `-`, `_`, at most 100, and none of the names that JavaScript gives a meaning.
 */
export function openAttribute(name: string): AttributeDefinition | undefined {
  if (name.length > OPEN_NAME_LENGTH_MAX || RESERVED_NAMES.has(name.toLowerCase()) || !isName(name)) {
    return undefined;
  }
  return attribute(name, '', { scalarAsText: true, open: true });
}

/** True for ASCII letters, digits, `-` and `_`, at least one (RFC 7643 §2.1, and a leading `_` as in `_location`). */
function isName(text: string): boolean {
  return /^[\w-]+$/.test(text);
}

/** The key under which an object holds the attribute: an open one may be stored in another case. */
export function keyOf(object: ReadonlyJsonObject, attribute: AttributeDefinition): string {
  if (!attribute.open || Object.hasOwn(object, attribute.name)) {
    return attribute.name;
  }
  const wanted = attribute.name.toLowerCase();
  return Object.keys(object).find((key) => key.toLowerCase() === wanted) ?? attribute.name;
}
