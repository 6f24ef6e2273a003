/** What people and accounts look like, for property tests. */
import type { Attributes, JsonValue } from '@fresh-scim/scim';
import * as fc from 'fast-check';
import { type Target, toTarget } from '../mapping/target.ts';
import type { Account } from './freshservice-model.ts';

/** Attributes that a person of Entra has a say in. */
export const MANAGED = [
  'primary_email',
  'first_name',
  'last_name',
  'job_title',
  'work_phone_number',
  'mobile_phone_number',
  'external_id',
  'language',
  'time_zone',
  'department_ids',
  'location_id',
  'reporting_manager_id',
  'secondary_emails',
  'custom_fields.badge',
  'custom_fields.floor',
] as const;

export const attributeName = fc.constantFrom(...MANAGED);

/** A small alphabet, so that equal, nearly equal and decomposed texts are common. */
const word = fc.string({
  unit: fc.constantFrom('a', 'A', 'e\u0301', '\u00e9', '\u{20bb7}', ' ', '1'),
  maxLength: 8,
});
const phone = fc.string({ unit: fc.constantFrom('1', '2', '+', ' ', '-'), maxLength: 8 });
const address = fc
  .tuple(
    fc.constantFrom('ines', 'Ines', 'bo.li', "o'hara+x"),
    fc.constantFrom('larkspur.example', 'Thrift.example'),
  )
  .map((parts) => parts.join('@'));
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

/** A User as the directory stores it: no empty texts, and whatever Entra may leave out is left out sometimes. */
const user: fc.Arbitrary<Attributes> = fc
  .record({
    userName: fc.oneof(
      { weight: 4, arbitrary: address },
      { weight: 1, arbitrary: fc.constant('no address') },
    ),
    active: fc.oneof(
      { weight: 3, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    displayName: sometimes(word),
    givenName: sometimes(word),
    familyName: sometimes(word),
    title: sometimes(word),
    externalId: sometimes(word),
    email: sometimes(address),
    work: sometimes(phone),
    mobile: sometimes(phone),
    locale: sometimes(fc.constantFrom('de-AT', 'en-US', 'tlh')),
    timezone: sometimes(fc.constantFrom('Europe/Berlin', 'GMT Standard Time', 'Mars')),
  })
  .map(({ givenName, familyName, email, work, mobile, ...plain }) =>
    filled({
      ...plain,
      name: filled({ givenName, familyName }),
      emails: email === undefined ? [] : [{ type: 'work', value: email }],
      phoneNumbers: [filled({ type: 'work', value: work }), filled({ type: 'mobile', value: mobile })],
    }),
  );

function filled(object: Readonly<Record<string, JsonValue | undefined>>): Record<string, JsonValue> {
  const filledOnes: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined && value !== '') filledOnes[name] = value;
  }
  return filledOnes;
}

const ids = fc.subarray([21, 22, 23]);

/** Of the custom fields that an administrator gave a value for people of whom Entra says nothing. */
const defaults: fc.Arbitrary<Target['defaults']> = fc.record(
  { 'custom_fields.badge': fc.constant('b-0'), 'custom_fields.floor': fc.constant(2) },
  { requiredKeys: [] },
);

/** What a User wants, with what it refers to as it would be resolved. */
export const target: fc.Arbitrary<Target> = fc
  .record({
    user,
    departments: fc.constantFrom('replace', 'add'),
    references: fc.record({
      department_ids: sometimes(fc.constantFrom(21, 22).map((id): JsonValue => [id])),
      location_id: sometimes(fc.constantFrom(31, 32)),
      reporting_manager_id: sometimes(fc.constantFrom(41, 42)),
      'custom_fields.badge': sometimes(fc.constantFrom('b-1', 'b-2')),
      'custom_fields.floor': sometimes(fc.constantFrom(0, 1.5)),
      // Somebody else needs that address more.
      secondary_emails: sometimes(fc.constant<JsonValue>([])),
    }),
    defaults,
  })
  .map(({ user, departments, references, defaults }) => {
    const own = toTarget(user, { email: 'userName', departments });
    return { ...own, attributes: { ...own.attributes, ...filled(references) }, defaults };
  });

/** What an account shows before anybody of ours has touched it. */
const shownValues = fc.record(
  {
    primary_email: address,
    first_name: word.map((text) => text || 'x'),
    last_name: fc.option(word),
    job_title: fc.option(word),
    work_phone_number: fc.option(phone),
    mobile_phone_number: fc.option(phone),
    external_id: fc.option(word),
    language: fc.constantFrom('en', 'de'),
    time_zone: fc.constantFrom('London', 'Berlin'),
    department_ids: ids,
    location_id: fc.option(fc.constantFrom(31, 33)),
    reporting_manager_id: fc.option(fc.constantFrom(41, 43)),
    secondary_emails: fc.subarray(['ines@thrift.example', 'old@thrift.example']),
    'custom_fields.badge': fc.option(fc.constantFrom('b-1', 'b-9')),
    'custom_fields.floor': fc.option(fc.constantFrom(0, 7)),
    can_see_all_tickets_from_associated_departments: fc.boolean(),
    can_see_all_changes_from_associated_departments: fc.boolean(),
  },
  { requiredKeys: ['primary_email', 'first_name'] },
);

/** An account as a first look finds it, of either kind; an agent has one address. */
export const account: fc.Arbitrary<Account | undefined> = fc.option(
  fc
    .record({
      kind: fc.constantFrom('requester', 'requester', 'agent'),
      active: fc.boolean(),
      values: shownValues,
    })
    .map(({ kind, active, values }) => {
      const { secondary_emails: secondary, ...others } = values;
      const isShown = kind === 'requester' && secondary !== undefined;
      return { kind, active, values: { ...others, ...(isShown ? { secondary_emails: secondary } : {}) } };
    }),
  { nil: undefined },
);
