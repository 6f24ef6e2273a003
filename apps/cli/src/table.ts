// Aligned columns for a terminal. Pure.

/** Rows under a heading, as wide as their widest cell; numbers to the right. Control characters are taken out. */
export function toTable(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [heading, ...rows].map((row) => row.map((cell) => clean(String(cell))));
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  const isNumber = heading.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)));
          return isNumber[column] ? gap + cell : cell + gap;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Lines of `label  value`, the values under one another. */
export function toList(entries: readonly (readonly [label: string, value: string | number])[]): string {
  const width = Math.max(...entries.map(([label]) => label.length));
  return entries.map(([label, value]) => `${label.padEnd(width)}  ${clean(String(value))}`).join('\n');
}

/** At most `characters` of a text, with a mark where something was cut. */
export function clip(text: string, characters: number): string {
  const letters = Array.from(text);
  return letters.length <= characters ? text : `${letters.slice(0, characters - 1).join('')}…`;
}

/** What came from outside may hold codes that a terminal obeys. */
function clean(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}

/** Columns on a terminal: marks take none, East Asian letters take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) {
    if (/\p{Mn}/u.test(letter)) continue;
    width += /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(letter) ? 2 : 1;
  }
  return width;
}
