import { describe, expect, test } from 'vitest';
import { subjectOf, toAlerts } from './alerts.ts';

const well = {
  connection: { name: 'acme' },
  status: { parkedLeavers: 0, held: 0 },
  isImportFailed: false,
};

describe('alerts', () => {
  test('there are none while all is well', () => {
    expect(toAlerts(well)).toEqual([]);
  });

  test('each says what is wrong and which command tells more', () => {
    const alerts = toAlerts({
      connection: { name: 'acme', stopped: { reason: 'unauthorized', at: 1 } },
      status: { parkedLeavers: 1, held: 70 },
      isImportFailed: true,
    });
    expect(alerts.map(({ cause, count }) => [cause, count])).toEqual([
      ['stopped', null],
      ['leavers', 1],
      ['held', 70],
      ['import-failed', null],
    ]);
    expect(alerts.map(({ text }) => text)).toEqual([
      'acme is stopped: Freshservice does not accept the API key.',
      'acme: 1 person who left may still have access.',
      'acme: the brake holds 70 people back.',
      'acme: the import of people failed.',
    ]);
    for (const { fix } of alerts) expect(fix).toMatch(/^fresh-scim .*acme$/);
  });

  test.each([
    [1, 1, true],
    [2, 3, true],
    [3, 4, false],
    [1, 2, false],
    [64, 127, true],
  ])('%i and then %i people: the same subject is %s', (before, after, isSame) => {
    const subject = (held: number): string[] =>
      toAlerts({ ...well, status: { parkedLeavers: 0, held } }).map(subjectOf);
    expect(subject(before)[0] === subject(after)[0]).toBe(isSame);
  });
});
