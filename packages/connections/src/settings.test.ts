import { describe, expect, test } from 'vitest';
import { ConnectionError, SettingsError } from './errors.ts';
import { SETTINGS, allowedValues, parseSettings, readSettings } from './settings.ts';

function refusalOf(changes: Record<string, string>): SettingsError {
  try {
    parseSettings(changes);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('the table of settings', () => {
  test('has the documented keys and defaults', () => {
    expect(parseSettings({})).toEqual({
      email: 'userName',
      adopt: 'email',
      deprovision: 'deactivate',
      'departments.create': true,
      departments: 'replace',
      'custom.defaults': '',
      'budget.share': 0.8,
      'brake.count': 50,
      'brake.share': 0.05,
      'brake.windowMinutes': 60,
      brake: 'on',
      'agents.convert': true,
      'agents.role': 'SD Agent',
      'agents.occasional': true,
      groups: 'requester',
      drift: 'report',
      snapshotMaxAgeHours: 24,
      readBeforeWrite: 'auto',
      mode: 'apply',
      'retention.deletedDays': 30,
    });
  });

  test.each(SETTINGS.map((setting) => [setting.key, setting] as const))(
    '%s is documented, and its default is a value that it allows',
    (key, setting) => {
      expect(setting.doc).toMatch(/^[A-Z].*\.$/);
      expect(parseSettings({ [key]: String(setting.default) })).toEqual(parseSettings({}));
      expect(allowedValues(setting)).not.toBe('');
    },
  );
});

describe('parseSettings', () => {
  test('takes choices and flags without case, and numbers at both ends of their range', () => {
    expect(
      parseSettings({
        email: 'USERNAME',
        'agents.convert': ' False ',
        'budget.share': '1',
        'brake.count': '0',
        'retention.deletedDays': '3650',
        'agents.role': ' Field Technician ',
      }),
    ).toMatchObject({
      email: 'userName',
      'agents.convert': false,
      'budget.share': 1,
      'brake.count': 0,
      'retention.deletedDays': 3650,
      'agents.role': 'Field Technician',
    });
  });

  test.each([
    ['email', 'mail', 'userName or work'],
    ['adopt', '', 'email, report or never'],
    ['agents.convert', 'yes', 'true or false'],
    ['budget.share', '1.01', 'a number from 0.05 to 1'],
    ['budget.share', '80%', 'a number from 0.05 to 1'],
    ['budget.share', '0x1', 'a number from 0.05 to 1'],
    ['budget.share', 'NaN', 'a number from 0.05 to 1'],
    ['brake.count', '1.5', 'a whole number of people from 0 to 1000000'],
    ['brake.count', '-1', 'a whole number of people from 0 to 1000000'],
    ['brake.windowMinutes', '1e3', 'a whole number of minutes from 1 to 1440'],
    ['agents.role', '   ', 'a text of 1 to 255 characters'],
    ['agents.role', 'a\nb', 'a text of 1 to 255 characters'],
  ])('refuses %s=%j and says what is allowed', (key, value, allowed) => {
    const refusal = refusalOf({ [key]: value });
    expect(refusal).toMatchObject({ code: 'invalid-setting', key });
    expect(refusal.message).toContain(`allowed: ${allowed}.`);
    expect(refusal).toBeInstanceOf(ConnectionError);
  });

  test.each([
    ['site', '"site" is no field=value'],
    ['site=HQ, cost_centre', undefined],
    ['site=HQ; cost_centre', '"cost_centre" is no field=value'],
    ['=HQ', '"=HQ" is no field=value'],
    ['site=HQ; cost_centre= ', '"cost_centre=" is no field=value'],
    ['site=HQ; site = Leeds', 'it has "site" twice'],
    [' site = HQ ; cost_centre=a=b;', undefined],
    ['', undefined],
  ])('custom.defaults=%j: %s', (value, problem) => {
    const changes = { 'custom.defaults': value };
    if (problem === undefined) {
      expect(parseSettings(changes)).toMatchObject({ 'custom.defaults': value.trim() });
      return;
    }
    const refusal = refusalOf(changes);
    expect(refusal).toMatchObject({ code: 'invalid-setting', key: 'custom.defaults' });
    expect(refusal.message).toContain(`: ${problem}; allowed: field=value; field=value, of at most 1000`);
    expect(refusal.fix).toContain('its default, nothing.');
    // Stored by an earlier version: the connection goes on.
    expect(readSettings(changes)).toMatchObject({ 'custom.defaults': value.trim() });
  });

  test('refuses an unknown setting before anything else, naming those that exist', () => {
    const refusal = refusalOf({ email: 'nonsense', 'budget.shares': '1' });
    expect(refusal).toMatchObject({ code: 'unknown-setting', key: 'budget.shares' });
    expect(refusal.fix).toContain('budget.share,');
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is no setting', (key) => {
    expect(refusalOf(JSON.parse(`{${JSON.stringify(key)}:"1"}`)).code).toBe('unknown-setting');
  });

  test('does not repeat a long value', () => {
    expect(refusalOf({ email: 'x'.repeat(10_000) }).message.length).toBeLessThan(200);
  });
});

test('a stored setting of a newer version is passed over', () => {
  expect(readSettings({ 'from.the.future': '1', drift: 'off' })).toEqual(parseSettings({ drift: 'off' }));
});
