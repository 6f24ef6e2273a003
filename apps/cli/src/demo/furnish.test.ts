import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTenant, signInAddressOf } from '@fresh-scim/entra-sim';
import { createSimulator } from '@fresh-scim/freshservice-sim';
import type { Simulator } from '@fresh-scim/freshservice-sim';
import { furnishAccount } from './furnish.ts';
import { fetchAccount } from './simulated-account.ts';

const tenant = createTenant({ seed: 1, size: 60, attributes: 'full' });
let simulator: Simulator;
let url: string;

beforeEach(async () => {
  simulator = createSimulator({ apiKey: 'key-of-the-owner', samples: false });
  ({ url } = await simulator.listen());
});
afterEach(() => simulator.close());

test('a third of the people are there before, in every condition, and some strangers', async () => {
  const strangers = await furnishAccount(url, tenant, 20);
  const { users } = await fetchAccount(url);
  const addresses = new Set(tenant.people().map(signInAddressOf));
  const objectIds = new Set(tenant.people().map(({ objectId }) => objectId));
  const existing = users.filter(
    ({ primary_email: address, external_id: externalId }) =>
      addresses.has(address ?? '') || objectIds.has(externalId ?? ''),
  );
  expect(existing).toHaveLength(20);
  expect(existing.filter(({ active }) => !active)).toHaveLength(2);
  expect(existing.filter((user) => user.is_agent)).toHaveLength(2);
  expect(existing.filter(({ external_id: externalId }) => externalId !== null)).toHaveLength(2);
  expect(users.filter(({ id }) => strangers.has(id))).toHaveLength(2);
  expect(simulator.stats()).toMatchObject({ calls: 0, duplicates: [] });
});

test('the locations and custom fields that the tenant speaks of are there once, also when furnished twice', async () => {
  await furnishAccount(url, tenant, 0);
  const { locations, fields } = await fetchAccount(url);
  await furnishAccount(url, tenant, 0);
  const again = await fetchAccount(url);
  expect([again.locations, again.fields]).toEqual([locations, fields]);
  expect(fields.map(({ name }) => name)).toEqual(expect.arrayContaining(['cost_centre', 'contractor']));
  expect(locations.filter(({ name }) => name === 'Springfield')).toHaveLength(2);
});
