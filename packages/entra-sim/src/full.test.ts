// A tenant of `attributes: 'full'`: what is sent of it, in both shapes of PATCH, and when.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evolve } from './evolve.ts';
import { signInAddressOf } from './people.ts';
import { createProvisioner, type Provisioner, type ProvisionerOptions } from './provisioner.ts';
import { createRandom } from './random.ts';
import { shownManagerOf, wantedOf } from './targets.ts';
import { createTenant, type DirectoryPerson, isInScope, type Tenant } from './tenant.ts';
import { type ScimServer, startScimServer } from './testing/scim-server.ts';

const MANAGER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager';

const open: Provisioner[] = [];
let server: ScimServer;

beforeEach(async () => {
  server = await startScimServer();
});
afterEach(async () => {
  for (const provisioner of open.splice(0)) await provisioner.close();
  await server[Symbol.asyncDispose]();
});

function world(size: number, options: Partial<ProvisionerOptions> = {}) {
  const tenant = createTenant({ seed: 5, size, attributes: 'full' });
  const { baseUrl, token } = server;
  const provisioner = createProvisioner({ tenant, baseUrl, token, concurrency: 1, ...options });
  open.push(provisioner);
  return { tenant, provisioner };
}

function personOf(tenant: Tenant, index: number): DirectoryPerson {
  const person = tenant.people()[index];
  if (person === undefined) throw new Error('no such place');
  return person;
}

/** Operations about managers since the last call. */
function managerOperations(): unknown[] {
  return server.traffic.splice(0).flatMap(({ body }) => {
    const { Operations = [] } = (body ?? {}) as { Operations?: { path?: string }[] };
    return Operations.filter(({ path }) => path === MANAGER);
  });
}

/** What the server holds of everybody in scope; a manager out of scope was not told. */
function expectInStep(tenant: Tenant, provisioner: Provisioner): void {
  for (const person of tenant.people().filter(isInScope)) {
    const user = server.userOf(signInAddressOf(person));
    const wanted = wantedOf(person, tenant.externalIdOf(person));
    for (const { target, value } of wanted) expect(target.read(user ?? {})).toBe(value);
    if (person.manager === undefined) continue;
    if (person.manager === null) expect(shownManagerOf(user ?? {})).toBeUndefined();
    else if (isInScope(tenant.get(person.manager)))
      expect(shownManagerOf(user ?? {})).toBe(provisioner.linkedId(person.manager));
  }
}

test('everybody has a department, an office, a language and a time zone; managers form trees', () => {
  const tenant = createTenant({ seed: 3, size: 400, attributes: 'full' });
  const people = tenant.people();
  expect(new Set(people.map(({ department }) => department)).size).toBe(20);
  for (const { details } of people) {
    expect(details).toMatchObject({ customFields: { cost_centre: expect.stringMatching(/^CC-\d{3}$/) } });
  }
  const managers = new Set(people.map(({ manager }) => manager).filter((id) => id !== undefined));
  expect(managers.size).toBeGreaterThan(20);
  expect(people.filter(({ manager }) => manager === undefined)).toHaveLength(16);
  for (const { createdOrder, manager } of people) {
    if (typeof manager === 'string') expect(tenant.get(manager).createdOrder).toBeLessThan(createdOrder);
  }
});

test('a basic tenant has none of it', () => {
  for (const { department, details, manager } of createTenant({ seed: 3, size: 20 }).people()) {
    expect([department, details, manager]).toEqual([undefined, undefined, undefined]);
  }
});

test('POST carries the extension of Freshservice without naming it, and no manager', async () => {
  const { tenant, provisioner } = world(2);
  await provisioner.runCycle();
  const posts = server.traffic.filter(({ method }) => method === 'POST').map(({ body }) => body);
  const { details, department } = personOf(tenant, 1);
  expect(posts[1]).toMatchObject({
    locale: details?.language,
    timezone: details?.timeZone,
    addresses: [{ type: 'work', formatted: details?.officeAddress, primary: false }],
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
      department,
      _location: details?.location,
    },
    'urn:ietf:params:scim:schemas:extension:freshservice:2.0:User': {
      isAgent: 'false',
      contractor: 'false',
      ...details?.customFields,
    },
  });
  expect(JSON.stringify(posts)).not.toContain('manager');
  expect((posts[1] as { schemas: string[] }).schemas).toHaveLength(2);
});

describe.each([
  ['classic', 'Add', 'Replace'],
  ['flag', 'add', 'replace'],
] as const)('the manager, in %s shape,', (patchStyle, add, replace) => {
  test('is set once everybody is there, changed, and removed by an empty text', async () => {
    const { tenant, provisioner } = world(3, { patchStyle });
    const { objectId } = personOf(tenant, 1);
    const report = await provisioner.runCycle();
    expect(server.traffic.slice(-2).map(({ method }) => method)).toEqual(['PATCH', 'PATCH']);
    expect(managerOperations()).toEqual([
      { op: add, path: MANAGER, value: 'u1' },
      { op: add, path: MANAGER, value: 'u1' },
    ]);
    expect(report.managers).toEqual({ sent: 2, waiting: 0, failures: [] });

    tenant.setManager(objectId, personOf(tenant, 2).objectId);
    await provisioner.runCycle();
    expect(managerOperations()).toEqual([{ op: replace, path: MANAGER, value: 'u3' }]);

    tenant.setManager(objectId, null);
    await provisioner.runCycle();
    expect(managerOperations()).toEqual([{ op: replace, path: MANAGER, value: '' }]);
    await provisioner.restartProvisioning();
    expect(managerOperations()).toEqual([]);
    expectInStep(tenant, provisioner);
  });
});

