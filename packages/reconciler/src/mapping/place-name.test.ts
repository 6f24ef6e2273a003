import type { LocationId } from '@fresh-scim/freshservice';
import { expect, test } from 'vitest';
import { type Place, toPlaceFinder } from './place-name.ts';

const place = (id: number, name: string, parentId: number | null = null): Place => ({
  id: id as LocationId,
  name,
  parentId,
});

const PLACES = [
  place(1, 'Europe'),
  place(2, 'UK', 1),
  place(3, 'Leeds', 2),
  place(4, 'USA'),
  place(5, 'Leeds', 4),
  place(6, 'Zürich', 1),
  place(7, 'Lab 1/2', 6),
  place(8, 'UK/Bath'),
  place(9, 'Bath', 2),
  place(10, 'Berlin'),
  place(11, 'Berlin', 4),
  place(12, 'Attic', 99),
  place(13, 'Ouro', 14),
  place(14, 'Boros', 13),
  place(15, ''),
];
const find = toPlaceFinder(PLACES);

test.for([
  ['UK', 2],
  [' zu\u0308RICH ', 6],
  // a path, from anywhere above
  ['UK/Leeds', 3],
  ['usa / leeds', 5],
  ['Europe/UK/Leeds', 3],
  ['/Europe/UK/Leeds', 3],
  ['/Berlin', 10],
  ['USA/Berlin', 11],
  // a slash in a name
  ['Lab 1/2', 7],
  ['LAB 1 / 2', 7],
  ['Zürich/Lab 1/2', 7],
  ['UK/Bath', 8],
  ['Europe/UK/Bath', 9],
  // what hangs in the air
  ['Attic', 12],
  ['Boros/Ouro', 13],
  ['Ouro/Boros/Ouro', 13],
] as const)('%j is location %i', ([text, id]) => {
  expect(find(text)).toEqual({ id });
});

test.for([
  ['Leeds', 'ambiguous'],
  ['Berlin', 'ambiguous'],
  ['Paris', 'unknown'],
  ['UK/Berlin', 'unknown'],
  ['Europe/Leeds', 'unknown'],
  ['/UK/Leeds', 'unknown'],
  ['/Attic', 'unknown'],
  ['eds', 'unknown'],
  ['K/Leeds', 'unknown'],
  ['Leeds/', 'unknown'],
  ['', 'unknown'],
  [' ', 'unknown'],
] as const)('%j is %s', ([text, problem]) => {
  expect(find(text)).toEqual({ problem });
});
