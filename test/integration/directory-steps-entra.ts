/** What Entra does in the model test: few names and values, so that people get into each other's way. */
import { type Attributes, ScimError, userNameOf } from '@fresh-scim/scim';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import * as model from './directory-model.ts';
import type { Model, Person } from './directory-model.ts';
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

const attributes = fc
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

/** The userName that nobody else may have at the same time. */
const isTaken = (model: Model, wanted: Attributes, except?: Person): boolean =>
  alive(model).some(
    (person) =>
      person !== except &&
      userNameOf(person.attributes ?? {}).toLowerCase() === userNameOf(wanted).toLowerCase(),
  );

export const create = attributes.map((wanted) =>
  step('create', wanted, async (state, { directory }) => {
    const made = directory.createUser(wanted);
    if (isTaken(state, wanted)) return refused(made);
    const { stored, urgency, key } = await made;
    expect(model.addPerson(state, stored.id, wanted)).toMatchObject({ key, urgency });
  }),
);

export const mutate = fc.tuple(fc.nat(), changes).map(([index, changed]) =>
  step(
    'mutate',
    [index, changed],
    async (state, { directory }) => {
      const person = pick(alive(state), index);
      const after = { ...person.attributes, ...changed };
      const done = directory.mutateUser(person.id, () => after);
      if (isTaken(state, after, person)) return refused(done);
      const committed = await done;
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