test('managerCheck filter: asks for each manager, and sends only what is not so', async () => {
  const { tenant, provisioner } = world(3, { managerCheck: 'filter' });
  await provisioner.runCycle();
  expect(managerOperations()).toHaveLength(2);
  await provisioner.restartProvisioning();
  const asked = server.traffic.splice(0).filter(({ filter }) => filter?.includes('manager'));
  expect(asked.map(({ rawUrl }) => rawUrl.replace(/^.*\?/, ''))).toEqual([
    'attributes=id&filter=id+eq+%22u2%22+and+manager+eq+%22u1%22',
    'attributes=id&filter=id+eq+%22u3%22+and+manager+eq+%22u1%22',
  ]);
  expect(managerOperations()).toEqual([]);
  tenant.setManager(personOf(tenant, 1).objectId, personOf(tenant, 2).objectId);
  await provisioner.runCycle();
  expect(managerOperations()).toEqual([{ op: 'Replace', path: MANAGER, value: 'u3' }]);
});

test('a manager out of scope is not sent, also not when coming back, until a restart', async () => {
  const { tenant, provisioner } = world(2);
  const boss = personOf(tenant, 0).objectId;
  tenant.leave(boss, 'block');
  expect((await provisioner.runCycle()).managers.sent).toBe(0);
  tenant.comeBack(boss);
  expect((await provisioner.runCycle()).managers.sent).toBe(0);
  expect((await provisioner.restartProvisioning()).managers.sent).toBe(1);
  expectInStep(tenant, provisioner);
});

test('people wait for a manager whose own request failed', async () => {
  const { tenant, provisioner } = world(3);
  const boss = personOf(tenant, 0).objectId;
  server.fault = ({ method, body }) =>
    method === 'POST' && (body as { externalId: string }).externalId === boss ? { status: 500 } : undefined;
  expect((await provisioner.runCycle()).managers).toEqual({ sent: 0, waiting: 2, failures: [] });
  server.fault = () => undefined;
  expect((await provisioner.runCycle()).managers.sent).toBe(2);
  expectInStep(tenant, provisioner);
});

test('a purged manager is taken away from the reports', async () => {
  const { tenant, provisioner } = world(2);
  await provisioner.runCycle();
  tenant.purge(personOf(tenant, 0).objectId);
  await provisioner.runCycle();
  expect(personOf(tenant, 1).manager).toBeNull();
  expectInStep(tenant, provisioner);
});

test('nobody can be above themselves', () => {
  const tenant = createTenant({ seed: 1, size: 3, attributes: 'full' });
  const [boss, report] = tenant.people();
  expect(() => tenant.setManager(boss?.objectId ?? '', report?.objectId ?? '')).toThrow(RangeError);
  expect(() => tenant.setManager(boss?.objectId ?? '', boss?.objectId ?? '')).toThrow(RangeError);
  expect(tenant.changeManager(boss?.objectId ?? '').manager).toBeUndefined();
});

test('a day moves people to other departments, offices and managers', () => {
  const tenant = createTenant({ seed: 2, size: 200, attributes: 'full' });
  const before = new Map(tenant.people().map((person) => [person.objectId, person]));
  const day = evolve(tenant, 1);
  expect([day.transferred.length, day.relocated.length]).toEqual([6, 4]);
  expect(day.underOtherManager.length).toBeGreaterThan(3);
  expect(day.withoutManager).toHaveLength(2);
  for (const id of day.transferred) expect(tenant.get(id).department).not.toBe(before.get(id)?.department);
  for (const id of day.relocated)
    expect(tenant.get(id).details?.location).not.toBe(before.get(id)?.details?.location);
  for (const id of day.underOtherManager) expect(tenant.get(id).manager).not.toBe(before.get(id)?.manager);
  for (const id of day.withoutManager) expect(tenant.get(id).manager).toBeNull();
});

test('managers stay trees over many days', () => {
  const tenant = createTenant({ seed: 4, size: 80, attributes: 'full' });
  for (let day = 1; day <= 30; day += 1) evolve(tenant, day, { managerChanges: 10, purges: 1, leavers: 4 });
  for (const person of tenant.people()) {
    let depth = 0;
    for (let above = person.manager; typeof above === 'string'; above = tenant.get(above).manager) depth += 1;
    expect(depth).toBeLessThan(10);
  }
});

test.each([1, 2])('many days with faults of every kind end in step (seed %i)', async (seed) => {
  const random = createRandom(seed);
  const faults = [{ status: 500 }, { status: 429 }, 'reset', 'resetAfter'] as const;
  const { tenant, provisioner } = world(50, { concurrency: 8, patchStyle: seed === 1 ? 'flag' : 'classic' });
  for (let day = 1; day <= 8; day += 1) {
    let isProbe = true;
    server.fault = () => {
      const fault = !isProbe && random.below(4) === 0 ? random.pick(faults) : undefined;
      isProbe = false;
      return fault;
    };
    await provisioner.runCycle();
    server.fault = () => undefined;
    await provisioner.runCycle();
    const { failures, managers } = await provisioner.runCycle();
    expect([failures, managers.waiting, managers.failures]).toEqual([[], 0, []]);
    expectInStep(tenant, provisioner);
    evolve(tenant, day, { leavers: 5, rehires: 2, purges: 2, managerRemovals: 2 });
  }
});
