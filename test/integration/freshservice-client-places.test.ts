import { describe, expect, it } from 'vitest';
import {
  connect,
  failure,
  JSON_TYPE,
  NOW,
  type Reply,
  startAccount,
  startServer,
} from './freshservice-client-support.ts';

/** Departments, locations and fields of the Freshservice client: a simulated account, and answers that it does not give. */

const json =
  (body: unknown): Reply =>
  (res) =>
    res.writeHead(200, JSON_TYPE).end(JSON.stringify(body));

describe('departments', () => {
  it.each([
    ['singular', 201],
    ['plural', 200],
  ] as const)('are created, listed and found (envelope %s, status %i)', async (envelopeQuirk, status) => {
    const { client } = await startAccount({
      envelopeQuirk,
      createStatus: { departments: status },
      indexLagMs: 0,
    });
    const { departments } = client;
    const created = await departments.create({ name: 'Field Service' }, NOW);
    expect(created).toEqual({ id: expect.any(Number), name: 'Field Service' });
    const { records, nextPage } = await departments.list({}, NOW);
    expect(records).toContainEqual(created);
    expect(nextPage).toBeUndefined();
    expect(await departments.findByName(' field  SERVICE', NOW)).toEqual([created]);
    expect(await departments.findByName('Nowhere', NOW)).toEqual([]);
    expect(new Set(client.events.map(({ bucket }) => bucket))).toEqual(new Set(['overall']));
  });

  it('are found by names that the query language has signs for', async () => {
    const { client } = await startAccount({ indexLagMs: 0 });
    for (const name of ["People's Office", 'R&D + "Labs" 100%', 'Zürich (Süd) OR Bern', 'null']) {
      const created = await client.departments.create({ name }, NOW);
      expect(await client.departments.findByName(name, NOW)).toEqual([created]);
    }
  });

  it('with a name too long for a query are not said to be absent', async () => {
    const { client } = await startAccount();
    const error = await failure(client.departments.findByName('x'.repeat(600), NOW));
    expect(error).toMatchObject({ kind: 'invalid', effect: 'none' });
  });

  it('that exist already are a conflict', async () => {
    const { client } = await startAccount();
    const error = await failure(client.departments.create({ name: 'finance' }, NOW));
    expect(error).toMatchObject({ kind: 'conflict', effect: 'none' });
  });

  it('are listed page by page', async () => {
    const { client } = await startAccount();
    const first = await client.departments.list({ perPage: 2 }, NOW);
    expect(first.records.map(({ name }) => name)).toEqual(['Finance', 'Operations']);
    expect(first.nextPage).toBe(2);
    const second = await client.departments.list({ perPage: 2, page: 2 }, NOW);
    expect(second.records.map(({ name }) => name)).toEqual(['People & Culture']);
    expect(second.nextPage).toBeUndefined();
  });

  it('may have ids that are text', async () => {
    const server = await startServer(
      json({ departments: [{ id: '21000117801', name: 'Finance' }, { id: 7 }] }),
    );
    const { records } = await connect(server.baseUrl).departments.list({}, NOW);
    expect(records).toEqual([
      { id: 21000117801, name: 'Finance' },
      { id: 7, name: '' },
    ]);
  });

  it('are malformed without an id, and a create that answers so has an unknown effect', async () => {
    const server = await startServer(json({ department: { name: 'Finance' } }));
    const { departments } = connect(server.baseUrl);
    const error = await failure(departments.create({ name: 'Finance' }, NOW));
    expect(error).toMatchObject({ kind: 'malformed' });
    expect(error.effect).not.toBe('none');
  });
});

