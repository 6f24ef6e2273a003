// The query language of `?query="..."`: text -> tree. Recursive descent over
//   or := and ('OR' and)*      and := term ('AND' term)*      term := '(' or ')' | condition
//   condition := field ':' ('>' | '<')? value | '~[' field ('|' field)* ']' ':' string
// It knows no fields; `match.ts` does.

const LENGTH_MAX = 512;
const DEPTH_MAX = 50;

/** A value as written: quoted text, a bare word or number, or `null`. */
export type QueryValue =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'bare'; readonly text: string }
  | { readonly kind: 'null' };

/** A parsed query. */
export type Query =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[] }
  | {
      readonly kind: 'condition';
      readonly field: string;
      readonly operator: Operator;
      readonly value: QueryValue;
    }
  | { readonly kind: 'startsWith'; readonly fields: readonly string[]; readonly text: string };

/** `>` means at or above, `<` at or below. */
export type Operator = '=' | '>' | '<';

/** The text is not a query. */
export class QuerySyntaxError extends Error {}

/**
 * Parses the value of the parameter, with its double quotes.
 * @throws {QuerySyntaxError} when the quotes are missing, it is longer than 512 characters, or not of the grammar
 */
export function parseQuery(text: string): Query {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) {
    throw new QuerySyntaxError('It should be enclosed in double quotes');
  }
  const inner = text.slice(1, -1);
  if (inner.length > LENGTH_MAX)
    throw new QuerySyntaxError(`It should have at most ${LENGTH_MAX} characters`);
  return new Parser(inner).parse();
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Query {
    const query = this.#or();
    this.#skipSpaces();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return query;
  }

  #or(): Query {
    const parts = [this.#and()];
    while (this.#takeWord('OR')) parts.push(this.#and());
    return this.#joined('or', parts);
  }

  #and(): Query {
    const parts = [this.#term()];
    while (this.#takeWord('AND')) parts.push(this.#term());
    return this.#joined('and', parts);
  }

  #joined(kind: 'and' | 'or', parts: readonly Query[]): Query {
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind, parts };
  }

  #term(): Query {
    if (!this.#take('(')) return this.#take('~[') ? this.#startsWith() : this.#condition();
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new QuerySyntaxError('Too many parentheses');
    const query = this.#or();
    this.#depth -= 1;
    this.#expect(')');
    return query;
  }

  #startsWith(): Query {
    const fields = [this.#name()];
    while (this.#take('|')) fields.push(this.#name());
    this.#expect(']');
    this.#expect(':');
    this.#expect("'");
    return { kind: 'startsWith', fields, text: this.#restOfString() };
  }

  #condition(): Query {
    const field = this.#name();
    this.#expect(':');
    let operator: Operator = '=';
    if (this.#take('>')) operator = '>';
    else if (this.#take('<')) operator = '<';
    return { kind: 'condition', field, operator, value: this.#value() };
  }

  #value(): QueryValue {
    if (this.#take("'")) return { kind: 'string', text: this.#restOfString() };
    const text = this.#match(/[^\s'()|]+/y);
    return text === 'null' ? { kind: 'null' } : { kind: 'bare', text };
  }

  /** Reads to the closing quote; a backslash escapes a quote. */
  #restOfString(): string {
    let text = '';
    while (this.#at < this.#text.length) {
      const character = this.#text.charAt(this.#at);
      this.#at += 1;
      if (character === "'") return text;
      if (character === '\\' && this.#text.charAt(this.#at) === "'") {
        text += "'";
        this.#at += 1;
      } else text += character;
    }
    throw new QuerySyntaxError('A quote is not closed');
  }

  #name(): string {
    return this.#match(/[a-z_][a-z0-9_]*/iy);
  }

  #match(pattern: RegExp): string {
    this.#skipSpaces();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw this.#unexpected();
    this.#at += found.length;
    return found;
  }

  #takeWord(word: string): boolean {
    this.#skipSpaces();
    const after = this.#text.charAt(this.#at + word.length);
    if (!this.#text.startsWith(word, this.#at) || /\w/.test(after)) return false;
    this.#at += word.length;
    return true;
  }

  #take(token: string): boolean {
    this.#skipSpaces();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw this.#unexpected();
  }

  #skipSpaces(): void {
    while (this.#text.charAt(this.#at) === ' ') this.#at += 1;
  }

  #unexpected(): QuerySyntaxError {
    return new QuerySyntaxError(`Unexpected input at position ${this.#at}`);
  }
}
