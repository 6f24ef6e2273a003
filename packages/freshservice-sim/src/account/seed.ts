// People who are there from the start, and people by the thousand. The same seed gives the same people.
import { pick, seededRandom } from '../random.ts';
import { ACCOUNT_ADMIN_ROLE_ID, SD_AGENT_ROLE_ID } from './catalog.ts';
import type { User } from './user.ts';

/** What is said about a new person; the rest has its default. */
export type UserDraft = Partial<Omit<User, 'id'>>;

const FIRST_NAMES = [
  'Amara',
  'Björn',
  'Chloé',
  'Dmitri',
  'Eun-ji',
  'Fatima',
  'Goran',
  'Hana',
  'Ines',
  'Jonas',
];
const LAST_NAMES = [
  "O'Neil",
  'Okafor',
  'Brandt',
  'Škoda',
  'Nguyen',
  'Lindqvist',
  'Ferreira',
  'Haddad',
  'Kowalski',
];
const TITLES = ['Analyst', 'Engineer', 'Nurse', 'Buyer', 'Controller', 'Planner'];

/** The agent who owns the API key of the account. */
export function ownerDraft(domain: string): UserDraft {
  return {
    is_agent: true,
    first_name: 'Account',
    last_name: 'Owner',
    primary_email: `owner@${domain}`,
    roles: [
      { role_id: ACCOUNT_ADMIN_ROLE_ID, assignment_scope: 'entire_helpdesk', groups: [], workspace_id: null },
    ],
    workspace_ids: [2],
    api_key_enabled: true,
    has_logged_in: true,
  };
}

/** The odd cases that every client should meet. */
export function sampleDrafts(): UserDraft[] {
  return [
    {
      first_name: 'Rosa',
      last_name: 'Gone',
      primary_email: 'rosa.gone@sample.example.test',
      active: false,
    },
    {
      is_agent: true,
      first_name: 'Viktor',
      last_name: 'Retired',
      primary_email: 'viktor.retired@sample.example.test',
      active: false,
      roles: [
        { role_id: SD_AGENT_ROLE_ID, assignment_scope: 'entire_helpdesk', groups: [], workspace_id: null },
      ],
      workspace_ids: [2],
    },
    {
      first_name: 'Two',
      last_name: 'Addresses',
      primary_email: 'two.addresses@sample.example.test',
      secondary_emails: ['second.address@sample.example.test'],
    },
    { first_name: 'Phone', last_name: 'Only', work_phone_number: '+44 20 7946 0000' },
  ];
}

/** `count` requesters; `from` numbers their addresses. */
export function* peopleDrafts(options: { seed: number; count: number; from: number }): Generator<UserDraft> {
  const random = seededRandom(options.seed);
  for (let index = 0; index < options.count; index += 1) {
    const number = options.from + index;
    yield {
      first_name: pick(random, FIRST_NAMES),
      last_name: pick(random, LAST_NAMES),
      job_title: pick(random, TITLES),
      primary_email: `person.${number}@seed.example.test`,
      work_phone_number: `+44 20 7946 ${String(number).padStart(4, '0')}`,
    };
  }
}
