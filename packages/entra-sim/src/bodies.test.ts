import { expect, test } from 'vitest';
import { createBody, differencesOf, patchBody } from './bodies.ts';
import type { Person } from './people.ts';
import { ACTIVE, ENTERPRISE_USER, type JsonObject, wantedOf } from './targets.ts';

const ines: Person = {
  objectId: 'c2a7c1f4-0d5b-4a63-9d1c-5b0a6f7714aa',
  userPrincipalName: 'ines.lund@larkspur.example',
  mail: 'ines.lund@larkspur.example',
  mailNickname: 'ines.lund',
  displayName: 'Ines Okafor-Lund',
  givenName: 'Ines',
  surname: 'Okafor-Lund',
  jobTitle: 'Team Lead',
  telephoneNumber: '+351 21 555 0199',
  mobile: '+351 91 555 0777',
  department: 'Logistics',
  details: undefined,
};
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Ines as the endpoint showed her before her marriage: no title, no mobile number, another department. */
const before: JsonObject = {
  id: 'u1',
  userName: 'ines.okafor@larkspur.example',
  externalId: ines.objectId,
  active: true,
  displayName: 'Ines Okafor',
  name: { givenName: 'Ines', familyName: 'Okafor', formatted: 'Ines Okafor' },
  emails: [{ type: 'work', primary: true, value: 'ines.okafor@larkspur.example' }],
  phoneNumbers: [{ type: 'work', value: '+351 21 555 0199' }],
  [ENTERPRISE_USER]: { department: 'Field Service' },
};

test('POST carries every mapped attribute that has a value', () => {
  expect(createBody(wantedOf({ ...ines, jobTitle: undefined }, ines.objectId))).toEqual({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE_USER],
    externalId: ines.objectId,
    userName: 'ines.lund@larkspur.example',
    active: true,
    displayName: 'Ines Okafor-Lund',
    name: { givenName: 'Ines', familyName: 'Okafor-Lund', formatted: 'Ines Okafor-Lund' },
    emails: [{ primary: true, type: 'work', value: 'ines.lund@larkspur.example' }],
    phoneNumbers: [
      { type: 'work', value: '+351 21 555 0199' },
      { type: 'mobile', value: '+351 91 555 0777' },
    ],
    [ENTERPRISE_USER]: { department: 'Logistics' },
    meta: { resourceType: 'User' },
    roles: [],
  });
});

test('POST of somebody with nothing but a display name has no name object', () => {
  const single = { ...ines, givenName: undefined, surname: undefined, displayName: 'Suharto' };
  expect(createBody(wantedOf(single, 'x'))).not.toHaveProperty('name');
});

test('classic PATCH has one capitalised operation per differing attribute, each with a path', () => {
  const body = patchBody('classic', differencesOf(before, wantedOf(ines, ines.objectId)));
  expect(body).toEqual({
    schemas: [PATCH_OP],
    Operations: [
      { op: 'Replace', path: 'userName', value: 'ines.lund@larkspur.example' },
      { op: 'Replace', path: 'displayName', value: 'Ines Okafor-Lund' },
      { op: 'Add', path: 'title', value: 'Team Lead' },
      { op: 'Replace', path: 'name.familyName', value: 'Okafor-Lund' },
      { op: 'Replace', path: 'name.formatted', value: 'Ines Okafor-Lund' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'ines.lund@larkspur.example' },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+351 91 555 0777' },
      { op: 'Replace', path: `${ENTERPRISE_USER}:department`, value: 'Logistics' },
    ],
  });
});

test('flag PATCH keeps filtered paths apart and puts the rest into operations without a path', () => {
  const body = patchBody('flag', differencesOf(before, wantedOf(ines, ines.objectId)));
  expect(body).toEqual({
    schemas: [PATCH_OP],
    Operations: [
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'ines.lund@larkspur.example' },
      { op: 'add', path: 'phoneNumbers[type eq "mobile"].value', value: '+351 91 555 0777' },
      {
        op: 'replace',
        value: {
          userName: 'ines.lund@larkspur.example',
          displayName: 'Ines Okafor-Lund',
          'name.familyName': 'Okafor-Lund',
          'name.formatted': 'Ines Okafor-Lund',
          [`${ENTERPRISE_USER}:department`]: 'Logistics',
        },
      },
      { op: 'add', value: { title: 'Team Lead' } },
    ],
  });
});

test('a disable is a string in classic and a boolean with the flag', () => {
  const differences = differencesOf(before, [{ target: ACTIVE, value: false }]);
  expect(patchBody('classic', differences)['Operations']).toEqual([
    { op: 'Replace', path: 'active', value: 'False' },
  ]);
  expect(patchBody('flag', differences)['Operations']).toEqual([
    { op: 'replace', path: 'active', value: false },
  ]);
});

test('what the endpoint shows already is no difference', () => {
  const wanted = wantedOf(ines, ines.objectId);
  expect(differencesOf(createBody(wanted), [{ target: ACTIVE, value: true }, ...wanted])).toEqual([]);
});
