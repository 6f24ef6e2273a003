// Bodies of a megabyte made to take long. Nothing is timed: what is bounded ends in a second or so, what is not would run
// into the time limit of the test many times over.

import { describe, expect, test } from 'vitest';
import { ScimError } from './errors.ts';
import { parseResource } from './parse-resource.ts';
import { applyPatch } from './patch/apply.ts';
import { parsePatch } from './patch/parse.ts';
import { CORE_GROUP, CORE_USER, FRESHSERVICE_USER, PATCH_MESSAGE } from './urns.ts';

const range = (length: number) => Array.from({ length }, (_, n) => n);
const object = (length: number, key: (n: number) => string) =>
  Object.fromEntries(range(length).map((n) => [key(n), 'x']));

function outcomeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ScimError) {
      return String(error.scimType);
    }
    throw error;
  }
  return 'taken';
}

const custom = object(70_000, (n) => `a${n.toString(36)}`);
const paths = object(14_000, (n) => `${FRESHSERVICE_USER}:a${n.toString(36)}`);

describe('a resource with', () => {
  test.each([
    ['tens of thousands of custom fields', 'invalidSyntax', { [FRESHSERVICE_USER]: custom }],
    ['as many named by their path', 'invalidSyntax', paths],
    ['unknown names', 'invalidSyntax', custom],
    ['unknown parts', 'invalidSyntax', { name: custom }],
    ['elements', 'invalidValue', { emails: range(50_000).map((n) => ({ value: `a${n}` })) }],
    ['roles', 'invalidValue', { roles: range(50_000).map((n) => ({ value: `a${n}` })) }],
    ['unknown parts of an element', 'invalidSyntax', { emails: [{ value: 'a@x', ...custom }] }],
  ])('%s', (_what, outcome, more) => {
    const body = { schemas: [CORE_USER], userName: 'ines', ...more };
    expect(outcomeOf(() => parseResource('User', body))).toBe(outcome);
  });

  test('members, of which there may be many', () => {
    const members = range(100_000).map((n) => ({ value: `U${n}` }));
    const body = { schemas: [CORE_GROUP], displayName: 'All', members };
    expect(outcomeOf(() => parseResource('Group', body))).toBe('taken');
    expect(outcomeOf(() => parseResource('Group', { ...body, members: [...members, 'more'] }))).toBe(
      'invalidValue',
    );
  });
});

describe('a PATCH with', () => {
  const add = (value: unknown, path?: string) => ({ op: 'add', value, ...(path ? { path } : {}) });
  const emails = add(
    range(200).map((n) => ({ value: `v${n}`, display: 'x'.repeat(300) })),
    'emails',
  );

  const addresses = add(
    range(200).map((n) => ({ locality: `L${n}`, streetAddress: 'x'.repeat(1000) })),
    'addresses',
  );

  test.each([
    ['custom fields without a path', 'invalidSyntax', [add({ [FRESHSERVICE_USER]: custom })]],
    ['custom fields at the extension', 'invalidSyntax', [add(custom, FRESHSERVICE_USER)]],
    ['custom fields named by their path', 'invalidSyntax', [add(paths)]],
    ['unknown names', 'invalidSyntax', [add(custom)]],
    [
      'operations that become several',
      'invalidValue',
      range(1000).map(() => add(object(30, (n) => `emails[type eq "t${n}"].value`))),
    ],
    [
      'operations that look at every element',
      'taken',
      [
        emails,
        ...range(100).map((n) => ({
          op: 'replace',
          path: `emails[value co "${'v'.repeat(800)}" or value pr].display`,
          value: `d${n}`,
        })),
      ],
    ],
    [
      'more of them than a hundred full lists',
      'invalidValue',
      [
        emails,
        ...range(101).map((n) => ({ op: 'replace', path: 'emails[value pr].display', value: `d${n}` })),
      ],
    ],
    [
      'elements without a value, which are compared as a whole',
      'invalidValue',
      [
        addresses,
        ...range(999).map((n) => ({ op: 'remove', path: 'addresses', value: [{ locality: `${n}` }] })),
      ],
    ],
    [
      'operations that add what is there',
      'taken',
      range(125).map((n) =>
        add(
          range(20).map((m) => ({ value: `v${m}`, type: `t${n % 8}` })),
          'emails',
        ),
      ),
    ],
  ])('%s', (_what, outcome, operations) => {
    const body = { schemas: [PATCH_MESSAGE], Operations: operations };
    const source = { userName: 'ines', active: true };
    expect(outcomeOf(() => applyPatch('User', source, parsePatch('User', body)))).toBe(outcome);
  });
});
