import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evolve } from './evolve.ts';
import { QuarantineError } from './failures.ts';
import { signInAddressOf } from './people.ts';
import { createProvisioner, type Provisioner, type ProvisionerOptions } from './provisioner.ts';
import { createRandom } from './random.ts';
import type { Progress } from './report.ts';
import { createTenant, isInScope, type Tenant } from './tenant.ts';
import { type Recorded, type ScimServer, startScimServer } from './testing/scim-server.ts';

const open: AsyncDisposable[] = [];
let server: ScimServer;

beforeEach(async () => {
  server = await startScimServer();
});
afterEach(async () => {
  for (const resource of open.splice(0)) await resource[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

function provisionerOf(tenant: Tenant, options: Partial<ProvisionerOptions> = {}): Provisioner {
  const provisioner = createProvisioner({ tenant, baseUrl: server.baseUrl, token: server.token, ...options });
  open.push({ [Symbol.asyncDispose]: () => provisioner.close() });
  return provisioner;
}

function personOf(tenant: Tenant, index: number) {
  const person = tenant.people()[index];
  if (person === undefined) throw new Error('no such place');
  return person;
}

/** Method, path and operations of the traffic since the last call, without the probe at its start. */
function newTraffic(): string[] {
  const lines = server.traffic.splice(0).slice(1);
  return lines.map(({ method, path, body }) => {
    const operations = (body as { Operations?: unknown } | undefined)?.Operations;
    return [method, path, operations === undefined ? '' : JSON.stringify(operations)].join(' ').trim();
  });
}

/** What the server holds of the people in scope, and whether everybody else is inactive or absent. */
function expectInStep(tenant: Tenant): void {
  for (const person of tenant.people().filter(isInScope)) {
    expect(server.userOf(signInAddressOf(person))).toMatchObject({
      active: true,
      externalId: person.objectId,
      displayName: person.displayName,
    });
  }
  const active = [...server.users.values()].filter((user) => user['active'] === true);
  expect(active).toHaveLength(tenant.people().filter(isInScope).length);
}

describe('an initial cycle', () => {
  test('creates everybody once, looking before each create', async () => {
    const tenant = createTenant({ seed: 5, size: 110 });
    const steps: Progress[] = [];
    const report = await provisionerOf(tenant, { onProgress: (progress) => steps.push(progress) }).runCycle();
    expectInStep(tenant);
    expect(report).toMatchObject({
      kind: 'initial',
      peopleTotal: 110,
      finished: 110,
      failures: [],
      leavers: [],
    });
    expect(report.outcomes.created).toBe(110);
    expect(report.requests).toMatchObject({
      total: 221,
      byVerb: { GET: 111, POST: 110 },
      byStatus: { 200: 111, 201: 110 },
    });
    expect(report.latencyMs.max).toBeGreaterThanOrEqual(report.latencyMs.p50);
    expect(steps.at(-1)).toEqual({
      requestsSent: 221,
      peopleDone: 110,
      peopleTotal: 110,
      managersSent: 0,
      failed: 0,
    });
    expect(server.openMax).toBeLessThanOrEqual(8);
  });

  test('begins with the look-up of a random GUID, encoded as Entra does', async () => {
    await provisionerOf(createTenant({ seed: 5, size: 1 })).runCycle();
    const [probe, , post] = server.traffic;
    expect(probe?.rawUrl).toMatch(/^\/scim\/v2\/Users\?filter=userName\+eq\+%22[0-9a-f-]{36}%22$/);
    expect(probe?.headers['content-type']).toBeUndefined();
    expect(post?.headers['content-type']).toBe('application/scim+json; charset=utf-8');
    expect(post?.headers['user-agent']).toBeUndefined();
  });

  test('adopts who is there already by a PATCH of the differences', async () => {
    const tenant = createTenant({ seed: 5, size: 1 });
    const person = personOf(tenant, 0);
    server.users.set('old', { id: 'old', userName: signInAddressOf(person).toUpperCase(), active: true });
    const provisioner = provisionerOf(tenant);
    await provisioner.runCycle();
    expect(provisioner.linkedId(person.objectId)).toBe('old');
    expect(server.users.size).toBe(1);
    expectInStep(tenant);
  });

  test('does not create who is disabled when coming into scope', async () => {
    const tenant = createTenant({ seed: 5, size: 3 });
    tenant.leave(personOf(tenant, 1).objectId, 'block');
    const report = await provisionerOf(tenant).runCycle();
    expect(report.outcomes).toMatchObject({ created: 2, skipped: 1 });
    expectInStep(tenant);
  });
});

describe('an incremental cycle', () => {
  test('sends the probe alone when nothing changed', async () => {
    const provisioner = provisionerOf(createTenant({ seed: 6, size: 5 }));
    await provisioner.runCycle();
    const report = await provisioner.runCycle();
    expect(report).toMatchObject({ kind: 'incremental', peopleTotal: 0, requests: { total: 1 } });
  });

  test('sends exactly what changed, in classic shape', async () => {
    const tenant = createTenant({ seed: 6, size: 4 });
    const provisioner = provisionerOf(tenant, { concurrency: 1 });
    await provisioner.runCycle();
    newTraffic();
    const retitled = tenant.changeTitle(personOf(tenant, 0).objectId);
    tenant.leave(personOf(tenant, 1).objectId, 'unassign');
    tenant.purge(personOf(tenant, 2).objectId);
    const report = await provisioner.runCycle();
    expect(newTraffic()).toEqual([
      'GET /Users/u1',
      `PATCH /Users/u1 ${JSON.stringify([{ op: 'Replace', path: 'title', value: retitled.jobTitle }])}`,
      'GET /Users/u2',
      'PATCH /Users/u2 [{"op":"Replace","path":"active","value":"False"}]',
      'DELETE /Users/u3',
    ]);
    expect(report.leavers).toMatchObject([
      { objectId: personOf(tenant, 1).objectId, id: 'u2', verb: 'PATCH' },
      { objectId: personOf(tenant, 2).objectId, id: 'u3', verb: 'DELETE' },
    ]);
    for (const { answeredAt } of report.leavers) {
      expect(answeredAt).toBeGreaterThanOrEqual(report.startedAt);
      expect(answeredAt).toBeLessThanOrEqual(report.endedAt);
    }
  });

  test('brings a returner back with what changed meanwhile, in flag shape', async () => {
    const tenant = createTenant({ seed: 6, size: 1 });
    const { objectId } = personOf(tenant, 0);
    const provisioner = provisionerOf(tenant, { patchStyle: 'flag' });
    await provisioner.runCycle();
    tenant.leave(objectId, 'block');
    await provisioner.runCycle();
    expect(newTraffic().at(-1)).toBe('PATCH /Users/u1 [{"op":"replace","path":"active","value":false}]');
    const { jobTitle } = tenant.changeTitle(objectId);
    tenant.comeBack(objectId);
    const report = await provisioner.runCycle();
    expect(newTraffic().at(-1)).toBe(
      `PATCH /Users/u1 ${JSON.stringify([{ op: 'replace', value: { active: true, title: jobTitle } }])}`,
    );
    expect(report.outcomes.enabled).toBe(1);
  });

  test('sends nothing for the hard delete of somebody whose unassignment is known', async () => {
    const tenant = createTenant({ seed: 6, size: 1 });
    const { objectId } = personOf(tenant, 0);
    const provisioner = provisionerOf(tenant);
    await provisioner.runCycle();
    tenant.leave(objectId, 'unassign');
    await provisioner.runCycle();
    tenant.purge(objectId);
    const report = await provisioner.runCycle();
    expect(report.requests.total).toBe(1);
    expect(server.users.get('u1')).toMatchObject({ active: false });
  });

  test.each(['classic', 'flag'] as const)(
    'keeps the endpoint in step over many days (%s)',
    async (patchStyle) => {
      const tenant = createTenant({ seed: 8, size: 60, departments: ['Logistics', 'R&D'] });
      const provisioner = provisionerOf(tenant, { patchStyle });
      for (let day = 1; day <= 8; day += 1) {
        const report = await provisioner.runCycle();
        expect(report.failures).toEqual([]);
        expectInStep(tenant);
        evolve(tenant, day, { leavers: 5, rehires: 2, purges: 2, renames: 4 });
      }
    },
  );
});

describe('a rehire', () => {
  test('finds the old user by userName and makes it the new object’s', async () => {
    const tenant = createTenant({ seed: 6, size: 1 });
    const { objectId } = personOf(tenant, 0);
    const provisioner = provisionerOf(tenant);
    await provisioner.runCycle();
    tenant.leave(objectId, 'softDelete');
    await provisioner.runCycle();
    newTraffic();
    const again = tenant.rehire(objectId);
    await provisioner.runCycle();
    const operations = [
      { op: 'Replace', path: 'active', value: 'True' },
      { op: 'Replace', path: 'externalId', value: again.objectId },
    ];
    expect(newTraffic()).toEqual(['GET /Users', `PATCH /Users/u1 ${JSON.stringify(operations)}`]);
    tenant.purge(objectId);
    await provisioner.runCycle();
    expectInStep(tenant);
  });

  test('after a hard delete in the same cycle is a DELETE, then a POST', async () => {
    const tenant = createTenant({ seed: 6, size: 1 });
    const provisioner = provisionerOf(tenant);
    await provisioner.runCycle();
    newTraffic();
    tenant.purge(personOf(tenant, 0).objectId);
    tenant.rehire(personOf(tenant, 0).objectId);
    await provisioner.runCycle();
    expect(newTraffic()).toEqual(['DELETE /Users/u1', 'GET /Users', 'POST /Users']);
    expectInStep(tenant);
  });
});

describe('failures', () => {
  const isPost = (request: Recorded) => request.method === 'POST';

  test.each([
    [{ status: 500, body: '<html>oops</html>' }, 'InternalServerError', 500],
    [{ status: 429 }, 'TooManyRequests', 429],
    [{ status: 409 }, 'Conflict', 409],
    [{ status: 201, body: '{}' }, 'ServiceIncompatible', 201],
    ['reset', 'WebException', undefined],
    ['resetAfter', 'WebException', undefined],
    ['hang', 'Timeout', undefined],
  ] as const)('%j is recorded per person and retried in the next cycle', async (fault, code, status) => {
    const tenant = createTenant({ seed: 6, size: 4 });
    const unlucky = personOf(tenant, 2);
    const provisioner = provisionerOf(tenant, { requestTimeoutMs: 300 });
    server.fault = (request) =>
      isPost(request) && (request.body as { externalId: string }).externalId === unlucky.objectId
        ? fault
        : undefined;
    const first = await provisioner.runCycle();
    expect(first.failures).toMatchObject([{ objectId: unlucky.objectId, code, status, verb: 'POST' }]);
    expect(first.finished).toBe(3);
    server.fault = () => undefined;
    const second = await provisioner.runCycle();
    expect(second).toMatchObject({ peopleTotal: 1, finished: 1, failures: [] });
    expectInStep(tenant);
  });

  test('somebody who leaves after a lost answer to the create is disabled all the same', async () => {
    const tenant = createTenant({ seed: 6, size: 1 });
    const provisioner = provisionerOf(tenant);
    server.fault = (request) => (isPost(request) ? 'resetAfter' : undefined);
    await provisioner.runCycle();
    server.fault = () => undefined;
    tenant.leave(personOf(tenant, 0).objectId, 'block');
    await provisioner.runCycle();
    expect(server.users.get('u1')).toMatchObject({ active: false });
  });

  test('several users with one userName are reported and not written to', async () => {
    const tenant = createTenant({ seed: 6, size: 1 });
    const userName = signInAddressOf(personOf(tenant, 0));
    for (const id of ['a', 'b']) server.users.set(id, { id, userName });
    const report = await provisionerOf(tenant).runCycle();
    expect(report.failures).toMatchObject([{ code: 'DuplicateTargetEntries' }]);
    expect(report.requests.byVerb).toMatchObject({ POST: 0, PATCH: 0 });
  });

  test('a lost id fails until provisioning is restarted, which matches anew and keeps the other links', async () => {
    const tenant = createTenant({ seed: 6, size: 3 });
    const lost = personOf(tenant, 0).objectId;
    const provisioner = provisionerOf(tenant);
    await provisioner.runCycle();
    server.users.delete(provisioner.linkedId(lost) ?? '');
    tenant.changeTitle(lost);
    const failed = await provisioner.runCycle();
    expect(failed.failures).toMatchObject([{ objectId: lost, code: 'InvalidAnchor', status: 404 }]);
    const restarted = await provisioner.restartProvisioning();
    expect(restarted).toMatchObject({
      kind: 'restart',
      failures: [],
      outcomes: { created: 1, unchanged: 2 },
    });
    expectInStep(tenant);
  });
});

test.each([1, 2, 3, 4])(
  'faults of every kind on many days leave no trace once healed (seed %i)',
  async (seed) => {
    const random = createRandom(seed);
    const faults = [{ status: 500 }, { status: 429 }, 'reset', 'resetAfter', 'resetAfter'] as const;
    const tenant = createTenant({ seed, size: 40 });
    const provisioner = provisionerOf(tenant, { patchStyle: seed % 2 === 0 ? 'flag' : 'classic' });
    for (let day = 1; day <= 6; day += 1) {
      let isProbe = true;
      server.fault = () => {
        const fault = !isProbe && random.below(3) === 0 ? random.pick(faults) : undefined;
        isProbe = false;
        return fault;
      };
      await provisioner.runCycle();
      server.fault = () => undefined;
      expect((await provisioner.runCycle()).failures).toEqual([]);
      expectInStep(tenant);
      expect(server.users.size).toBeLessThanOrEqual(tenant.people().length);
      evolve(tenant, day, { leavers: 6, rehires: 2, purges: 2, renames: 4 });
    }
  },
);

describe('quarantine and abort', () => {
  test('a wrong token stops at the probe and says so', async () => {
    const provisioner = provisionerOf(createTenant({ seed: 6, size: 3 }), { token: 'wrong' });
    const error = await provisioner.runCycle().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(QuarantineError);
    expect(error).toMatchObject({ code: 'credentials', report: { requests: { total: 1 } } });
    expect(String(error)).toContain('secret token');
    expect(String(error)).not.toContain('wrong');
  });

  test('a 401 in the middle stops the cycle, and the next one takes up the rest', async () => {
    const tenant = createTenant({ seed: 6, size: 40 });
    const provisioner = provisionerOf(tenant, { concurrency: 4 });
    server.fault = () => (server.users.size >= 10 ? { status: 401 } : undefined);
    const error = await provisioner.runCycle().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'QuarantineError', code: 'credentials' });
    expect(server.traffic.length).toBeLessThan(40);
    server.fault = () => undefined;
    expect(await provisioner.runCycle()).toMatchObject({ kind: 'initial', failures: [] });
    expectInStep(tenant);
  });

  test.each([
    ['404 on the look-up', { status: 404 }],
    ['an outage', { status: 503 }],
    ['a filter that is ignored', { status: 200, body: '{"totalResults":1,"Resources":[{"id":"x"}]}' }],
    ['no SCIM at all', { status: 200, body: '<html>' }],
  ] as const)('%s at the probe is a quarantine', async (_, fault) => {
    server.fault = () => fault;
    const provisioner = provisionerOf(createTenant({ seed: 6, size: 3 }));
    await expect(provisioner.runCycle()).rejects.toMatchObject({ name: 'QuarantineError', code: 'probe' });
    expect(server.traffic).toHaveLength(1);
  });

  test('an abort ends the cycle with its reason, and the next one takes up the rest', async () => {
    const tenant = createTenant({ seed: 6, size: 40 });
    const abort = new AbortController();
    const provisioner = provisionerOf(tenant, {
      onProgress: ({ peopleDone }) => {
        if (peopleDone === 5) abort.abort(new Error('enough'));
      },
    });
    await expect(provisioner.runCycle({ signal: abort.signal })).rejects.toThrow('enough');
    expect(server.users.size).toBeLessThan(40);
    await provisioner.runCycle();
    expectInStep(tenant);
  });

  test('a second run at the same time is refused', async () => {
    const provisioner = provisionerOf(createTenant({ seed: 6, size: 3 }));
    const first = provisioner.runCycle();
    await expect(provisioner.restartProvisioning()).rejects.toThrow('running');
    expect((await first).finished).toBe(3);
  });
});

describe('leavers by the settings of the job', () => {
  test('more than the threshold stop the cycle, until they are allowed once', async () => {
    const tenant = createTenant({ seed: 8, size: 6 });
    const provisioner = provisionerOf(tenant, { deletionsMax: 2 });
    await provisioner.runCycle();
    for (const index of [0, 1, 2]) tenant.leave(personOf(tenant, index).objectId, 'block');
    tenant.changeTitle(personOf(tenant, 4).objectId);
    newTraffic();
    const stopped = await provisioner.runCycle().catch((error: unknown) => error);
    expect(stopped).toBeInstanceOf(QuarantineError);
    expect(stopped).toMatchObject({ code: 'deletions', report: { requests: { total: 1 }, finished: 0 } });
    provisioner.allowDeletions();
    expect((await provisioner.runCycle()).outcomes).toMatchObject({ disabled: 3, updated: 1 });
    expectInStep(tenant);
    for (const index of [3, 4]) tenant.leave(personOf(tenant, index).objectId, 'softDelete');
    expect((await provisioner.runCycle()).outcomes.disabled).toBe(2);
    tenant.purge(personOf(tenant, 3).objectId);
    tenant.purge(personOf(tenant, 4).objectId);
    tenant.leave(personOf(tenant, 5).objectId, 'unassign');
    await expect(provisioner.runCycle()).rejects.toThrow('threshold');
  });

  test('skipOutOfScopeDeletions leaves the unassigned alone, and nobody else', async () => {
    const tenant = createTenant({ seed: 9, size: 3 });
    const provisioner = provisionerOf(tenant, { skipOutOfScopeDeletions: true, deletionsMax: 1 });
    await provisioner.runCycle();
    const [unassigned, blocked] = [personOf(tenant, 0), personOf(tenant, 1)];
    tenant.leave(unassigned.objectId, 'unassign');
    tenant.leave(blocked.objectId, 'block');
    expect((await provisioner.runCycle()).outcomes).toMatchObject({ disabled: 1, skipped: 1 });
    expect(server.userOf(signInAddressOf(unassigned))?.['active']).toBe(true);
    expect(server.userOf(signInAddressOf(blocked))?.['active']).toBe(false);
  });
});

describe('on demand', () => {
  test('provisions one person now, in classic shape whatever the job’s', async () => {
    const tenant = createTenant({ seed: 6, size: 3 });
    const { objectId } = personOf(tenant, 1);
    const provisioner = provisionerOf(tenant, { patchStyle: 'flag' });
    expect((await provisioner.provisionOnDemand(objectId)).outcomes.created).toBe(1);
    newTraffic();
    const { jobTitle } = tenant.changeTitle(objectId);
    await provisioner.provisionOnDemand(objectId);
    const operations = [{ op: 'Replace', path: 'title', value: jobTitle }];
    expect(newTraffic().at(-1)).toBe(`PATCH /Users/u1 ${JSON.stringify(operations)}`);
    tenant.leave(objectId, 'block');
    expect((await provisioner.provisionOnDemand(objectId)).requests.total).toBe(1);
  });
});

test('the same seeds give the same traffic', async () => {
  const trafficOf = async () => {
    await using fresh = await startScimServer();
    const tenant = createTenant({ seed: 11, size: 40, externalId: 'mailNickname' });
    const { baseUrl, token } = fresh;
    const provisioner = createProvisioner({ tenant, baseUrl, token, concurrency: 1, seed: 3 });
    for (let day = 1; day <= 4; day += 1) {
      await provisioner.runCycle();
      evolve(tenant, day, { leavers: 4 });
    }
    await provisioner.close();
    return fresh.traffic.map(({ method, rawUrl, body }) => ({ method, rawUrl, body }));
  };
  expect(await trafficOf()).toEqual(await trafficOf());
});
