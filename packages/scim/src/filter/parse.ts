// Recursive descent over the tokens: or -> and -> term, one function a rule of RFC 7644 §3.4.2.2.
// Beyond the RFC, because Entra sends it: `attr[filter].sub op value`, `attr[filter] op value`, values without quotes.

import { badRequest } from '../errors.ts';
import type { ScimError } from '../errors.ts';
import { FILTER_DEPTH_MAX } from '../limits.ts';
import { meaningOf, writtenName } from '../schema/reference.ts';
import type { AttributeReference } from '../schema/reference.ts';
import { resourceTypeOf } from '../schema/resource-type.ts';
import type { ResourceType, ResourceTypeName } from '../schema/resource-type.ts';
import { literalOf } from './literal.ts';
import { tokensOf } from './lexer.ts';
import type { Token } from './lexer.ts';
import type { Comparison, Filter } from './tree.ts';

const COMPARISONS: readonly Comparison[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

/** Where names are looked up: in the resource, or among the sub-attributes of the attribute in front of `[`. */
type Scope = (name: string) => AttributeReference | undefined;

/** The tokens, the place reached in them, and how deep the parser is in brackets. */
export interface Cursor {
  readonly tokens: readonly Token[];
  next: number;
  depth: number;
}

/** A cursor at the start of the text. @throws {ScimError} invalidFilter, see `tokensOf`. */
export function cursorOver(text: string): Cursor {
  return { tokens: tokensOf(text), next: 0, depth: 0 };
}

/**
 * Parses a filter on resources of one type.
 * @throws {ScimError} invalidFilter for bad grammar, unknown attributes, values of the wrong type, comparisons that the
 * attribute's type has not, and for more than 4096 characters or 32 levels.
 */
export function parseFilter(type: ResourceTypeName, text: string): Filter {
  const cursor = cursorOver(text);
  const filter = parseOr(cursor, resourceScope(resourceTypeOf(type)));
  const rest = peek(cursor);
  if (rest.kind !== 'end') {
    throw expected('"and", "or" or the end', rest);
  }
  return filter;
}

/**
 * Parses what stands between `[` and `]`; the cursor is behind the `[` and ends behind the `]`.
 * @throws {ScimError} invalidFilter like `parseFilter`.
 */
export function parseElementFilter(cursor: Cursor, reference: AttributeReference): Filter {
  const parts = reference.attribute.subAttributes;
  const filter = deeper(cursor, () =>
    parseOr(cursor, (name) => {
      const attribute = parts.get(name.toLowerCase());
      return attribute === undefined ? undefined : { extension: undefined, attribute, sub: undefined };
    }),
  );
  expect(cursor, ']');
  return filter;
}

/** The token at the cursor. */
function peek(cursor: Cursor): Token {
  // The last token is always `end`, and nothing moves the cursor beyond it.
  return cursor.tokens[cursor.next] ?? { kind: 'end', at: 0 };
}

/** The token at the cursor, which moves on; it stays at the end. */
export function take(cursor: Cursor): Token {
  const token = peek(cursor);
  if (token.kind !== 'end') {
    cursor.next += 1;
  }
  return token;
}

function resourceScope(type: ResourceType): Scope {
  return (name) => {
    const meaning = meaningOf(type, name);
    return meaning?.kind === 'attribute' ? meaning.reference : undefined;
  };
}

function parseOr(cursor: Cursor, scope: Scope): Filter {
  return parseChain(cursor, 'or', () => parseChain(cursor, 'and', () => parseTerm(cursor, scope)));
}

function parseChain(cursor: Cursor, kind: 'and' | 'or', parsePart: () => Filter): Filter {
  const first = parsePart();
  const terms = [first];
  while (isKeyword(peek(cursor), kind)) {
    take(cursor);
    terms.push(parsePart());
  }
  return terms.length === 1 ? first : { kind, terms };
}

function parseTerm(cursor: Cursor, scope: Scope): Filter {
  const token = take(cursor);
  if (token.kind === '(') {
    return parseGroup(cursor, scope);
  }
  if (isKeyword(token, 'not')) {
    expect(cursor, '(');
    return { kind: 'not', term: parseGroup(cursor, scope) };
  }
  if (token.kind !== 'word') {
    throw expected('an attribute name', token);
  }
  const reference = scope(token.text);
  if (reference === undefined) {
    throw badRequest(
      'invalidFilter',
      // Not repeated: a bare word here may be a value whose sender forgot the attribute.
      `The filter names an attribute at character ${token.at} that does not exist here. Correct the name.`,
    );
  }
  if (!reference.attribute.filterable || reference.sub?.filterable === false) {
    throw badRequest('invalidFilter', `${writtenName(reference)} cannot be used in a filter. Leave it out.`);
  }
  if (peek(cursor).kind === '[') {
    take(cursor);
    return parseElement(cursor, reference);
  }
  return parseCondition(cursor, reference);
}

function parseGroup(cursor: Cursor, scope: Scope): Filter {
  const filter = deeper(cursor, () => parseOr(cursor, scope));
  expect(cursor, ')');
  return filter;
}

function parseElement(cursor: Cursor, reference: AttributeReference): Filter {
  const parts = reference.attribute.subAttributes;
  if (parts.size === 0 || reference.sub !== undefined) {
    throw badRequest('invalidFilter', `${writtenName(reference)} has no parts that "[...]" could select.`);
  }
  const filter = parseElementFilter(cursor, reference);
  const token = peek(cursor);
  const subName = token.kind === 'word' && token.text.startsWith('.') ? token.text.slice(1) : undefined;
  if (subName !== undefined) {
    take(cursor);
  } else if (!isOperator(token)) {
    return { kind: 'element', reference, filter };
  }
  const attribute = parts.get((subName ?? 'value').toLowerCase());
  if (attribute === undefined) {
    throw badRequest(
      'invalidFilter',
      `${writtenName(reference)} has no part of the name at character ${token.at}. Correct or name the part.`,
    );
  }
  // `emails[type eq "work"].value eq "x"`: both must hold of one and the same element.
  const condition = parseCondition(cursor, { extension: undefined, attribute, sub: undefined });
  const terms = filter.kind === 'and' ? [...filter.terms, condition] : [filter, condition];
  return { kind: 'element', reference, filter: { kind: 'and', terms } };
}

function parseCondition(cursor: Cursor, reference: AttributeReference): Filter {
  const token = take(cursor);
  if (isKeyword(token, 'pr')) {
    return { kind: 'present', reference };
  }
  const comparison = comparisonOf(token);
  if (comparison === undefined) {
    throw expected('an operator such as "eq"', token);
  }
  const compared = comparedPart(reference);
  return {
    kind: 'compare',
    reference: compared,
    comparison,
    value: literalOf(compared, comparison, take(cursor)),
  };
}

/** A complex attribute is compared by its `value` (RFC 7644 §3.4.2.2). */
function comparedPart(reference: AttributeReference): AttributeReference {
  if (reference.attribute.type !== 'complex' || reference.sub !== undefined) {
    return reference;
  }
  const sub = reference.attribute.subAttributes.get('value');
  if (sub === undefined) {
    throw badRequest(
      'invalidFilter',
      `${writtenName(reference)} has no single value; name the part to compare.`,
    );
  }
  return { ...reference, sub };
}

function deeper(cursor: Cursor, parse: () => Filter): Filter {
  cursor.depth += 1;
  if (cursor.depth > FILTER_DEPTH_MAX) {
    throw badRequest('invalidFilter', `The filter is nested more than ${FILTER_DEPTH_MAX} levels deep.`);
  }
  const filter = parse();
  cursor.depth -= 1;
  return filter;
}

function isKeyword(token: Token, keyword: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === keyword;
}

function comparisonOf(token: Token): Comparison | undefined {
  return COMPARISONS.find((comparison) => isKeyword(token, comparison));
}

function isOperator(token: Token): boolean {
  return isKeyword(token, 'pr') || comparisonOf(token) !== undefined;
}

function expect(cursor: Cursor, kind: ')' | ']' | '('): void {
  const token = take(cursor);
  if (token.kind !== kind) {
    throw expected(`"${kind}"`, token);
  }
}

function expected(what: string, token: Token): ScimError {
  const place = token.kind === 'end' ? 'where the text ends' : `at character ${token.at}`;
  return badRequest('invalidFilter', `The filter has something else ${place} than ${what}.`);
}
