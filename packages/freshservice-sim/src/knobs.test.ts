import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseKnobs } from './knobs.ts';

test('the README has every knob, and no other', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const table = readme.slice(readme.indexOf('## Knobs'));
  const cells = [...table.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell);
  const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
  expect(named.toSorted()).toEqual(Object.keys(parseKnobs({})).toSorted());
});
