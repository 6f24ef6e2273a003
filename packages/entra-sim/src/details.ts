// What a whole tenant knows of its people besides names and numbers: department, office, language, time zone, custom
// attributes. The values are as mixed as those of a real directory; a few of them mean nothing to the receiver.
import type { Random } from './random.ts';

/** Attributes that only people of a tenant with `attributes: 'full'` have. */
export interface Details {
  /** Sent as `_location` of the enterprise extension: a location's name, or its path (`Oregon/Springfield`). */
  readonly location: string;
  /** Sent as `addresses[type eq "work"].formatted`. */
  readonly officeAddress: string;
  /** Sent as `locale`: a BCP 47 tag. */
  readonly language: string;
  /** Sent as `timezone`: a Rails, IANA or Windows name. */
  readonly timeZone: string;
  /** Sent under the URN of the Freshservice extension, each by its name; text, as all that Entra maps there. */
  readonly customFields: Readonly<Record<string, string>>;
}

/** Departments of a whole tenant; some hold what a careless writer would escape wrongly. */
export const DEPARTMENTS: readonly string[] = [
  'Finance',
  'Operations',
  'People & Culture',
  'R&D',
  'Field Service',
  'Logistics',
  'Legal',
  'IT "Core"',
  "Patients' Office",
  'Sécurité',
  'Geschäftsführung',
  '営業部',
  'Отдел закупок',
  'Facilities / Night Shift',
  'Customer Success',
  'Product',
  'Marketing (EMEA)',
  'Internal Audit',
  'Quality',
  'Payroll',
];

/** The locations that a receiver should have, as paths from the top of the tree. */
export const LOCATION_PATHS: readonly string[] = [
  'UK/Leeds',
  'Zürich',
  'Portugal/Lisboa',
  'Illinois/Springfield',
  'Oregon/Springfield',
  '東京',
  'Brasil/São Paulo',
];

/** Names of the custom attributes that a receiver should have; of the second, the value is a boolean as text. */
export const CUSTOM_FIELDS = { text: 'cost_centre', checkbox: 'contractor' } as const;

/** What a few people have that the receiver has no equal for; the rest of their attributes must arrive all the same. */
const STRANGE = {
  location: 'Atlantis',
  language: 'tlh',
  timeZone: 'Customer site',
  customField: 'badge_colour',
} as const;

type Office = Omit<Details, 'customFields' | 'language' | 'timeZone'> & {
  readonly languages: readonly string[];
  readonly timeZones: readonly string[];
};

const OFFICES: readonly Office[] = [
  {
    location: 'Leeds',
    officeAddress: "12 St Paul's Street, Leeds",
    languages: ['en-GB', 'en'],
    timeZones: ['Edinburgh', 'Europe/London', 'GMT Standard Time'],
  },
  {
    location: 'Zürich',
    officeAddress: 'Bahnhofstrasse 7\n8001 Zürich',
    languages: ['de-CH', 'fr-CH', 'it'],
    timeZones: ['Bern', 'Europe/Zurich', 'W. Europe Standard Time'],
  },
  {
    location: 'Portugal/Lisboa',
    officeAddress: 'Rua do Norte 7, Lisboa',
    languages: ['pt-PT', 'pt'],
    timeZones: ['Lisbon', 'Europe/Lisbon'],
  },
  {
    location: 'Illinois/Springfield',
    officeAddress: '400 Oak Avenue #2, Springfield IL',
    languages: ['en-US'],
    timeZones: ['Central Time (US & Canada)', 'America/Chicago', 'Central Standard Time'],
  },
  {
    location: 'Oregon/Springfield',
    officeAddress: '9 Mill Road, Springfield OR',
    languages: ['en-US', 'es-MX'],
    timeZones: ['Pacific Time (US & Canada)', 'America/Los_Angeles', 'Pacific Standard Time'],
  },
  {
    location: '東京',
    officeAddress: '東京都港区芝公園 4-2-8',
    languages: ['ja', 'ja-JP'],
    timeZones: ['Osaka', 'Asia/Tokyo', 'Tokyo Standard Time'],
  },
  {
    location: 'São Paulo',
    officeAddress: 'Avenida Paulista 1000, São Paulo',
    languages: ['pt-BR'],
    timeZones: ['Brasilia', 'America/Sao_Paulo', 'E. South America Standard Time'],
  },
];

/** Details of somebody new; `place` (from 0) in the order of hiring decides who has something strange, 8 in a hundred. */
export function detailsFor(
  person: { readonly place: number; readonly department: string | undefined; readonly isGuest: boolean },
  random: Random,
): Details {
  const odd = person.place % 50;
  return {
    ...officeOf(random.pick(OFFICES), random),
    ...(odd === 7 ? { timeZone: STRANGE.timeZone } : {}),
    ...(odd === 21 ? { language: STRANGE.language } : {}),
    ...(odd === 35 ? { location: STRANGE.location } : {}),
    customFields: {
      [CUSTOM_FIELDS.text]: costCentreOf(person.department),
      [CUSTOM_FIELDS.checkbox]: String(person.isGuest),
      ...(odd === 42 ? { [STRANGE.customField]: 'green' } : {}),
    },
  };
}

/** The details after a move to another department: its cost centre. */
export function withDepartment(details: Details, department: string): Details {
  return {
    ...details,
    customFields: { ...details.customFields, [CUSTOM_FIELDS.text]: costCentreOf(department) },
  };
}

/** The details after a move to another office. */
export function withOtherOffice(details: Details, random: Random): Details {
  const others = OFFICES.filter(({ location }) => location !== details.location);
  return { ...details, ...officeOf(random.pick(others), random) };
}

function officeOf(office: Office, random: Random): Omit<Details, 'customFields'> {
  const { location, officeAddress, languages, timeZones } = office;
  return { location, officeAddress, language: random.pick(languages), timeZone: random.pick(timeZones) };
}

/** A department of the list has a cost centre of its own, all others share one. */
function costCentreOf(department: string | undefined): string {
  return `CC-${101 + DEPARTMENTS.indexOf(department ?? '')}`;
}
