/** docs/scim-conformance.md names each requirement once, and each is proven by a test that carries its number. */
import { expect, test } from 'vitest';
import { codesOf, rowsOf, sectionOf } from './support/markdown.ts';
import { loadSources, readText } from './support/sources.ts';

const ALL = Array.from({ length: 112 }, (_, index) => `R${index + 1}`);

const rows = rowsOf(sectionOf(readText('docs/scim-conformance.md'), 'Requirements')).map(
  ([number = '', , , remarks = '']) => ({
    number,
    file: codesOf(remarks).find((code) => code.endsWith('.test.ts')) ?? 'scim-conformance-',
  }),
);

/** The numbers in the names of the tests of a file. */
const proven = loadSources('test/integration/scim-*.test.ts').map(({ path, text }) => ({
  path,
  numbers: new Set(
    [...text.matchAll(/(?:\bit\(\s*|\)\(\s*|^\s*\[?)['"`]((?:R\d+ )+)/gm)].flatMap(([, numbers = '']) =>
      numbers.trim().split(' '),
    ),
  ),
}));

test('has a row for each requirement, in order', () => {
  expect(rows.map(({ number }) => number)).toEqual(ALL);
});

test('has a test for each row, where the row says', () => {
  const unproven = rows.filter(
    ({ number, file }) => !proven.some(({ path, numbers }) => path.includes(file) && numbers.has(number)),
  );
  expect(unproven).toEqual([]);
});

test('has a row for each number that a test carries', () => {
  const carried = proven.flatMap(({ numbers }) => [...numbers]);
  expect(carried.filter((number) => !ALL.includes(number))).toEqual([]);
});

test('tells every limit of a request', () => {
  const limits = readText('packages/scim/src/limits.ts');
  const given = [...limits.matchAll(/_MAX = ([^;]+?)(?: as const)?;/g)].flatMap(([, value = '']) =>
    [...value.matchAll(/\d[\d_]*(?: \* 1024)*/g)].map(([text]) => text),
  );
  expect(given.length).toBeGreaterThan(10);
  const told = sectionOf(readText('docs/scim-conformance.md'), 'Limits');
  for (const text of given) {
    const [number = '', ...factors] = text.replaceAll('_', '').split(' * ');
    const unit = ['', ' KiB', ' MiB'][factors.length] ?? '';
    expect(told).toContain(` ${Number(number).toLocaleString('en')}${unit}`);
  }
});
