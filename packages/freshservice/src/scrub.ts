/**
 * Takes personal data out of Freshservice's error texts: every word that we sent, and whatever looks like an address or
 * a long number. The result is shown to people; no decision is made by it.
 */

const TEXT_MAX = 200;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const ADDRESS = /[^\s"'<>(),;:]+@[^\s"'<>(),;:]+/g;
const LONG_NUMBER = /\+?\d[\d\s().-]{3,}\d/g;

/** `text` without the words of `sent` (a request body or query), addresses and long numbers; at most 200 characters. Total. */
export function scrub(text: string, sent: unknown): string {
  const words = new Set<string>();
  collectWords(sent, words);
  return text
    .slice(0, TEXT_MAX)
    .replace(ADDRESS, '…')
    .replace(LONG_NUMBER, '…')
    .replace(WORD, (word) => (words.has(word.toLowerCase()) ? '…' : word));
}

function collectWords(value: unknown, words: Set<string>): void {
  if (typeof value === 'string' || typeof value === 'number') {
    for (const word of String(value).match(WORD) ?? []) words.add(word.toLowerCase());
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) collectWords(inner, words);
  }
}
