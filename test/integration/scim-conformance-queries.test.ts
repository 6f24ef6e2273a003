/** docs/scim-conformance.md, R35 to R61: reads, filters, paging, sorting, and what of a resource is shown. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Body,
  CORE_USER,
  ENTERPRISE_USER,
  openScimApi,
  plusEncoded,
  type TestApi,
} from '../support/scim-api.ts';

let api: TestApi;
let ines: Body;
let tom: Body;
let ada: Body;

beforeAll(async () => {
  api = await openScimApi();
  ines = await api.create({
    userName: 'Ines.Okafor@larkspur.example',
    externalId: 'Ext-1',
    displayName: 'Ines "Q" Okafor',
    title: 'Engineer',
    active: true,
    name: { givenName: 'Ines', familyName: 'Okafor' },
    emails: [
      { type: 'work', value: 'Ines@larkspur.example', primary: true },
      { type: 'home', value: 'ines@home.example' },
    ],
    [ENTERPRISE_USER]: { department: 'Field Service' },
  });
  tom = await api.create({
    userName: 'tom@larkspur.example',
    displayName: 'tom',
    title: 'Driver',
    active: false,
    emails: [{ type: 'work', value: 'tom@larkspur.example' }],
  });
  ada = await api.create({ userName: 'ada@larkspur.example', displayName: 'Ada' });
});
afterAll(() => api.close());

/** The people whom a filter finds, by their letters. */
async function found(filter: string): Promise<string> {
  const { Resources } = await api.find('/Users', filter);
  const letters = new Map([
    [ines.id, 'i'],
    [tom.id, 't'],
    [ada.id, 'a'],
  ]);
  return Resources.map(({ id }) => letters.get(id) ?? '?').join('');
}

const answer = (query: string) => api.call('GET', `/Users?${query}`);
const idsOf = ({ Resources }: Body): string[] => Resources.map(({ id }) => id);

describe('reads', () => {
  it('R35 a GET by id: 200, the resource, ETag; of an unknown id 404', async () => {
    const { status, headers, body } = await api.call('GET', `/Users/${ines.id}`);
    expect({ status, body }).toEqual({ status: 200, body: ines });
    expect(headers['etag']).toBe(ines.meta.version);
    expect(await api.call('GET', '/Users/nobody')).toMatchObject({ status: 404, body: { status: '404' } });
  });

  it('R36 R38 a GET of a collection: a ListResponse of whole resources', async () => {
    const { status, body } = await api.call('GET', '/Users');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: 3,
        startIndex: 1,
        itemsPerPage: 3,
        Resources: [ines, tom, ada],
      },
    });
  });

  it('R37 no match: 200, and nothing in the list', async () => {
    expect((await answer('filter=userName+eq+%22nobody%22')).body).toMatchObject({
      totalResults: 0,
      Resources: [],
    });
  });

  it('R40 whatever is selected, and of whatever type, has id, schemas and, by default, its type', async () => {
    const group = await api.createGroup({ displayName: 'Everybody' });
    for (const resource of (await api.call('GET', '')).body.Resources) {
      expect(resource).toMatchObject({
        schemas: expect.any(Array),
        id: expect.any(String),
        meta: { resourceType: resource.id === group.id ? 'Group' : 'User' },
      });
    }
    await api.call('DELETE', `/Groups/${group.id}`);
  });
});

