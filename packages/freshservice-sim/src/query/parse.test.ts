import { expect, test } from 'vitest';
import { parseQuery, QuerySyntaxError } from './parse.ts';

const condition = (field: string, text: string): object => ({
  kind: 'condition',
  field,
  operator: '=',
  value: { kind: 'string', text },
});

test('a condition, with spaces where the grammar allows them', () => {
  expect(parseQuery(`"first_name : 'Mira'"`)).toEqual(condition('first_name', 'Mira'));
});

test('AND binds more tightly than OR; parentheses change that', () => {
  expect(parseQuery(`"a:'1' OR b:'2' AND c:'3'"`)).toEqual({
    kind: 'or',
    parts: [condition('a', '1'), { kind: 'and', parts: [condition('b', '2'), condition('c', '3')] }],
  });
  expect(parseQuery(`"(a:'1' OR b:'2') AND c:'3'"`)).toEqual({
    kind: 'and',
    parts: [{ kind: 'or', parts: [condition('a', '1'), condition('b', '2')] }, condition('c', '3')],
  });
});

test('operators, bare numbers and null', () => {
  expect(parseQuery('"department_id:>5"')).toMatchObject({
    operator: '>',
    value: { kind: 'bare', text: '5' },
  });
  expect(parseQuery(`"created_at:<'2026-01-01'"`)).toMatchObject({ operator: '<' });
  expect(parseQuery('"job_title:null"')).toMatchObject({ value: { kind: 'null' } });
});

test('starts-with over several fields', () => {
  expect(parseQuery(`"~[first_name|last_name]:'som'"`)).toEqual({
    kind: 'startsWith',
    fields: ['first_name', 'last_name'],
    text: 'som',
  });
});

test('a backslash escapes a quote', () => {
  expect(parseQuery(String.raw`"last_name:'O\'Neil'"`)).toEqual(condition('last_name', "O'Neil"));
});

test.for([
  `first_name:'x'`,
  `"first_name:'x"`,
  `"first_name"`,
  `"first_name:'x' AND"`,
  `"(first_name:'x'"`,
  `"first_name:'x') "`,
  `"last_name:'O'Neil'"`,
  `""`,
  `"${'a'.repeat(513)}"`,
  `"${'('.repeat(200)}"`,
])('refuses %s', (text) => {
  expect(() => parseQuery(text)).toThrow(QuerySyntaxError);
});
