/** What happens in a case: what was so before, what Entra does then, and what it does in between. */
import type { Simulator } from '@fresh-scim/freshservice-sim';
import type { Person, Tenant } from './tenant.ts';

const GUID = '5b0f2c1e-1111-4222-8333-9a9a9a9a9a9a';
const OTHER_GUID = '7d1e4a3c-5555-4666-8777-1b1b1b1b1b1b';
const ADDRESS = 'ines.okafor@larkspur.example';
const RENAMED = 'ines.lund@larkspur.example';

/** Without faults each ends in step. */
export interface Scenario {
  /** What was so before, one step after the other; each is brought in step, and nothing fails. */
  readonly before?: readonly ((tenant: Tenant) => Promise<unknown>)[];
  /**
   * The account that was there already can be known by its address only: a rename before it is found makes a new person,
   * as it should, so that the scenario says nothing of renames.
   */
  readonly isFoundByAddress?: true;
  /** What Entra does; the faults are in its requests and in what the workers make of it. */
  act(tenant: Tenant, sim: Simulator): Promise<unknown>;
}

const posted = async (tenant: Tenant): Promise<void> => {
  await tenant.post(ADDRESS, GUID, 'Field Engineer');
};
/** Two resources of one person at once: one of them gets the account, the other one waits, parked. */
const postedTwice = async (tenant: Tenant): Promise<Person> => {
  const first = await tenant.post(ADDRESS, GUID, 'Field Engineer');
  await tenant.post('i.okafor@larkspur.example', GUID, 'Second');
  return first;
};
const disabled = (tenant: Tenant): Promise<void> => tenant.disable(tenant.subject);

export const SCENARIOS = {
  create: { act: posted },
  change: {
    before: [posted],
    act: (tenant) => tenant.retitle(tenant.subject, 'Team Lead'),
  },
  deactivate: {
    before: [posted],
    act: disabled,
  },
  delete: {
    before: [posted],
    act: (tenant) => tenant.delete(tenant.subject),
  },
  rename: {
    before: [posted],
    act: (tenant) => tenant.rename(tenant.subject, 'i.okafor@larkspur.example'),
  },
  reactivate: {
    before: [posted],
    act: async (tenant) => {
      await tenant.disable(tenant.subject);
      await tenant.retitle(tenant.subject, 'Back');
      await tenant.enable(tenant.subject);
    },
  },
  return: {
    before: [posted, disabled],
    act: async (tenant) => {
      await tenant.retitle(tenant.subject, 'Back');
      await tenant.enable(tenant.subject);
    },
  },
  adopt: {
    isFoundByAddress: true,
    act: async (tenant, sim) => {
      sim.state.create({ first_name: 'Ines', primary_email: ADDRESS, job_title: 'Intern' });
      await posted(tenant);
    },
  },
  'adopt-inactive': {
    isFoundByAddress: true,
    act: async (tenant, sim) => {
      sim.state.create({ first_name: 'Ines', primary_email: ADDRESS, active: false });
      await posted(tenant);
    },
  },
  repost: {
    before: [posted],
    act: async (tenant) => {
      await tenant.delete(tenant.subject);
      await tenant.post(ADDRESS, GUID, 'New');
    },
  },
  /** Its externalId is no GUID and proves nothing: the account is found by the address, when the create is refused. */
  'repost-by-address': {
    isFoundByAddress: true,
    before: [(tenant) => tenant.post(ADDRESS, 'ines', 'Field Engineer')],
    act: async (tenant) => {
      await tenant.delete(tenant.subject);
      await tenant.post(ADDRESS, 'ines', 'Field Engineer');
    },
  },
  'create-and-leave': {
    act: async (tenant) => {
      await posted(tenant);
      await tenant.disable(tenant.subject);
    },
  },
  takeover: {
    before: [posted, disabled],
    act: async (tenant) => {
      await tenant.post('i.okafor@larkspur.example', GUID, 'New');
    },
  },
  'one-person-twice': { act: postedTwice },
  'one-person-twice-first': {
    act: async (tenant) => {
      tenant.subject = await postedTwice(tenant);
    },
  },
  /** The address is another person's until that one, whose key comes later, has moved on. */
  'address-moves-on': {
    before: [
      posted,
      async (tenant) => {
        tenant.subject = await tenant.post('second@larkspur.example', OTHER_GUID, 'Second');
      },
    ],
    act: async (tenant) => {
      const [first] = tenant.people;
      if (!first) throw new TypeError('nobody was posted');
      await tenant.retitle(tenant.subject, 'Takes the name');
      await tenant.rename(first, 'moved.on@larkspur.example');
      await tenant.rename(tenant.subject, ADDRESS);
    },
  },
  'leave-as-agent': {
    before: [posted],
    act: async (tenant, sim) => {
      const [person] = sim.state.users.byPrimary(ADDRESS);
      if (!person) throw new TypeError('nobody was created');
      sim.state.save({ ...person, is_agent: true });
      await tenant.disable(tenant.subject);
    },
  },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof SCENARIOS;

/** What Entra does while a fault is being dealt with. `bounce`: disables and enables; `repost`: deletes and posts anew. */
export const MEANWHILE = {
  nothing: () => Promise.resolve(),
  rename: (tenant) => tenant.rename(tenant.subject, RENAMED),
  delete: (tenant) => tenant.delete(tenant.subject),
  disable: disabled,
  bounce: async (tenant) => {
    await disabled(tenant);
    await tenant.enable(tenant.subject);
  },
  repost: async (tenant) => {
    const { address, externalId } = tenant.subject;
    await tenant.delete(tenant.subject);
    tenant.subject = await tenant.post(address, externalId, 'Posted anew');
  },
  'repost-renamed': async (tenant) => {
    const { externalId } = tenant.subject;
    await tenant.delete(tenant.subject);
    tenant.subject = await tenant.post(RENAMED, externalId, 'Posted anew');
  },
} as const satisfies Readonly<Record<string, (tenant: Tenant) => Promise<void>>>;

export type MeanwhileName = keyof typeof MEANWHILE;