describe('filters', () => {
  it.each([
    ['R41 eq', 'title eq "driver"', 't'],
    ['R41 ne', 'title ne "driver"', 'ia'],
    ['R41 co', 'title co "GIN"', 'i'],
    ['R41 sw', 'title sw "dri"', 't'],
    ['R41 ew', 'title ew "er"', 'it'],
    ['R41 pr', 'title pr', 'it'],
    ['R41 gt', 'title gt "driver"', 'i'],
    ['R41 ge', 'title ge "driver"', 'it'],
    ['R41 lt', 'title lt "engineer"', 't'],
    ['R41 le', 'title le "engineer"', 'it'],
    ['R41 operators and names in any case', 'TITLE EQ "driver" OR NoT (Title Pr)', 'ta'],
    ['R42 and before or', 'displayName eq "ada" or title pr and active eq true', 'ia'],
    ['R42 grouping first', '(displayName eq "ada" or title pr) and active eq true', 'ia'],
    ['R42 grouping changes it', '(displayName eq "tom" or title pr) and active eq false', 't'],
    ['R42 not before and', 'not (active eq false) and title pr', 'i'],
    ['R43 userName without case', 'userName eq "INES.okafor@LARKSPUR.example"', 'i'],
    ['R43 an e-mail without case', 'emails.value eq "INES@larkspur.example"', 'i'],
    ['R43 externalId with case', 'externalId eq "Ext-1"', 'i'],
    ['R43 externalId with another case', 'externalId eq "ext-1"', ''],
    ['R44 escapes', String.raw`displayName eq "ines \"q\" \u004fkafor"`, 'i'],
    ['R44 booleans', 'active eq false', 't'],
    ['R44 null', 'title eq null', 'a'],
    ['R45 a list without a part is its value', 'emails eq "tom@larkspur.example"', 't'],
    ['R46 within one element', 'emails[type eq "work" and value co "@larkspur"]', 'it'],
    ['R46 not over several', 'emails[type eq "home" and value co "@larkspur"]', ''],
    ['R46 as Entra writes it', 'emails[type eq "work"].value eq "tom@larkspur.example"', 't'],
    ['R47 pr of what is absent', 'emails pr', 'it'],
    ['R47 ne of what is absent', 'title ne "x" and not (title pr)', 'a'],
    ['R49 a full name', `${CORE_USER}:userName eq "tom@larkspur.example"`, 't'],
    ['R51 an extension', `${ENTERPRISE_USER}:department sw "field"`, 'i'],
  ])('%s: %s', async (_what, filter, people) => {
    expect(await found(filter)).toBe(people);
  });

  it('R44 R51 dates are compared as instants, whatever their zone', async () => {
    const created = Date.parse(tom.meta.created);
    const zoned = new Date(created + 7_200_000).toISOString().replace('Z', '+02:00');
    expect(await found(`meta.created eq "${zoned}" and id eq "${tom.id}"`)).toBe('t');
    expect(await found('meta.lastModified gt "2020-01-01T00:00:00Z"')).toBe('ita');
    expect(await found('meta.lastModified gt "2999-01-01T00:00:00Z"')).toBe('');
  });

  it.each(['gt', 'ge', 'lt', 'le'])('R48 %s of a boolean: invalidFilter', async (comparison) => {
    expect(await answer(`filter=active+${comparison}+true`)).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter' },
    });
  });

  it.each([
    'shoes eq "x"',
    'userName is "x"',
    'userName eq',
    '(userName pr',
    'userName eq "x" and',
    'title',
    '',
  ])('R50 a filter that means nothing: invalidFilter: %s', async (filter) => {
    expect(await answer(`filter=${plusEncoded(filter)}`)).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter' },
    });
  });
});

describe('paging', () => {
  it('R52 startIndex begins with 1, and is taken as that below', async () => {
    for (const startIndex of [1, 0, -7]) {
      const { body } = await answer(`startIndex=${startIndex}&count=1`);
      expect(body).toMatchObject({ startIndex: 1, totalResults: 3 });
      expect(idsOf(body)).toEqual([ines.id]);
    }
    expect(idsOf((await answer('startIndex=2')).body)).toEqual([tom.id, ada.id]);
  });

  it('R53 a count of 0 or less tells the total alone; more than asked for never comes', async () => {
    for (const count of [0, -7]) {
      expect((await answer(`count=${count}`)).body).toMatchObject({
        totalResults: 3,
        itemsPerPage: 0,
        Resources: [],
      });
    }
    expect(idsOf((await answer('count=2')).body)).toEqual([ines.id, tom.id]);
    expect((await answer('count=99999')).body.Resources).toHaveLength(3);
  });

  it('R54 R55 behind the end there is nothing, and the total is that of all matches', async () => {
    expect((await answer('startIndex=4')).body).toMatchObject({
      totalResults: 3,
      startIndex: 4,
      itemsPerPage: 0,
    });
    expect((await answer('filter=title+pr&startIndex=2&count=5')).body).toMatchObject({
      totalResults: 2,
      itemsPerPage: 1,
      Resources: [{ id: tom.id }],
    });
  });

  it('R56 what is no number: invalidValue', async () => {
    for (const query of ['startIndex=one', 'count=1.5', 'count=']) {
      expect(await answer(query)).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    }
  });

  it('pages by a cursor, which stay what they are while people come and go', async () => {
    const first = (await answer('cursor=&count=1&attributes=id')).body;
    expect(first).toMatchObject({ totalResults: 3, itemsPerPage: 1, nextCursor: expect.any(String) });
    expect(first).not.toHaveProperty('startIndex');
    const passing = await api.create();
    const second = (await answer(`cursor=${String(first['nextCursor'])}&count=2`)).body;
    expect([idsOf(first), idsOf(second)]).toEqual([[ines.id], [tom.id, ada.id]]);
    await api.call('DELETE', `/Users/${passing.id}`);
    const last = (await answer(`cursor=${String(second['nextCursor'])}`)).body;
    expect(last).toMatchObject({ totalResults: 3, Resources: [] });
    expect(last).not.toHaveProperty('nextCursor');
    const filtered = (await answer(`filter=title+pr&cursor=${String(first['nextCursor'])}`)).body;
    expect(filtered).toMatchObject({ totalResults: 2, Resources: [{ id: tom.id }] });
    expect((await answer('cursor=nonsense')).body).toMatchObject({ scimType: 'invalidCursor' });
    expect((await answer('cursor=&count=0')).body).toMatchObject({ scimType: 'invalidCount' });
  });
});

