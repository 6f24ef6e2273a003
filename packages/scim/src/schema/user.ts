// The core User of RFC 7643 §4.1. Free text stays free: what a time zone or a language may be is the mapping's
// business, and Microsoft's validation sends random strings for both.

import { CORE_USER } from '../urns.ts';
import { attribute, attributeSet, pluralParts } from './attribute.ts';
import { commonAttributes } from './common.ts';
import type { SchemaDefinition } from './schema.ts';

const WORK_HOME_OTHER = ['work', 'home', 'other'];

const name = attribute('name', "The parts of the person's name.", {}, [
  attribute('formatted', 'The full name as it is shown.'),
  attribute('familyName', 'The last name.'),
  attribute('givenName', 'The first name.'),
  attribute('middleName', 'The middle names.'),
  attribute('honorificPrefix', 'The title before the name.'),
  attribute('honorificSuffix', 'The addition after the name.'),
]);

const emails = attribute('emails', 'E-mail addresses.', { multiValued: true }, [
  attribute('value', 'The address.'),
  ...pluralParts(WORK_HOME_OTHER),
]);

const phoneNumbers = attribute(
  'phoneNumbers',
  'Phone numbers, kept as they were sent.',
  { multiValued: true },
  [attribute('value', 'The number.'), ...pluralParts(['work', 'home', 'mobile', 'fax', 'pager', 'other'])],
);

const addresses = attribute('addresses', 'Postal addresses.', { multiValued: true }, [
  attribute('formatted', 'The whole address as it is shown.'),
  attribute('streetAddress', 'Street and house number.'),
  attribute('locality', 'The town.'),
  attribute('region', 'The state or region.'),
  attribute('postalCode', 'The postal code.'),
  attribute('country', 'The country.'),
  ...pluralParts(WORK_HOME_OTHER).filter((part) => part.name !== 'display'),
]);

const groups = attribute(
  'groups',
  'The groups that the person is in.',
  { multiValued: true, mutability: 'readOnly' },
  [
    attribute('value', "The group's id.", { mutability: 'readOnly', caseExact: true }),
    attribute('$ref', "The group's address.", {
      type: 'reference',
      caseExact: true,
      mutability: 'readOnly',
      referenceTypes: ['Group'],
      filterable: false,
    }),
    attribute('display', "The group's name.", { mutability: 'readOnly' }),
    attribute('type', 'How the membership came about.', {
      mutability: 'readOnly',
      canonicalValues: ['direct', 'indirect'],
    }),
  ],
);

const roles = attribute('roles', 'Roles, kept and not interpreted.', { multiValued: true, lenient: true }, [
  attribute('value', 'The role.', { scalarAsText: true }),
  ...pluralParts([]),
]);

const unadvertised = [
  attribute('password', 'Taken and forgotten: nobody signs in here.', {
    caseExact: true,
    mutability: 'writeOnly',
    returned: 'never',
    advertised: false,
    filterable: false,
  }),
  attribute('ims', 'Instant messaging addresses.', { multiValued: true, advertised: false }, [
    attribute('value', 'The address.'),
    ...pluralParts(['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo']),
  ]),
  attribute('photos', 'Links to pictures.', { multiValued: true, advertised: false }, [
    attribute('value', 'The link.', { type: 'reference', caseExact: true, referenceTypes: ['external'] }),
    ...pluralParts(['photo', 'thumbnail']),
  ]),
  attribute('entitlements', 'Entitlements, kept.', { multiValued: true, lenient: true, advertised: false }, [
    attribute('value', 'The entitlement.', { scalarAsText: true }),
    ...pluralParts([]),
  ]),
  attribute('x509Certificates', 'Certificates.', { multiValued: true, advertised: false }, [
    attribute('value', 'DER in base64.', { type: 'binary', caseExact: true }),
    ...pluralParts([]),
  ]),
];

/** urn:ietf:params:scim:schemas:core:2.0:User */
export const coreUser: SchemaDefinition = {
  urn: CORE_USER,
  name: 'User',
  description: 'User Account',
  open: false,
  attributes: attributeSet([
    ...commonAttributes,
    attribute('userName', "The person's sign-in name, unique without regard to case.", {
      required: true,
      uniqueness: 'server',
    }),
    attribute('active', 'Whether the person may use the service; true when it was not sent.', {
      type: 'boolean',
      // Without a value a leaver would count as active again.
      clearable: false,
    }),
    attribute('displayName', 'The name as it is shown.'),
    name,
    attribute('nickName', 'What the person is called.'),
    attribute('profileUrl', 'A page about the person.', {
      type: 'reference',
      caseExact: true,
      referenceTypes: ['external'],
    }),
    attribute('title', 'The job title.'),
    attribute('userType', 'The relation to the organisation.'),
    attribute('preferredLanguage', 'The language that the person reads.'),
    attribute('locale', 'Language and region for dates and numbers.'),
    attribute('timezone', 'The time zone.'),
    emails,
    phoneNumbers,
    addresses,
    groups,
    roles,
    ...unadvertised,
  ]),
};
