import { describe, expect, test } from 'vitest';
import { clip, toList, toTable } from './table.ts';

describe('toTable', () => {
  test('aligns columns, numbers to the right', () => {
    expect(
      toTable(
        ['NAME', 'N'],
        [
          ['acme', 5],
          ['a', 120],
        ],
      ),
    ).toBe(['NAME    N', 'acme    5', 'a     120'].join('\n'));
  });

  test('gives letters of two columns their room, and marks none', () => {
    const [, wide, marked] = toTable(
      ['NAME', 'X'],
      [
        ['김', 'x'],
        ['e\u0301', 'x'],
      ],
    ).split('\n');
    expect(wide).toBe('김    x');
    expect(marked).toBe('e\u0301     x');
  });

  test('takes out what a terminal would obey', () => {
    expect(toTable(['NAME'], [['a\u001b[2Jb\nc']])).toBe('NAME\na [2Jb c');
  });
});

test('toList puts values under one another', () => {
  expect(
    toList([
      ['A', 1],
      ['Long', 'x'],
    ]),
  ).toBe('A     1\nLong  x');
});

test('clip marks what it cuts', () => {
  expect(clip('Ines', 4)).toBe('Ines');
  expect(clip('Ines Barros', 5)).toBe('Ines…');
});
