import { checkPermissions, parseAgentId, parseRequesterId } from '@fresh-scim/freshservice';
import { describe, expect, it } from 'vitest';
import { connect, failure, NOW, startAccount } from './freshservice-client-support.ts';

/** Every endpoint of the Freshservice client against a simulated account. */

const MIRA = {
  first_name: 'Mira',
  last_name: "O'Kafor",
  primary_email: 'mira+it@example.test',
  external_id: '5b0f2c1e-1111-4222-8333-9a9a9a9a9a9a',
};
const JONAS = { is_agent: true, first_name: 'Jonas', primary_email: 'jonas@example.test', occasional: true };
const NOBODY = 29_999_999_999;

describe('requesters', () => {
  it('are created, read, changed, deactivated and reactivated', async () => {
    const { client } = await startAccount();
    const { requesters } = client;
    const created = await requesters.create(MIRA, NOW);
    expect(created).toMatchObject({ ...MIRA, active: true, is_agent: false, secondary_emails: [] });
    expect(await requesters.get(created.id, NOW)).toEqual(created);

    const changed = await requesters.update(created.id, { job_title: 'Analyst', last_name: null }, NOW);
    expect(changed).toEqual({ ...created, job_title: 'Analyst', last_name: null });

    expect(await requesters.deactivate(created.id, NOW)).toBeUndefined();
    expect(await requesters.get(created.id, NOW)).toMatchObject({ active: false });
    expect(await requesters.reactivate(created.id, NOW)).toMatchObject({ id: created.id, active: true });
    expect(new Set(client.grants.map((grant) => grant.split(' ')[0]))).toEqual(new Set(['answered']));
  });

  it('that are not there are notFound, with an effect of none', async () => {
    const { client } = await startAccount();
    const { requesters } = client;
    const id = parseRequesterId(NOBODY);
    for (const call of [
      requesters.get(id, NOW),
      requesters.update(id, { job_title: 'x' }, NOW),
      requesters.deactivate(id, NOW),
      requesters.reactivate(id, NOW),
    ]) {
      expect(await failure(call)).toMatchObject({ kind: 'notFound', effect: 'none', status: 404 });
    }
  });

  it('that are inactive or active already say so', async () => {
    const { client } = await startAccount();
    const { id } = await client.requesters.create(MIRA, NOW);
    expect(await failure(client.requesters.reactivate(id, NOW))).toMatchObject({
      kind: 'invalid',
      effect: 'none',
      code: 'contact_already_active',
    });
    await client.requesters.deactivate(id, NOW);
    expect(await failure(client.requesters.deactivate(id, NOW))).toMatchObject({ kind: 'notFound' });
  });

  it('are found by address, inactive ones and on request agents too', async () => {
    const { simulator, client } = await startAccount();
    simulator.state.create(JONAS);
    const { id } = await client.requesters.create(MIRA, NOW);
    await client.requesters.deactivate(id, NOW);
    const find = (email: string, includeAgents: boolean) =>
      client.requesters.findByEmail(email, { includeAgents }, NOW);
    expect(await find(MIRA.primary_email, false)).toMatchObject([{ id, active: false }]);
    expect(await find('nobody@example.test', true)).toEqual([]);
    expect(await find(JONAS.primary_email, false)).toEqual([]);
    expect(await find(JONAS.primary_email, true)).toMatchObject([{ is_agent: true, first_name: 'Jonas' }]);
  });

  it('are listed page by page', async () => {
    const { simulator, client } = await startAccount();
    simulator.state.seed({ count: 25, seed: 1 });
    const seen: number[] = [];
    let page: number | undefined = 1;
    for (let calls = 0; page !== undefined && calls < 9; calls += 1) {
      const { records, nextPage } = await client.requesters.list({ page, perPage: 10 }, NOW);
      seen.push(...records.map(({ id }) => id));
      page = nextPage;
    }
    expect(page).toBeUndefined();
    expect(new Set(seen).size).toBe(25);
    expect(client.grants).toHaveLength(3);
    const everyone = await client.requesters.list({ includeAgents: true }, NOW);
    expect(everyone.records.filter((record) => record.is_agent)).toHaveLength(1);
    expect(everyone.nextPage).toBeUndefined();
  });

  it('in pages too large are refused and not cut', async () => {
    const { client } = await startAccount();
    const error = await failure(client.requesters.list({ perPage: 101 }, NOW));
    expect(error).toMatchObject({ kind: 'invalid', effect: 'none', status: 400 });
  });
});

