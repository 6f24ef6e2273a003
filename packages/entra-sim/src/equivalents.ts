// What Freshservice calls a time zone or language that this package's people have. A table of its own, so that `compare`
// owes nothing to the service under test; only values of `details.ts` are in it.

/** Names of Freshservice that are right for a time zone; a Rails name is right itself. Undefined: no equal is known. */
export function timeZonesFor(value: string): readonly string[] | undefined {
  return TIME_ZONES.get(value);
}

/** Freshservice's code for a language. Undefined: it has none. */
export function languageFor(value: string): string | undefined {
  return LANGUAGES.get(value);
}

const LONDON = ['London', 'Edinburgh', 'Dublin', 'Lisbon'];
const WEST_EUROPE = ['Berlin', 'Amsterdam', 'Bern', 'Rome', 'Stockholm', 'Vienna', 'Zurich'];
const CENTRAL = ['Central Time (US & Canada)'];
const PACIFIC = ['Pacific Time (US & Canada)'];
const JAPAN = ['Tokyo', 'Osaka', 'Sapporo'];
const BRASILIA = ['Brasilia'];

const TIME_ZONES: ReadonlyMap<string, readonly string[]> = new Map([
  ['Edinburgh', ['Edinburgh']],
  ['Europe/London', ['London', 'Edinburgh']],
  ['GMT Standard Time', LONDON],
  ['Bern', ['Bern']],
  ['Europe/Zurich', ['Zurich', 'Bern']],
  ['W. Europe Standard Time', WEST_EUROPE],
  ['Lisbon', ['Lisbon']],
  ['Europe/Lisbon', ['Lisbon']],
  ['Central Time (US & Canada)', CENTRAL],
  ['America/Chicago', CENTRAL],
  ['Central Standard Time', CENTRAL],
  ['Pacific Time (US & Canada)', PACIFIC],
  ['America/Los_Angeles', PACIFIC],
  ['Pacific Standard Time', PACIFIC],
  ['Osaka', ['Osaka']],
  ['Asia/Tokyo', JAPAN],
  ['Tokyo Standard Time', JAPAN],
  ['Brasilia', BRASILIA],
  ['America/Sao_Paulo', BRASILIA],
  ['E. South America Standard Time', BRASILIA],
]);

const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ['en', 'en'],
  ['en-GB', 'en'],
  ['en-US', 'en'],
  ['de-CH', 'de'],
  ['fr-CH', 'fr'],
  ['it', 'it'],
  ['pt', 'pt-PT'],
  ['pt-PT', 'pt-PT'],
  ['pt-BR', 'pt-BR'],
  ['es-MX', 'es-LA'],
  ['ja', 'ja-JP'],
  ['ja-JP', 'ja-JP'],
]);
