/** What Entra does in the model test: few names and values, so that people get into each other's way. */
import { type Attributes, ScimError } from '@fresh-scim/scim';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import * as model from './directory-model.ts';
import { claimable, holderOf, part } from './directory-model-import.ts';
import { isManaged, type Person } from './directory-model.ts';
import { alive, hasAlive, pick, step } from './directory-step.ts';

const userName = fc.constantFrom(
  'ana@x.example',
  'Ana@X.example',
  'bo@x.example',
  "o'hara@x.example",
  'ana.b@y.example',
);
const externalId = fc.constantFrom('e1', 'E1', 'a"quoted\\one');
const email = fc.constantFrom('ana@x.example', 'Team@x.example', 'bo@y.example');
const displayName = fc.constantFrom('Ana Bela', 'Bo', "Seán O'Hara", '\u{20bb7}\u7530');

export const attributes = fc
  .record(
    { userName, active: fc.boolean(), externalId, displayName, email, home: email },
    { requiredKeys: ['userName', 'active'] },
  )
  .map(({ email, home, ...plain }): Attributes => {
    const emails = [
      ...(home ? [{ type: 'home', value: home }] : []),
      ...(email ? [{ type: 'work', value: email }] : []),
    ];
    return emails.length > 0 ? { ...plain, emails } : plain;
  });

const changes = fc.oneof(
  fc.record({ userName }),
  fc.record({ active: fc.boolean() }),
  fc.record({ externalId }),
  fc.record({ displayName }),
  email.map((value): Attributes => ({ emails: [{ type: 'work', value }] })),
);

export const create = attributes.map((wanted) =>
  step('create', wanted, async (state, { directory, reached }) => {
    const claimed = claimable(state, wanted);
    const made = directory.createUser(wanted);
    if (claimed) {
      reached.add(part(state, claimed, wanted) ? 'parted' : 'claimed');
      model.change(state, claimed, wanted);
      expect(await made).toMatchObject(committedOf(claimed));
      return;
    }
    if (holderOf(state, wanted)) return refused(made);
    const { stored, urgency, key } = await made;
    expect(model.addPerson(state, stored.id, wanted)).toMatchObject({ key, urgency });
  }),
);

export const mutate = fc.tuple(fc.nat(), changes).map(([index, changed]) =>
  step(
    'mutate',
    [index, changed],
    async (state, { directory, reached }) => {
      const person = pick(alive(state), index);
      const after = { ...person.attributes, ...changed };
      const done = directory.mutateUser(person.id, () => after);
      if (holderOf(state, after, person)) return refused(done);
      const committed = await done;
      if (!isManaged(person)) reached.add('first written');
      if (part(state, person, after)) reached.add('parted');
      model.change(state, person, after);
      expect(committed).toMatchObject(committedOf(person));
    },
    hasAlive,
  ),
);

export const remove = fc.nat().map((index) =>
  step(
    'remove',
    index,
    async (state, { directory }) => {
      const person = pick(alive(state), index);
      const committed = await directory.removeUser(person.id);
      model.change(state, person, undefined);
      expect(committed).toMatchObject(committedOf(person));
      expect(await directory.removeUser(person.id)).toBeUndefined();
    },
    hasAlive,
  ),
);

const committedOf = ({ key, state, urgency, generation }: Person): object => ({
  key,
  changed: true,
  urgency: state === 'held' ? 'held' : urgency,
  stored: { generation },
});

async function refused(work: Promise<unknown>): Promise<void> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(ScimError);
  expect(error).toMatchObject({ status: 409, scimType: 'uniqueness' });
}
