/** Bodies of a POST or PUT. */
import { describe, expect, test } from 'vitest';
import { toBody } from './body.ts';

const nothing = { leaveOut: new Set<string>(), clearedByText: new Set<string>() };

describe('toBody', () => {
  test('clears lists by an empty one, and texts by null or as the server wants it', () => {
    const clearedByText = new Set(['address']);
    const attributes = { department_ids: null, job_title: null, address: null };
    expect(toBody(attributes, {}, { ...nothing, clearedByText }, 'requester')).toEqual({
      department_ids: [],
      job_title: null,
      address: '',
    });
  });

  test('sends custom fields as they were shown, with the changes, but for those that are left out', () => {
    const shown = { 'custom_fields.a': 1, 'custom_fields.b': 2, 'custom_fields.c': 3, job_title: 'Clerk' };
    const leaveOut = new Set(['custom_fields.c']);
    expect(toBody({ 'custom_fields.a': null }, shown, { ...nothing, leaveOut }, 'requester')).toEqual({
      custom_fields: { a: null, b: 2 },
    });
    expect(toBody({ job_title: 'Lead' }, shown, nothing, 'requester')).toEqual({ job_title: 'Lead' });
  });

  test('names the address of an agent as agents have it', () => {
    expect(toBody({ primary_email: 'a@x.example' }, {}, nothing, 'agent')).toEqual({ email: 'a@x.example' });
  });
});
