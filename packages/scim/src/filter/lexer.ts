// Text of a filter or a path -> tokens (RFC 7644 §3.4.2.2). Knows characters, not grammar: whether a word is a name,
// an operator, a literal or a bare value is the parser's to say.

import { badRequest } from '../errors.ts';
import { FILTER_LENGTH_MAX, isText } from '../limits.ts';

/** A piece of the text; `at` is the 1-based position of its first character. */
export type Token =
  | { readonly kind: '(' | ')' | '[' | ']' | 'end'; readonly at: number }
  | { readonly kind: 'word' | 'string'; readonly text: string; readonly at: number };

const BRACKETS = ['(', ')', '[', ']'] as const;

/**
 * Cuts a filter into tokens; the last one is `end`.
 * @throws {ScimError} invalidFilter for text that is too long or no text, a string that does not end, a bad escape: what a
 * path's filter says may become a value.
 */
export function tokensOf(text: string): readonly Token[] {
  if (text.length > FILTER_LENGTH_MAX) {
    throw badRequest('invalidFilter', `The filter is longer than ${FILTER_LENGTH_MAX} characters.`);
  }
  if (!isText(text)) {
    throw badRequest('invalidFilter', 'The filter holds a character that is not valid text.');
  }
  const tokens: Token[] = [];
  let index = 0;
  while (index < text.length) {
    const character = text.charAt(index);
    const at = index + 1;
    const bracket = BRACKETS.find((bracket) => bracket === character);
    if (isSpace(character)) {
      index += 1;
    } else if (bracket !== undefined) {
      tokens.push({ kind: bracket, at });
      index += 1;
    } else if (character === '"') {
      const end = endOfString(text, index);
      tokens.push({ kind: 'string', text: unquoted(text.slice(index, end), at), at });
      index = end;
    } else {
      const end = endOfWord(text, index);
      tokens.push({ kind: 'word', text: text.slice(index, end), at });
      index = end;
    }
  }
  tokens.push({ kind: 'end', at: text.length + 1 });
  return tokens;
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}

function endOfWord(text: string, start: number): number {
  let index = start;
  while (index < text.length && !isBoundary(text.charAt(index))) {
    index += 1;
  }
  return index;
}

function isBoundary(character: string): boolean {
  return isSpace(character) || character === '"' || BRACKETS.some((bracket) => bracket === character);
}

/** The index after the closing quote. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length) {
    const character = text.charAt(index);
    if (character === '"') {
      return index + 1;
    }
    index += character === '\\' ? 2 : 1;
  }
  throw badRequest('invalidFilter', `The string that starts at character ${start + 1} has no closing quote.`);
}

function unquoted(quoted: string, at: number): string {
  let text: unknown;
  try {
    text = JSON.parse(quoted);
  } catch {
    text = undefined;
  }
  if (typeof text !== 'string' || !isText(text)) {
    throw badRequest(
      'invalidFilter',
      `The string at character ${at} has an escape or character that is not allowed.`,
    );
  }
  return text;
}
