import { describe, expect, test } from 'vitest';
import { discovery } from './discovery.ts';
import { parseListQuery } from './list.ts';
import { CORE_GROUP, CORE_USER, ENTERPRISE_USER, FRESHSERVICE_USER } from './urns.ts';

const baseUrl = 'https://scim.larkspur.example/scim/v2';
const schemas = discovery.schemas(baseUrl);

interface Told {
  name: string;
  type: string;
  multiValued: boolean;
  subAttributes?: Told[];
  canonicalValues?: string[];
}

/** The target attributes that Entra's gallery validation reads out of a schema. */
function targetsOf(urn: string): string[] {
  const document: { attributes: Told[] } = JSON.parse(JSON.stringify(discovery.schema(baseUrl, urn)));
  return document.attributes.flatMap(({ name, type, multiValued, subAttributes = [] }) => {
    if (type !== 'complex' || name === 'manager' || name === 'members') {
      return [name];
    }
    const types = subAttributes.find((part) => part.name === 'type')?.canonicalValues ?? [];
    const heads = multiValued ? types.map((type) => `${name}[type eq "${type}"]`) : [name];
    return heads.flatMap((head) => subAttributes.map((part) => `${head}.${part.name}`));
  });
}

describe('/Schemas', () => {
  test('tells of every attribute that the gallery app maps', () => {
    expect(targetsOf(CORE_USER)).toEqual(
      expect.arrayContaining([
        'userName',
        'externalId',
        'active',
        'displayName',
        'title',
        'locale',
        'timezone',
        'name.givenName',
        'name.familyName',
        'emails[type eq "work"].value',
        'addresses[type eq "work"].formatted',
        'phoneNumbers[type eq "work"].value',
        'phoneNumbers[type eq "mobile"].value',
      ]),
    );
    expect(targetsOf(ENTERPRISE_USER)).toEqual(expect.arrayContaining(['department', 'manager']));
    expect(targetsOf(FRESHSERVICE_USER)).toEqual(['isAgent']);
  });

  test("has nothing that Microsoft's validators refuse", () => {
    const text = JSON.stringify(schemas);
    expect(text).not.toContain('null');
    expect(text).not.toContain('password');
    expect(targetsOf(CORE_USER).filter((name) => name.startsWith('emails'))).not.toContain(
      'emails[type eq "work"].primary',
    );
  });

  test('is found by URN in any case, and only by a known one', () => {
    expect(discovery.schema(baseUrl, CORE_USER.toLowerCase())).toMatchObject({ id: CORE_USER });
    expect(discovery.schema(baseUrl, 'urn:acme')).toBeUndefined();
  });
});

test('every schema of a resource type is described', () => {
  const described = schemas.map((schema) => schema.id);
  expect(discovery.resourceTypes(baseUrl).map((type) => type.id)).toEqual(['User', 'Group']);
  expect(described).toEqual([CORE_USER, ENTERPRISE_USER, FRESHSERVICE_USER, CORE_GROUP]);
  expect(discovery.resourceType(baseUrl, 'User')).toMatchObject({
    endpoint: '/Users',
    schema: CORE_USER,
    schemaExtensions: [
      { schema: ENTERPRISE_USER, required: false },
      { schema: FRESHSERVICE_USER, required: false },
    ],
  });
  expect(discovery.resourceType(baseUrl, 'Robot')).toBeUndefined();
});

test('what it says of pages is what a query gets', () => {
  const config = discovery.serviceProviderConfig(baseUrl);
  const { count: most } = parseListQuery('User', { count: '100000' });
  const { count: usual, cursor } = parseListQuery('User', {});
  expect(cursor).toBeUndefined();
  expect(config.pagination).toEqual({
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: usual,
    maxPageSize: most,
  });
  expect(config.filter).toEqual({ supported: true, maxResults: most });
});

test("Microsoft's validation finds the members of a group", () => {
  expect(targetsOf(CORE_GROUP)).toEqual(expect.arrayContaining(['displayName', 'externalId', 'members']));
});

test('the configuration promises what is there', () => {
  expect(discovery.serviceProviderConfig(baseUrl)).toMatchObject({
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    changePassword: { supported: false },
    filter: { supported: true, maxResults: 200 },
    sort: { supported: true },
    etag: { supported: true },
    meta: { location: `${baseUrl}/ServiceProviderConfig` },
  });
});
