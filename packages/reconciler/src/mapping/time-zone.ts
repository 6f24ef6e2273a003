/** Time zones as directories write them -> as Freshservice writes them. Pure; knows nothing but its tables. */
import { EQUAL_ZONES } from './time-zones-equal.ts';
import { RAILS_ZONES } from './time-zones-table.ts';
import { WINDOWS_ZONES } from './time-zones-windows.ts';

/** Menus show Rails names with their offset: `(GMT+01:00) Berlin`. */
const SHOWN_OFFSET = /^\((?:GMT|UTC)[+-]\d\d:\d\d\)/i;

const NAMES: ReadonlyMap<string, string> = new Map(
  [
    ['Kiev', 'Kyiv'] as const,
    ...Object.entries(WINDOWS_ZONES),
    ...Object.entries(EQUAL_ZONES).flatMap(([name, ids]) =>
      ids
        .trim()
        .split(/\s+/)
        .map((id) => [id, name] as const),
    ),
    ...Object.entries(RAILS_ZONES).flatMap(([zone, names]) => [
      [zone, names[0] ?? zone] as const,
      ...names.map((name) => [name, name] as const),
    ]),
  ].map(([written, name]) => [toKey(written), name]),
);

/**
 * Freshservice's name of a time zone that is given by such a name, by an IANA id (also a renamed or linked one) or by
 * the name that Windows has for it. A zone that Freshservice lacks becomes one of equal rules. Case, and blanks for
 * underscores, make no difference. `undefined` when it is none of these.
 */
export function toTimeZone(value: string): string | undefined {
  return NAMES.get(toKey(value.trim().replace(SHOWN_OFFSET, '')));
}

function toKey(value: string): string {
  return value
    .replaceAll(/[\s_]+/g, ' ')
    .trim()
    .toLowerCase();
}