describe('locations', () => {
  it('are listed and found', async () => {
    const { client } = await startAccount({ indexLagMs: 0 });
    const { records } = await client.locations.list({}, NOW);
    const [uk, leeds] = records;
    expect(uk).toMatchObject({ name: 'UK', parent_location_id: null });
    expect(leeds).toMatchObject({ name: 'Leeds', parent_location_id: uk?.id });
    expect(await client.locations.findByName('LEEDS', NOW)).toEqual([leeds]);
    expect(new Set(client.events.map(({ bucket }) => bucket))).toEqual(new Set(['overall']));
  });

  it('of one name are found on every page, and others in the answer are not taken', async () => {
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        id: from + index,
        name: index === 0 ? 'Leeds 2' : 'Leeds',
      }));
    const server = await startServer(json({}));
    server.reply = (nth) => json({ locations: nth === 1 ? rows(1, 30) : rows(31, 3) });
    const found = await connect(server.baseUrl).locations.findByName('Leeds', NOW);
    expect(found).toHaveLength(31);
    expect(new Set(found.map(({ name }) => name))).toEqual(new Set(['Leeds']));
    expect(
      server.received.map(({ url }) => new URL(url ?? '', server.baseUrl).searchParams.get('page')),
    ).toEqual([null, '2']);
  });

  it('of endless pages are not asked for without end', async () => {
    const full = Array.from({ length: 30 }, (_, index) => ({ id: index + 1, name: 'Elsewhere' }));
    const server = await startServer(json({ locations: full }));
    expect(await connect(server.baseUrl).locations.findByName('Leeds', NOW)).toEqual([]);
    expect(server.received).toHaveLength(40);
  });
});

describe('fields', () => {
  it('of requesters and of agents have one form', async () => {
    const { client } = await startAccount();
    const requester = await client.fields.requester(NOW);
    const agent = await client.fields.agent(NOW);
    const costCentre = { name: 'cost_centre', type: 'custom_text', label: 'Cost centre', required: false };
    expect(requester).toContainEqual({ ...costCentre, choices: undefined });
    expect(agent).toContainEqual({ ...costCentre, choices: undefined });
    expect(requester.find(({ name }) => name === 'first_name')).toMatchObject({ required: true });
    expect(requester.find(({ name }) => name === 'language')?.choices).toContain('pt-BR');
    expect(client.events.map(({ bucket }) => bucket)).toEqual(['overall', 'overall']);
  });

  it.each([
    ['a list', ['S', 'M'], ['S', 'M']],
    [
      'records',
      [
        { id: 1, value: 'S' },
        { id: 2, value: 'M' },
      ],
      ['S', 'M'],
    ],
    [
      'rows',
      [
        ['S', 1],
        ['M', 2],
      ],
      ['S', 'M'],
    ],
    ['an object', { en: 'English', de: 'German' }, ['en', 'de']],
    ['an empty list', [], undefined],
    ['null', null, undefined],
    ['numbers', [1, 2], undefined],
    ['text', 'S, M', undefined],
  ])('may have choices as %s', async (_, choices, expected) => {
    const server = await startServer(
      json({ requester_fields: [{ name: 'size', type: 'custom_dropdown', choices }] }),
    );
    expect(await connect(server.baseUrl).fields.requester(NOW)).toEqual([
      { name: 'size', type: 'custom_dropdown', label: '', required: false, choices: expected },
    ]);
  });

  it('without a name spoil the list', async () => {
    const server = await startServer(json({ agent_fields: [{ type: 'custom_text' }] }));
    expect(await failure(connect(server.baseUrl).fields.agent(NOW))).toMatchObject({ kind: 'malformed' });
  });
});

describe('changes of people', () => {
  it('can carry departments, manager, location, language, time zone and custom fields', async () => {
    const { client } = await startAccount();
    const [department] = (await client.departments.list({}, NOW)).records;
    const [location] = (await client.locations.list({}, NOW)).records;
    const manager = await client.requesters.create(
      { first_name: 'Mira', primary_email: 'm@example.test' },
      NOW,
    );
    const changes = {
      department_ids: department ? [department.id] : [],
      location_id: location?.id,
      reporting_manager_id: manager.id,
      language: 'pt-BR',
      time_zone: 'Lisbon',
      address: '1 Mill Lane, Leeds',
      secondary_emails: ['j2@example.test'],
      custom_fields: { cost_centre: 'CC-204', contractor: true },
    };
    const { id } = await client.requesters.create({ first_name: 'Jo', primary_email: 'j@example.test' }, NOW);
    expect(await client.requesters.update(id, changes, NOW)).toMatchObject(changes);
  });
});