describe('agents', () => {
  it('know who we are', async () => {
    const { client } = await startAccount();
    const me = await client.agents.me(NOW);
    expect(me).toMatchObject({ active: true, email: expect.stringContaining('@') });
    expect(me.roles).toHaveLength(1);
    expect(await client.agents.get(me.id, NOW)).toEqual(me);
  });

  it.each([200, 204] as const)('are changed, deactivated (%i) and reactivated', async (agentDeleteStatus) => {
    const { simulator, client } = await startAccount({ agentDeleteStatus });
    const id = parseAgentId(simulator.state.create(JONAS).id);
    expect(await client.agents.update(id, { job_title: 'Engineer' }, NOW)).toMatchObject({
      id,
      job_title: 'Engineer',
      email: JONAS.primary_email,
      occasional: true,
    });
    const answered = await client.agents.deactivate(id, NOW);
    expect(answered?.active).toBe(agentDeleteStatus === 200 ? false : undefined);
    expect(await client.agents.get(id, NOW)).toMatchObject({ active: false });
    expect(await client.agents.reactivate(id, NOW)).toMatchObject({ active: true });
  });

  it('are found by address and listed', async () => {
    const { simulator, client } = await startAccount();
    const { id } = simulator.state.create({ ...JONAS, active: false });
    expect(await client.agents.findByEmail(JONAS.primary_email, NOW)).toMatchObject([{ id, active: false }]);
    expect(await client.agents.findByEmail('nobody@example.test', NOW)).toEqual([]);
    const { records, nextPage } = await client.agents.list({ perPage: 1 }, NOW);
    expect(records).toHaveLength(1);
    expect(nextPage).toBe(2);
  });

  it('come back only while there is a licence', async () => {
    const { simulator, client } = await startAccount({ licences: { fullTime: 1, occasional: 0 } });
    const id = parseAgentId(simulator.state.create({ ...JONAS, active: false }).id);
    expect(await failure(client.agents.reactivate(id, NOW))).toMatchObject({
      kind: 'forbidden',
      effect: 'none',
      status: 403,
    });
  });
});

describe('roles', () => {
  it('are listed', async () => {
    const { client } = await startAccount();
    const names = (await client.roles.list(NOW)).map(({ name }) => name);
    expect(names).toContain('SD Agent');
  });
});

describe('buckets', () => {
  it('show in the totals seen', async () => {
    const { client } = await startAccount({ plan: 'enterprise' });
    await client.roles.list(NOW);
    await client.requesters.list({ perPage: 1 }, NOW);
    expect(client.totalsSeen()).toEqual({ overall: 500, list: 140 });
    expect(client.events.map(({ bucket }) => bucket)).toEqual(['overall', 'list']);
  });
});

describe('checkPermissions', () => {
  it('finds nothing wrong with the owner’s key', async () => {
    const { client } = await startAccount();
    const { checks, totals } = await checkPermissions(client);
    expect(checks.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    expect(totals).toEqual({ overall: 400, list: 120 });
  });

  it('names what a smaller key lacks', async () => {
    const { simulator, client } = await startAccount({}, { apiKey: 'small' });
    simulator.state.setKey('small', ['requesters.view']);
    const { checks } = await checkPermissions(client);
    expect(checks.filter(({ ok }) => !ok).map(({ check }) => check)).toEqual([
      'view agents',
      'view agents among requesters',
      'view roles',
    ]);
  });

  it.each([401, 403] as const)('knows a wrong key by %i', async (unauthorizedStatus) => {
    const { client } = await startAccount({ unauthorizedStatus }, { apiKey: 'wrong' });
    const { checks } = await checkPermissions(client);
    expect(checks).toMatchObject([{ ok: false, problem: expect.stringContaining('API key') }]);
  });

  it('knows an address that is no account', async () => {
    const { url } = await startAccount();
    const { checks } = await checkPermissions(connect(`${url}/elsewhere`));
    expect(checks).toMatchObject([
      { ok: false, problem: expect.stringContaining('no Freshservice account') },
    ]);
  });
});
