/** Each attribute by its own comparison. */
import { describe, expect, test } from 'vitest';
import { inStep } from './compare.ts';

describe('inStep', () => {
  test.each([
    ['job_title', 'Clerk', 'Clerk', true],
    ['job_title', 'Clerk', 'clerk', false],
    ['job_title', 'Clerk', ' Clerk ', true],
    ['job_title', 'Jose\u0301', 'Jos\u00e9', true],
    ['job_title', undefined, null, true],
    ['job_title', '', null, true],
    ['job_title', 'Clerk', null, false],
    ['job_title', null, 'Clerk', false],
    ['primary_email', 'Ines@Larkspur.example', 'ines@larkspur.example', true],
    ['primary_email', 'ines@larkspur.example', 'ines@larkspur.example.org', false],
    ['work_phone_number', '+351 (21) 555-0199', '351215550199', true],
    ['work_phone_number', '+351 21 555 0199', '+351 21 555 0198', false],
    ['mobile_phone_number', '+351 91 555 0142', '+351915550142', true],
    ['mobile_phone_number', 'ask the desk', 'ask the desk ', true],
    ['mobile_phone_number', 'ask the desk', 'ask the door', false],
    ['external_id', 'AbC', 'abc', false],
    ['department_ids', [1, 2], [2, 1], true],
    ['department_ids', [1], [1, 2], false],
    ['department_ids', null, [], true],
    ['secondary_emails', ['A@x.example'], ['a@x.example'], true],
    ['custom_fields.floor', 7, '7', true],
    ['custom_fields.floor', 0, null, false],
    ['custom_fields.badge', 'b-1', ['b-1'], false],
    ['external_id', 'a', 'a ', false],
    ['can_see_all_tickets_from_associated_departments', true, true, true],
    ['can_see_all_tickets_from_associated_departments', true, 'true', false],
  ])('%s: %j and %j: %s', (attribute, wanted, shown, expected) => {
    expect(inStep(attribute, wanted, shown)).toBe(expected);
  });
});
