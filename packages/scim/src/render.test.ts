import { describe, expect, test } from 'vitest';
import { parseSelection, selects } from './projection.ts';
import { renderSelected, renderStored } from './render.ts';
import { CORE_GROUP, CORE_USER, ENTERPRISE_USER, FRESHSERVICE_USER } from './urns.ts';

const attributes = {
  userName: 'ines',
  name: { givenName: 'Ines', familyName: 'Okafor' },
  emails: [{ type: 'work', value: 'a@b' }, { type: 'home' }],
  [ENTERPRISE_USER]: { department: 'IT', manager: { value: 'M1' } },
};
const stored = { id: 'U1', createdAt: 0, modifiedAt: 1000, generation: 7, json: JSON.stringify(attributes) };
const baseUrl = 'https://scim.larkspur.example/scim/v2';
const meta = {
  resourceType: 'User',
  created: '1970-01-01T00:00:00.000Z',
  lastModified: '1970-01-01T00:00:01.000Z',
  location: `${baseUrl}/Users/U1`,
  version: 'W/"7"',
};
const always = { schemas: [CORE_USER, ENTERPRISE_USER], id: 'U1' };

test('the whole resource', () => {
  expect(JSON.parse(renderStored('User', stored, baseUrl))).toEqual({ ...always, ...attributes, meta });
});

test('members and groups that lie beside the resource', () => {
  const group = { id: 'G1', createdAt: 0, modifiedAt: 0, generation: 1, json: '{"displayName":"Tier 2"}' };
  const members = [
    { id: 'U1', type: 'User' },
    { id: 'G2', type: 'Group' },
  ] as const;
  expect(JSON.parse(renderStored('Group', { ...group, members }, baseUrl))).toMatchObject({
    displayName: 'Tier 2',
    members: [
      { value: 'U1', type: 'User', $ref: `${baseUrl}/Users/U1` },
      { value: 'G2', type: 'Group', $ref: `${baseUrl}/Groups/G2` },
    ],
  });
  expect(JSON.parse(renderStored('Group', { ...group, members: [] }, baseUrl))).not.toHaveProperty('members');
  const groups = [{ id: 'G1', display: 'Tier 2' }];
  expect(JSON.parse(renderStored('User', { ...stored, groups }, baseUrl))).toMatchObject({
    groups: [{ value: 'G1', display: 'Tier 2', type: 'direct', $ref: `${baseUrl}/Groups/G1` }],
  });
  const names = { attributes: 'groups.display' };
  expect(renderSelected('User', { ...stored, groups }, baseUrl, parseSelection('User', names))).toEqual({
    ...always,
    groups: [{ display: 'Tier 2' }],
  });
});

test.each([
  [{}, true],
  [{ attributes: 'displayName' }, false],
  [{ attributes: 'MEMBERS.value' }, true],
  [{ attributes: CORE_GROUP }, true],
  [{ excludedAttributes: 'displayName,members.display' }, true],
  [{ excludedAttributes: `${CORE_GROUP}:Members` }, false],
])('members are selected by %j: %s', (query, expected) => {
  expect(selects(parseSelection('Group', query), 'members')).toBe(expected);
});

test('a resource without attributes is still JSON', () => {
  expect(JSON.parse(renderStored('User', { ...stored, json: '{}' }, baseUrl))).toEqual({
    schemas: [CORE_USER],
    id: 'U1',
    meta,
  });
});

test('text that looks like an extension is none', () => {
  const title = `"${FRESHSERVICE_USER}":{`;
  const json = JSON.stringify({ userName: 'ines', title, displayName: `${FRESHSERVICE_USER}":{` });
  expect(JSON.parse(renderStored('User', { ...stored, json }, baseUrl)).schemas).toEqual([CORE_USER]);
});

describe('a selection', () => {
  const shown = (query: unknown) => renderSelected('User', stored, baseUrl, parseSelection('User', query));
  const { name, emails, ...others } = attributes;

  test.each<[object, object]>([
    [{ attributes: 'userName' }, { ...always, userName: 'ines' }],
    [{ attributes: 'USERNAME, id' }, { ...always, userName: 'ines' }],
    [
      { attributes: ['userName', 'name.givenName'] },
      { ...always, userName: 'ines', name: { givenName: 'Ines' } },
    ],
    [{ attributes: 'name.givenName,name' }, { ...always, name }],
    [{ attributes: 'emails.value' }, { ...always, emails: [{ value: 'a@b' }] }],
    [{ attributes: 'emails[type eq "work"]' }, { ...always, emails }],
    [
      { attributes: 'userName,emails[type eq "work"].value' },
      { ...always, userName: 'ines', emails: [{ value: 'a@b' }] },
    ],
    [{ attributes: 'emails[' }, { ...always, emails }],
    [{ excludedAttributes: 'emails[type eq "work"]' }, { ...always, ...attributes, meta }],
    [{ attributes: 'meta.version' }, { ...always, meta: { version: 'W/"7"' } }],
    [{ attributes: `${CORE_USER}:userName` }, { ...always, userName: 'ines' }],
    [{ attributes: ENTERPRISE_USER }, { ...always, [ENTERPRISE_USER]: attributes[ENTERPRISE_USER] }],
    [{ attributes: `${ENTERPRISE_USER}:department` }, { ...always, [ENTERPRISE_USER]: { department: 'IT' } }],
    [{ attributes: 'manager.value' }, { ...always, [ENTERPRISE_USER]: { manager: { value: 'M1' } } }],
    [
      { attributes: `${ENTERPRISE_USER.toUpperCase()}:Manager.Value` },
      { ...always, [ENTERPRISE_USER]: { manager: { value: 'M1' } } },
    ],
    [{ attributes: `${CORE_USER}:name.givenName,` }, { ...always, name: { givenName: 'Ines' } }],
    [
      { excludedAttributes: `${ENTERPRISE_USER}:manager,emails.shoe` },
      { ...always, ...attributes, [ENTERPRISE_USER]: { department: 'IT' }, meta },
    ],
    [{ excludedAttributes: 'password,groups' }, { ...always, ...attributes, meta }],
    [{ attributes: 'password' }, always],
    [{ attributes: 'shoeSize' }, always],
    [
      { attributes: CORE_USER, excludedAttributes: 'name' },
      { ...always, userName: 'ines', name, emails, meta },
    ],
    [{ excludedAttributes: 'name,emails' }, { ...always, ...others, meta }],
    [
      { excludedAttributes: 'name.familyName,emails.type' },
      { ...always, ...others, name: { givenName: 'Ines' }, emails: [{ value: 'a@b' }], meta },
    ],
    [{ excludedAttributes: 'id,schemas,meta' }, { ...always, ...attributes }],
    [{ excludedAttributes: ENTERPRISE_USER }, { ...always, userName: 'ines', name, emails, meta }],
    [{ attributes: 'name,name.givenName' }, { ...always, name }],
    [{ excludedAttributes: 'shoeSize' }, { ...always, ...attributes, meta }],
    [{}, { ...always, ...attributes, meta }],
  ])('%j', (query, expected) => {
    expect(shown(query)).toEqual(expected);
  });
});
