// Whether a text holds another, in time linear in both: the engine's own search takes milliseconds for texts such as
// "aaaa...b...aaaa", which somebody could send to hold up everybody else. Knuth, Morris and Pratt's search does not.

/** Below this length the engine's search is as good as linear, and faster. */
const SHORT = 16;

/** True when `text` holds `part`. */
export function contains(text: string, part: string): boolean {
  if (part.length <= SHORT || part.length > text.length) {
    return text.includes(part);
  }
  const borders = bordersOf(part);
  let matched = 0;
  for (let index = 0; index < text.length; index += 1) {
    matched = extended(part, borders, matched, text.charCodeAt(index));
    if (matched === part.length) {
      return true;
    }
  }
  return false;
}

/** For each prefix of the part, the length of its longest border: what it both begins and ends with. */
function bordersOf(part: string): Uint16Array {
  const borders = new Uint16Array(part.length);
  let matched = 0;
  for (let index = 1; index < part.length; index += 1) {
    matched = extended(part, borders, matched, part.charCodeAt(index));
    borders[index] = matched;
  }
  return borders;
}

/** How much of the part is matched once the next unit is read. */
function extended(part: string, borders: Uint16Array, before: number, unit: number): number {
  let matched = before;
  while (matched > 0 && part.charCodeAt(matched) !== unit) {
    matched = borders[matched - 1] ?? 0;
  }
  return part.charCodeAt(matched) === unit ? matched + 1 : matched;
}
