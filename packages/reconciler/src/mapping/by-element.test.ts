/** Lists that are shared with people. */
import type { Observed } from '@fresh-scim/directory';
import { describe, expect, test } from 'vitest';
import { wantedList, withMarks } from './by-element.ts';
import { type Target, toTarget } from './target.ts';

const NAME = 'secondary_emails';
const targetWith = (work: string | undefined): Target =>
  toTarget(
    {
      userName: 'ines@larkspur.example',
      ...(work === undefined ? {} : { emails: [{ type: 'work', value: work }] }),
    },
    { email: 'userName', departments: 'replace' },
  );
const showing = (list: string[], ours: string[] = []): Observed => ({
  readAt: 0,
  values: { [NAME]: list },
  echoes: {},
  sentAddresses: [],
  ours,
});

describe('wantedList', () => {
  test.each([
    ['adds what is missing', ['own@x.example'], [], 'a@x.example', ['own@x.example', 'a@x.example']],
    ['keeps what is there in any case', ['A@x.example'], [], 'a@x.example', ['A@x.example']],
    ['keeps what people have put there', ['own@x.example'], [], undefined, ['own@x.example']],
    [
      'takes away what we have put there',
      ['own@x.example', 'a@x.example'],
      [`${NAME}:a@x.example`],
      undefined,
      ['own@x.example'],
    ],
    ['drops the primary address', ['INES@larkspur.example'], [], undefined, []],
  ])('%s', (_, shown, ours, work, expected) => {
    expect(wantedList(NAME, targetWith(work), showing(shown, ours))).toEqual(expected);
  });
});

describe('withMarks', () => {
  test('marks what was added and is shown, and forgets what is gone', () => {
    const before = showing(['own@x.example', 'old@x.example'], [`${NAME}:old@x.example`, 'job_title']);
    const after = { ...before, values: { [NAME]: ['own@x.example', 'a@x.example'] } };
    const sent = { [NAME]: ['own@x.example', 'A@x.example', 'lost@x.example'] };
    expect(withMarks(after, before, sent, targetWith('a@x.example')).ours).toEqual([
      'job_title',
      `${NAME}:a@x.example`,
    ]);
  });
});
