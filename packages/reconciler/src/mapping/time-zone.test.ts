import { describe, expect, test } from 'vitest';
import { toTimeZone } from './time-zone.ts';
import { EQUAL_ZONES } from './time-zones-equal.ts';
import { RAILS_ZONES } from './time-zones-table.ts';
import { WINDOWS_ZONES } from './time-zones-windows.ts';

const NAMES = Object.values(RAILS_ZONES).flat();
const ZONES_OF = Object.entries(EQUAL_ZONES).map(([name, ids]) => [name, ids.trim().split(/\s+/)] as const);

describe('toTimeZone', () => {
  test.for([
    // Freshservice's own names
    ['London', 'London'],
    ['edinburgh', 'Edinburgh'],
    ['EASTERN TIME (US & CANADA)', 'Eastern Time (US & Canada)'],
    ['  Pacific  Time (US & Canada)\n', 'Pacific Time (US & Canada)'],
    ["nuku'alofa", "Nuku'alofa"],
    ['Kiev', 'Kyiv'],
    ['(GMT+01:00) Berlin', 'Berlin'],
    ['(UTC-05:00) Eastern Time (US & Canada)', 'Eastern Time (US & Canada)'],
    // IANA ids of zones that Rails has; the first name is sent
    ['Europe/London', 'London'],
    ['europe/zurich', 'Zurich'],
    ['America/New York', 'Eastern Time (US & Canada)'],
    ['Asia/Kolkata', 'New Delhi'],
    ['Pacific/Midway', 'Midway Island'],
    ['Etc/UTC', 'UTC'],
    // renamed and linked ids
    ['Europe/Kyiv', 'Kyiv'],
    ['Europe/Kiev', 'Kyiv'],
    ['America/Nuuk', 'Greenland'],
    ['America/Godthab', 'Greenland'],
    ['Asia/Yangon', 'Rangoon'],
    ['Asia/Calcutta', 'New Delhi'],
    ['Asia/Katmandu', 'Kathmandu'],
    ['Asia/Saigon', 'Hanoi'],
    ['Asia/Ho_Chi_Minh', 'Hanoi'],
    ['US/Eastern', 'Eastern Time (US & Canada)'],
    ['GB', 'London'],
    ['Z', undefined],
    ['Zulu', 'UTC'],
    ['GMT', 'UTC'],
    // zones that Rails lacks
    ['Europe/Oslo', 'Berlin'],
    ['Europe/Luxembourg', 'Brussels'],
    ['America/Toronto', 'Eastern Time (US & Canada)'],
    ['America/Vancouver', 'Pacific Time (US & Canada)'],
    ['America/Edmonton', 'Mountain Time (US & Canada)'],
    ['Africa/Lagos', 'West Central Africa'],
    ['Asia/Manila', 'Singapore'],
    ['Asia/Dubai', 'Abu Dhabi'],
    ['Atlantic/Reykjavik', 'Monrovia'],
    // names that Windows has
    ['W. Europe Standard Time', 'Berlin'],
    ['gmt standard time', 'London'],
    ['Eastern Standard Time', 'Eastern Time (US & Canada)'],
    ['India Standard Time', 'New Delhi'],
    ['Central Asia Standard Time', 'Dhaka'],
    ['Mountain Standard Time (Mexico)', 'Mazatlan'],
    ['UTC', 'UTC'],
    // nothing that Freshservice could show rightly
    ['Australia/Lord_Howe', undefined],
    ['Line Islands Standard Time', undefined],
    ['EST', undefined],
    ['Mars/Olympus_Mons', undefined],
    ['upd-1f2e3d4c', undefined],
    ['constructor', undefined],
    ['', undefined],
    ['(GMT+01:00)', undefined],
  ] as const)('%j is %j', ([value, name]) => {
    expect(toTimeZone(value)).toBe(name);
  });

  test('every name and id of the tables comes out as the tables have it', () => {
    for (const name of NAMES) expect(toTimeZone(name)).toBe(name);
    for (const [zone, [first]] of Object.entries(RAILS_ZONES)) expect(toTimeZone(zone)).toBe(first);
    for (const [name, ids] of ZONES_OF) for (const id of ids) expect(toTimeZone(id)).toBe(name);
    for (const [windows, name] of Object.entries(WINDOWS_ZONES)) expect(toTimeZone(windows)).toBe(name);
  });
});

describe('the tables', () => {
  test('hold the 151 names of Rails, and lead to no other', () => {
    expect(new Set(NAMES).size).toBe(151);
    expect(NAMES).toHaveLength(151);
    for (const name of [...Object.keys(EQUAL_ZONES), ...Object.values(WINDOWS_ZONES)])
      expect(NAMES).toContain(name);
  });

  test('have the rules of each zone equal to those of the name that stands for it', () => {
    const zoneOf = new Map(
      Object.entries(RAILS_ZONES).flatMap(([zone, names]) => names.map((n) => [n, zone])),
    );
    const other = ZONES_OF.flatMap(([name, ids]) => {
      const rules = rulesOf(zoneOf.get(name) ?? '');
      return ids.filter((id) => rulesOf(id) !== rules);
    });
    // British Columbia and Alberta, for the reason given in the table.
    const canada = 'America/Edmonton America/Vancouver America/Yellowknife Canada/Mountain Canada/Pacific';
    expect(other.sort()).toEqual(canada.split(' '));
  });
});

/** Offsets week by week over two years, by the time zone data of this Node. */
function rulesOf(zone: string): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const weeks = Array.from({ length: 105 }, (_, week) => Date.UTC(2027, 0, 6, 12) + week * 7 * 86_400_000);
  return weeks
    .map((at) => format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value)
    .join();
}
