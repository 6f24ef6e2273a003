/** Combinations in which any two choices of two options come together at least once; far fewer than all of them. */

type Options = Readonly<Record<string, readonly unknown[]>>;
type Choice = Readonly<Record<string, unknown>>;

/** @param options what can be chosen, by name; each with at least one choice */
export function pairwise(options: Options): Choice[] {
  const names = Object.keys(options);
  const missing = new Set<string>();
  for (const [index, first] of names.entries()) {
    for (const second of names.slice(index + 1)) {
      for (const a of choicesOf(options, first)) {
        for (const b of choicesOf(options, second)) missing.add(pairOf(first, a, second, b));
      }
    }
  }
  const rows: Choice[] = [];
  while (missing.size > 0) {
    const row = nextRow(options, names, missing);
    for (const pair of pairsIn(row, names)) missing.delete(pair);
    rows.push(row);
  }
  return rows;
}

/** Begins with a pair that no row has, and takes for each further option the choice that brings the most new pairs. */
function nextRow(options: Options, names: readonly string[], missing: ReadonlySet<string>): Choice {
  const [first = '[]'] = missing;
  const [[nameA, a], [nameB, b]] = JSON.parse(first);
  const row: Record<string, unknown> = { [nameA]: a, [nameB]: b };
  for (const name of names) {
    if (name in row) continue;
    const gains = choicesOf(options, name).map((choice) => {
      const pairs = pairsIn({ ...row, [name]: choice }, names);
      return { choice, gain: pairs.filter((pair) => missing.has(pair)).length };
    });
    row[name] = gains.toSorted((one, other) => other.gain - one.gain)[0]?.choice;
  }
  return row;
}

function pairsIn(row: Choice, names: readonly string[]): string[] {
  const chosen = names.filter((name) => name in row);
  return chosen.flatMap((first, index) =>
    chosen.slice(index + 1).map((second) => pairOf(first, row[first], second, row[second])),
  );
}

const choicesOf = (options: Options, name: string): readonly unknown[] => options[name] ?? [];

const pairOf = (first: string, a: unknown, second: string, b: unknown): string =>
  JSON.stringify([
    [first, a],
    [second, b],
  ]);
