import { expect, test } from 'vitest';
import { evolve } from './evolve.ts';
import { createTenant, isInScope } from './tenant.ts';

test('the same seeds give the same tenant after the same days', () => {
  const live = () => {
    const tenant = createTenant({ seed: 4, size: 120 });
    const days = [1, 2, 3, 4, 5].map((seed) => evolve(tenant, seed));
    return { days, people: tenant.people() };
  };
  expect(live()).toEqual(live());
});

test('leavers are at most 4 % of the people and at most 45', () => {
  expect(evolve(createTenant({ seed: 1, size: 200 }), 1).left).toHaveLength(8);
  expect(evolve(createTenant({ seed: 1, size: 3000 }), 1).left).toHaveLength(45);
});

test('nobody is touched twice by one day, and counts are kept', () => {
  const tenant = createTenant({ seed: 2, size: 100 });
  evolve(tenant, 1, { leavers: 30 });
  const day = evolve(tenant, 2, {
    renames: 5,
    titles: 5,
    phones: 5,
    leavers: 5,
    returners: 3,
    purges: 2,
    rehires: 2,
    joiners: 4,
  });
  const touched = [
    day.renamed,
    day.retitled,
    day.rephoned,
    day.left,
    day.returned,
    day.purged,
    day.rehiredFrom,
  ].flat();
  expect(touched).toHaveLength(27);
  expect(new Set(touched).size).toBe(27);
  expect(day.joined).toHaveLength(4);
  for (const id of [...day.returned, ...day.rehired, ...day.joined])
    expect(isInScope(tenant.get(id))).toBe(true);
  for (const id of [...day.left, ...day.purged]) expect(isInScope(tenant.get(id))).toBe(false);
});

test('many days never put two people in scope with one address', () => {
  const tenant = createTenant({ seed: 3, size: 60 });
  for (let day = 1; day <= 40; day += 1) {
    evolve(tenant, day, { leavers: 6, purges: 2, rehires: 3, returners: 2 });
    const upns = tenant
      .people()
      .filter(isInScope)
      .map((person) => person.userPrincipalName);
    expect(new Set(upns).size).toBe(upns.length);
  }
});

test('the tenant refuses what a directory cannot do', () => {
  const tenant = createTenant({ seed: 1, size: 2 });
  const objectId = tenant.people()[0]?.objectId ?? '';
  tenant.leave(objectId, 'softDelete');
  const rehired = tenant.rehire(objectId);
  expect(rehired.objectId).not.toBe(objectId);
  expect(() => tenant.comeBack(objectId)).toThrow(RangeError);
  expect(() => tenant.rename(objectId)).toThrow(RangeError);
  expect(() => tenant.get('nobody')).toThrow(RangeError);
});
