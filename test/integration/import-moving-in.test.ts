/**
 * Moving in: an account with 2,000 people who are there already is imported, then Entra provisions the same people.
 * Nobody is created twice, nobody is called about who is in step.
 */
import {
  createProvisioner,
  createTenant,
  type DirectoryPerson,
  signInAddressOf,
} from '@fresh-scim/entra-sim';
import { importAccounts } from '@fresh-scim/reconciler';
import { afterEach, expect, it } from 'vitest';
import { openScimApi, type TestApi } from '../support/scim-api.ts';
import { openWorld, type TestWorld } from '../support/world.ts';

const PEOPLE = 2000;
/** Former employees and others of whom Entra knows nothing. */
const STRANGERS = 40;

let api: TestApi | undefined;
let world: TestWorld | undefined;
afterEach(async () => {
  await world?.close();
  await world?.directory.erase().catch(() => undefined);
  await api?.close();
});

/** What the account shows of a person, and whether that differs from what Entra wants. */
function accountOf(person: DirectoryPerson, index: number): { draft: object; differs: boolean } {
  const address = signInAddressOf(person).toLowerCase();
  const same = {
    first_name: person.givenName ?? person.displayName,
    last_name: person.surname?.slice(0, 255) ?? null,
    job_title: person.jobTitle ?? null,
    work_phone_number: person.telephoneNumber ?? null,
    mobile_phone_number: person.mobile ?? null,
    primary_email: address,
    secondary_emails: person.mail.toLowerCase() === address ? [] : [person.mail.toLowerCase()],
    external_id: person.objectId,
  };
  const kinds = [
    // Of a title that Entra does not have it says nothing.
    { draft: { ...same, job_title: 'Of years ago' }, differs: person.jobTitle !== undefined },
    { draft: { ...same, primary_email: `person.${index}@elsewhere.example` }, differs: true },
    { draft: { ...same, active: false }, differs: true },
    { draft: { ...same, is_agent: true }, differs: false },
    { draft: { ...same, external_id: null }, differs: true },
  ];
  return kinds[index % 20] ?? { draft: same, differs: false };
}

it('2,000 people', async () => {
  api = await openScimApi();
  world = await openWorld({ ...api.directory.scope, deadlineMs: 10_000 });
  const { sim, directory } = world;
  const tenant = createTenant({ seed: 7, size: PEOPLE });
  const accounts = tenant.people().map(accountOf);
  for (const { draft } of accounts) sim.state.create(draft);
  for (let index = 0; index < STRANGERS; index += 1) {
    sim.state.create({
      first_name: 'Stranger',
      primary_email: `stranger.${index}@elsewhere.example`,
      active: index % 2 === 0,
    });
  }
  const differing = accounts.filter(({ differs }) => differs).length;
  const calls = (): number => Object.values(world?.calls() ?? {}).reduce((sum, count) => sum + count, 0);

  await directory.startImport();
  expect(await importAccounts(world.world, { signal: new AbortController().signal })).toBe('done');
  const listCalls = calls();
  expect(listCalls).toBeLessThanOrEqual(40);
  // The owner of the API key is one of those who are shown.
  expect(await directory.status()).toMatchObject({ users: 0, unmanaged: PEOPLE + STRANGERS + 1, dirty: 0 });

  const provisioner = createProvisioner({ tenant, baseUrl: await api.listen(), token: api.token });
  const initial = await provisioner.runCycle();
  expect(initial.failures).toEqual([]);
  await world.drain();
  const { users, unmanaged, parked } = await directory.status();
  // Who is shown exactly as Entra wants it is found and not written to.
  expect(users).toBeGreaterThan(0.9 * PEOPLE);
  expect({ everybody: users + unmanaged, parked }).toEqual({ everybody: PEOPLE + STRANGERS + 1, parked: 0 });
  expect(calls() - listCalls).toBe(differing);
  expect(world.calls()['requesters.create']).toBeUndefined();
  expect(world.people()).toHaveLength(PEOPLE + STRANGERS);
  expect(sim.state.duplicates()).toEqual([]);

  await provisioner.restartProvisioning();
  await world.drain();
  expect(calls() - listCalls).toBe(differing);
  await provisioner.close();
});
