// The value of a comparison, checked against the type of the attribute that it is compared with.

import { badRequest } from '../errors.ts';
import { isInstant } from './instant.ts';
import { writtenName } from '../schema/reference.ts';
import type { AttributeReference } from '../schema/reference.ts';
import type { Token } from './lexer.ts';
import type { Comparison } from './tree.ts';

const ORDERS = new Set<Comparison>(['gt', 'ge', 'lt', 'le']);
const SUBSTRINGS = new Set<Comparison>(['co', 'sw', 'ew']);

/**
 * What the token means as a value of the attribute.
 * @throws {ScimError} invalidFilter when the type does not fit, or the comparison makes no sense for the type.
 */
export function literalOf(
  reference: AttributeReference,
  comparison: Comparison,
  token: Token,
): string | boolean | null {
  const attribute = reference.sub ?? reference.attribute;
  const name = writtenName(reference);
  const isOrder = ORDERS.has(comparison);
  const isSubstring = SUBSTRINGS.has(comparison);
  // RFC 7644 §3.4.2.2: no order on booleans and binaries; parts of words exist in text only.
  if (
    (isOrder && ['boolean', 'binary'].includes(attribute.type)) ||
    (isSubstring && !isText(attribute.type))
  ) {
    throw badRequest(
      'invalidFilter',
      `${name} is of type ${attribute.type}, which cannot be compared with "${comparison}". Use another operator, such as "eq".`,
    );
  }
  if (token.kind !== 'string' && token.kind !== 'word') {
    throw badRequest(
      'invalidFilter',
      `A value for ${name} is missing in the filter. Put it in double quotes behind the operator.`,
    );
  }
  if (token.kind === 'word' && token.text === 'null') {
    if (isOrder || isSubstring) {
      throw badRequest(
        'invalidFilter',
        `${name} is compared with null, which takes "eq" or "ne" only. Use "pr" for any value.`,
      );
    }
    return null;
  }
  switch (attribute.type) {
    case 'boolean':
      return booleanLiteral(token.text, name);
    case 'dateTime':
      if (!isInstant(token.text)) {
        throw badRequest(
          'invalidFilter',
          `${name} must be compared with a date and time such as "2026-01-31T08:00:00Z".`,
        );
      }
      return token.text;
    case 'string':
    case 'reference':
    case 'binary':
    case 'complex':
      break;
  }
  const isMistaken = token.text.startsWith("'") || (!attribute.scalarAsText && isOtherLiteral(token.text));
  if (token.kind === 'word' && isMistaken) {
    throw badRequest('invalidFilter', `${name} is text: put its value in double quotes.`);
  }
  return token.text;
}

function isText(type: string): boolean {
  return type === 'string' || type === 'reference';
}

/** Entra quotes booleans: `roles[primary eq "True"]`. */
function booleanLiteral(text: string, name: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') {
    throw badRequest('invalidFilter', `${name} can only be compared with true or false.`);
  }
  return lower === 'true';
}

/** True for what JSON reads as a number or a boolean. Any other bare word counts as text: some clients forget the quotes. */
function isOtherLiteral(word: string): boolean {
  return word === 'true' || word === 'false' || /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(word);
}