describe('sorting', () => {
  it.each([
    ['displayName', '', 'ait'],
    ['displayName', 'ascending', 'ait'],
    ['displayName', 'descending', 'tia'],
    ['title', 'ascending', 'tia'],
    ['title', 'descending', 'ait'],
    ['emails', 'ascending', 'ita'],
    ['emails.value', 'descending', 'ati'],
    ['name.familyName', 'ascending', 'ita'],
    ['meta.created', 'descending', 'ati'],
    [`${ENTERPRISE_USER}:department`, 'ascending', 'ita'],
  ])('R57 by %s %s: %s', async (sortBy, sortOrder, people) => {
    const letters = new Map([
      [ines.id, 'i'],
      [tom.id, 't'],
      [ada.id, 'a'],
    ]);
    const order = sortOrder === '' ? '' : `&sortOrder=${sortOrder}`;
    const { body } = await answer(`sortBy=${sortBy}${order}`);
    expect(
      idsOf(body)
        .map((id) => letters.get(id))
        .join(''),
    ).toBe(people);
    const pages = await Promise.all(
      [1, 2, 3].map((at) => answer(`sortBy=${sortBy}${order}&startIndex=${at}&count=1`)),
    );
    expect(pages.flatMap((page) => idsOf(page.body))).toEqual(idsOf(body));
  });

  it('R57 together with a filter; by nothing that exists: invalidPath', async () => {
    expect(idsOf((await answer('sortBy=displayName&sortOrder=descending&filter=title+pr')).body)).toEqual([
      tom.id,
      ines.id,
    ]);
    expect((await answer('sortBy=shoes')).body).toMatchObject({ scimType: 'invalidPath' });
    expect((await answer('sortBy=title&sortOrder=sideways')).body).toMatchObject({
      scimType: 'invalidValue',
    });
  });
});

describe('selection', () => {
  it('R58 attributes: these, and what is always returned, on every verb', async () => {
    const names = ['schemas', 'id', 'title'];
    const query = '?attributes=title';
    const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [] };
    const answers = await Promise.all([
      api.call('GET', `/Users/${ines.id}${query}`),
      api.call('PUT', `/Users/${ines.id}${query}`, ines),
      api.call('PATCH', `/Users/${ines.id}${query}`, patch),
    ]);
    const listed = await answer('attributes=title&count=1');
    const searched = await api.call('POST', '/Users/.search', { attributes: ['title'], count: 1 });
    for (const body of [
      ...answers.map((one) => one.body),
      ...listed.body.Resources,
      ...searched.body.Resources,
    ]) {
      expect(Object.keys(body)).toEqual(names);
    }
  });

  it('R59 excludedAttributes: all but these, never what is always returned', async () => {
    const { body } = await api.call('GET', `/Users/${ines.id}?excludedAttributes=title,id,schemas,meta`);
    const { title, meta, ...rest } = ines;
    expect([title, meta]).not.toContain(undefined);
    expect(body).toEqual(rest);
  });

  it('R59 excludedAttributes on every verb', async () => {
    const query = '?excludedAttributes=title,emails.type';
    const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [] };
    const search = { filter: `id eq "${ines.id}"`, excludedAttributes: ['title', 'emails.type'] };
    const found = await api.call('GET', `/Users${query}&filter=${plusEncoded(search.filter)}`);
    const searched = await api.call('POST', '/Users/.search', search);
    const everywhere = await api.call('POST', '/.search', search);
    const posted = await api.call('POST', `/Users${query}`, { ...ines, userName: 'twin@larkspur.example' });
    const bodies = [
      (await api.call('PUT', `/Users/${ines.id}${query}`, ines)).body,
      (await api.call('PATCH', `/Users/${ines.id}${query}`, patch)).body,
      posted.body,
      ...[found, searched, everywhere].flatMap((list) => list.body.Resources),
    ];
    expect(bodies).toHaveLength(6);
    for (const body of bodies) {
      expect(body).not.toHaveProperty('title');
      expect(body['emails']).toEqual([
        { value: 'Ines@larkspur.example', primary: true },
        { value: 'ines@home.example' },
      ]);
    }
    await api.call('DELETE', `/Users/${posted.body.id}`);
  });

  it('R60 parts of attributes, full names, and attributes before excludedAttributes', async () => {
    const shown = async (query: string): Promise<unknown> => {
      const { body } = await api.call('GET', `/Users/${ines.id}?${query}`);
      const { schemas: _schemas, id: _id, ...rest } = body;
      return rest;
    };
    expect(await shown('attributes=name.givenName,emails.value')).toEqual({
      name: { givenName: 'Ines' },
      emails: [{ value: 'Ines@larkspur.example' }, { value: 'ines@home.example' }],
    });
    expect(await shown(`attributes=${CORE_USER}:title,${ENTERPRISE_USER}:department`)).toEqual({
      title: 'Engineer',
      [ENTERPRISE_USER]: { department: 'Field Service' },
    });
    expect(await shown('attributes=title&excludedAttributes=title')).toEqual({ title: 'Engineer' });
    expect(await shown('excludedAttributes=name.givenName')).toMatchObject({
      name: { familyName: 'Okafor' },
    });
    expect(await shown('attributes=shoes')).toEqual({});
  });

  it('R61 what is never returned does not come when it is asked for', async () => {
    await api.patch(ada.id, { op: 'add', path: 'password', value: 'correct horse' });
    expect((await api.call('GET', `/Users/${ada.id}?attributes=password`)).text).not.toContain('horse');
  });
});
