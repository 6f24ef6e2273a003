/** Every record of the directory comes back as it was stored, and a spoilt one is refused. */
import { expect, test } from 'vitest';
import {
  parseIntent,
  parseNotes,
  parseObserved,
  parseTimelineLine,
  parseTombstone,
  toEvent,
} from './records.ts';

test('the empty text stands for none', () => {
  expect([
    parseObserved(''),
    parseIntent(''),
    parseTombstone(''),
    parseNotes(''),
    toEvent(undefined),
  ]).toEqual([undefined, undefined, undefined, [], '']);
});

test('a snapshot keeps its echoes, null among them', () => {
  const observed = {
    remoteId: 7,
    kind: 'agent' as const,
    active: false,
    readAt: 1,
    values: { job_title: 'Clerk' },
    echoes: { job_title: { sent: null, got: 'Clerk' } },
    sentAddresses: ['ines@larkspur.example'],
    ours: ['job_title'],
  };
  expect(parseObserved(JSON.stringify(observed))).toEqual(observed);
});

test('a line of the timeline is its time and its event, with blanks in it', () => {
  const event = { what: 'parked', detail: 'address-in-use: account 7', attributes: ['title'] };
  expect(parseTimelineLine(`1764000000000 ${toEvent(event)}`)).toEqual({ at: 1_764_000_000_000, ...event });
});

test('a record of another shape is refused', () => {
  expect(() => parseObserved('{"remoteId":"7"}')).toThrow();
  expect(() => parseIntent('{"step":"forget"}')).toThrow();
  expect(() => parseTombstone('{}')).toThrow();
});
