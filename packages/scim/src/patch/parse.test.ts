import { describe, expect, test } from 'vitest';
import { ScimError } from '../errors.ts';
import { ERROR_MESSAGE, PATCH_MESSAGE } from '../urns.ts';
import { applyPatch } from './apply.ts';
import { parsePatch } from './parse.ts';

const source = { userName: 'ines', active: true };

test('the envelope may be in any case', () => {
  const body = {
    Schemas: [PATCH_MESSAGE.toLowerCase()],
    operations: [{ OP: 'REPLACE', Path: 'title', Value: 'Lead' }],
  };
  expect(applyPatch('User', source, parsePatch('User', body))).toEqual({ ...source, title: 'Lead' });
});

describe('what is refused', () => {
  const operation = { op: 'replace', path: 'title', value: 'x' };

  test.each([
    ['no object', 'invalidSyntax', 'x'],
    ['no schemas', 'invalidSyntax', { Operations: [operation] }],
    ['other schemas', 'invalidSyntax', { schemas: [ERROR_MESSAGE], Operations: [operation] }],
    ['no operations', 'invalidSyntax', { schemas: [PATCH_MESSAGE] }],
    ['one operation without a list', 'invalidSyntax', { schemas: [PATCH_MESSAGE], Operations: operation }],
    ['an operation that is none', 'invalidSyntax', { schemas: [PATCH_MESSAGE], Operations: ['x'] }],
    [
      'an operation without op',
      'invalidSyntax',
      { schemas: [PATCH_MESSAGE], Operations: [{ path: 'title' }] },
    ],
    [
      'too many',
      'invalidValue',
      { schemas: [PATCH_MESSAGE], Operations: Array.from({ length: 1001 }, () => operation) },
    ],
    [
      'a list that grows too long',
      'invalidValue',
      {
        schemas: [PATCH_MESSAGE],
        Operations: Array.from({ length: 201 }, (_, n) => ({
          op: 'add',
          path: 'emails',
          value: [{ value: `${n}` }],
        })),
      },
    ],
  ])('%s', (_what, scimType, body) => {
    expect(() => applyPatch('User', source, parsePatch('User', body))).toThrow(
      expect.objectContaining({ status: 400, scimType }),
    );
  });

  test('the detail says where, and repeats no value', () => {
    const body = {
      schemas: [PATCH_MESSAGE],
      Operations: [
        operation,
        { op: 'add', path: 'emails[value eq "ines@home.example"].shoe', value: 'secret' },
      ],
    };
    let detail = '';
    try {
      parsePatch('User', body);
    } catch (error) {
      detail = error instanceof ScimError ? error.detail : '';
    }
    expect(detail).toBe('Operation 2: The path names "shoe" of emails, which does not exist.');
  });
});

test('an error body is in SCIM form', () => {
  expect(new ScimError(409, 'uniqueness', 'Taken.').toBody()).toEqual({
    schemas: [ERROR_MESSAGE],
    status: '409',
    scimType: 'uniqueness',
    detail: 'Taken.',
  });
  expect(new ScimError(404, undefined, 'No such User.').toBody()).not.toHaveProperty('scimType');
});
