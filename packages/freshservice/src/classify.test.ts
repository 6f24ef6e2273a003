import { describe, expect, it } from 'vitest';
import { classifyAnswer, classifySilence } from './classify.ts';
import type { Refusal } from './error-body.ts';

const none: Refusal = { code: undefined, fields: [] };
const code = (code: string): Refusal => ({ code, fields: [] });
const field = (field: string, code: string): Refusal => ({
  code: code === '' ? undefined : code,
  fields: [{ field, code, message: '' }],
});

/** status, codes in the body, verdict for a write to one record */
const WRITES: readonly [number, Refusal, string, string][] = [
  [200, none, 'malformed', 'unknown'],
  [201, none, 'malformed', 'unknown'],
  [301, none, 'malformed', 'unknown'],
  [302, none, 'malformed', 'unknown'],
  [400, none, 'invalid', 'none'],
  [400, code('invalid_json'), 'invalid', 'none'],
  [400, code('contact_already_active'), 'invalid', 'none'],
  [400, code('a_code_of_tomorrow'), 'invalid', 'none'],
  [400, field('first_name', 'missing_field'), 'invalid', 'none'],
  [400, field('primary_email', 'duplicate_value'), 'conflict', 'none'],
  [400, code('duplicate_value'), 'conflict', 'none'],
  [400, field('primary_email', ''), 'conflict', 'none'],
  [400, field('email', ''), 'conflict', 'none'],
  [400, field('primary_email', 'invalid_value'), 'invalid', 'none'],
  [400, field('first_name', ''), 'invalid', 'none'],
  [401, none, 'unauthorized', 'none'],
  [401, code('invalid_credentials'), 'unauthorized', 'none'],
  [403, none, 'forbidden', 'none'],
  [403, code('access_denied'), 'forbidden', 'none'],
  [403, code('require_feature'), 'forbidden', 'none'],
  [403, code('invalid_credentials'), 'unauthorized', 'none'],
  [403, code('password_lockout'), 'unauthorized', 'none'],
  [403, code('account_suspended'), 'unauthorized', 'none'],
  [404, none, 'notFound', 'none'],
  [405, none, 'invalid', 'none'],
  [406, none, 'invalid', 'none'],
  [408, none, 'unavailable', 'unknown'],
  [409, none, 'conflict', 'none'],
  [409, field('primary_email', 'duplicate_value'), 'conflict', 'none'],
  [409, code('inconsistent_state'), 'conflict', 'none'],
  [415, none, 'invalid', 'none'],
  [422, none, 'invalid', 'none'],
  [429, none, 'throttled', 'none'],
  [429, code('duplicate_value'), 'throttled', 'none'],
  [500, none, 'unavailable', 'unknown'],
  [502, none, 'unavailable', 'unknown'],
  [503, none, 'unavailable', 'unknown'],
  [504, none, 'unavailable', 'unknown'],
  [599, none, 'unavailable', 'unknown'],
];

describe('classifyAnswer', () => {
  it.each(WRITES)('a write answered %i %j is %s, effect %s', (status, refusal, kind, effect) => {
    expect(classifyAnswer({ status, refusal, isWrite: true, namesOneRecord: true })).toEqual({
      kind,
      effect,
    });
  });

  it.each(WRITES)('a read answered %i %j never has an effect', (status, refusal) => {
    expect(classifyAnswer({ status, refusal, isWrite: false, namesOneRecord: true }).effect).toBe('none');
  });

  it('never takes the 404 of a collection for the absence of a person', () => {
    for (const isWrite of [true, false]) {
      expect(classifyAnswer({ status: 404, refusal: none, isWrite, namesOneRecord: false })).toEqual({
        kind: 'unavailable',
        effect: 'none',
      });
    }
  });

  it('asks for a look-up of an address that was refused without a code only on writes', () => {
    const facts = { status: 400, refusal: field('email', ''), namesOneRecord: false };
    expect(classifyAnswer({ ...facts, isWrite: false }).kind).toBe('invalid');
  });
});

describe('classifySilence', () => {
  it.each([
    [{ written: false, gaveUp: false, isWrite: true }, 'unavailable', 'none'],
    [{ written: false, gaveUp: true, isWrite: true }, 'deadline', 'none'],
    [{ written: true, gaveUp: false, isWrite: true }, 'unavailable', 'unknown'],
    [{ written: true, gaveUp: true, isWrite: true }, 'deadline', 'unknown'],
    [{ written: true, gaveUp: false, isWrite: false }, 'unavailable', 'none'],
    [{ written: true, gaveUp: true, isWrite: false }, 'deadline', 'none'],
  ] as const)('%j is %s, effect %s', (facts, kind, effect) => {
    expect(classifySilence(facts)).toEqual({ kind, effect });
  });
});
