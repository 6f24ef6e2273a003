/** Text and addresses as Freshservice takes them. Pure. */

/** Longest value of a one-line attribute. Not documented; other clients size their columns so (assumed). */
export const TEXT_LENGTH_MAX = 255;

/** Trimmed, NFC, at most 255 UTF-16 units without cutting a character in two. `undefined` for an empty one. */
export function toText(value: unknown): { readonly text: string; readonly cut: boolean } | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.normalize('NFC').trim();
  if (text === '') return undefined;
  if (text.length <= TEXT_LENGTH_MAX) return { text, cut: false };
  const endsInHalf = /[\ud800-\udbff]$/.test(text.slice(0, TEXT_LENGTH_MAX));
  return { text: text.slice(0, endsInHalf ? TEXT_LENGTH_MAX - 1 : TEXT_LENGTH_MAX).trimEnd(), cut: true };
}

/**
 * Whether Freshservice could take this as an address: one `@` with something on both sides, no blanks. Deliberately
 * no more than that, since the server has the last word.
 */
export function isAddress(value: string): boolean {
  const at = value.indexOf('@');
  if (at !== value.lastIndexOf('@')) return false;
  return (
    at > 0 &&
    at < value.length - 1 &&
    value.length <= TEXT_LENGTH_MAX &&
    !/\s/.test(value) &&
    !value.includes('\0')
  );
}

/** For comparing only: addresses are sent as they came. */
export const sameAddress = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase();
