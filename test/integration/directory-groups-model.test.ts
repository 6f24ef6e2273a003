/**
 * Random sequences of what may happen to groups and users, one by one and at once, on a real Redis, against a model in
 * memory. `FRESH_SCIM_SEED` replays a failure with the seed that it printed.
 */
import { randomUUID } from 'node:crypto';
import { type Directory, openDirectory } from '@fresh-scim/directory';
import type { MemberChange } from '@fresh-scim/scim';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertGroups, changeGroup, emptyGroups, type Groups, remove } from './directory-groups-model.ts';
import { type Bench, openBench, person, renamedTo } from './directory-support.ts';

const isLong = process.env['FRESH_SCIM_LONG'] === '1';
const SEQUENCES = isLong ? 2000 : 100;
const IDS = 12;

interface Real {
  readonly bench: Bench;
  readonly directory: Directory;
}
type Step = fc.AsyncCommand<Groups, Real>;

function step(
  name: string,
  parameters: unknown,
  run: (model: Groups, directory: Directory) => Promise<void>,
  check: (model: Readonly<Groups>) => boolean = () => true,
): Step {
  return {
    check,
    run: async (model, { bench, directory }) => {
      await run(model, directory);
      await assertGroups(bench, model);
    },
    toString: () => `${name}(${JSON.stringify(parameters)})`,
  };
}

const at = <T>(list: Iterable<T>, index: number): T => {
  const all = [...list];
  const found = all[index % all.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};
const hasRoom = ({ given }: Readonly<Groups>): boolean => given < IDS;
const hasGroups = ({ groups }: Readonly<Groups>): boolean => groups.size > 0;
const hasUsers = ({ users }: Readonly<Groups>): boolean => users.size > 0;
const pickIds = ({ ids }: Groups, indexes: readonly number[]): string[] => [
  ...new Set(indexes.map((index) => at(ids, index))),
];
const isTaken = ({ groups }: Groups, displayName: string, except?: string): boolean =>
  [...groups].some(
    ([id, group]) => id !== except && group.displayName.toLowerCase() === displayName.toLowerCase(),
  );
const planOf = (ids: readonly string[], what: 'add' | 'remove') =>
  new Map(ids.map((id): [string, 'add' | 'remove'] => [id, what]));

const displayName = fc.constantFrom('Field', 'FIELD', 'Desk', 'Lab');
const indexes = fc.array(fc.nat(IDS - 1), { maxLength: 5 });

const createUser = fc.constant(
  step(
    'createUser',
    '',
    async (model, directory) => {
      const id = at(model.ids, model.given);
      const { stored } = await directory.createUser(person(id));
      expect(stored.id).toBe(id);
      model.users.add(id);
      model.given += 1;
    },
    hasRoom,
  ),
);

const createGroup = fc.tuple(displayName, indexes).map(([name, members]) =>
  step(
    'createGroup',
    [name, members],
    async (model, directory) => {
      const id = at(model.ids, model.given);
      const ids = pickIds(model, members);
      const made = directory.createGroup({ displayName: name }, ids);
      if (isTaken(model, name)) {
        await expect(made).rejects.toMatchObject({ status: 409 });
      } else {
        expect(await made).toMatchObject({ stored: { id, generation: 1 }, key: `Group-${id}` });
        model.groups.set(id, { displayName: name, members: new Set(ids), generation: 1 });
      }
      model.given += 1;
    },
    hasRoom,
  ),
);

const patch = fc
  .tuple(
    fc.nat(),
    fc.option(displayName, { nil: undefined }),
    fc.constantFrom('add', 'remove', 'replace'),
    indexes,
  )
  .map(([index, name, op, picked]) =>
    step(
      'patch',
      [index, name, op, picked],
      async (model, directory) => {
        const [id, group] = at(model.groups, index);
        const ids = pickIds(model, picked);
        const change: MemberChange = { op, ids };
        const done = directory.mutateGroup(
          id,
          name === undefined ? (attributes) => attributes : renamedTo(name),
          [change],
        );
        if (name !== undefined && isTaken(model, name, id)) {
          await expect(done).rejects.toMatchObject({ status: 409 });
          return;
        }
        const gone = op === 'replace' ? [...group.members].filter((member) => !ids.includes(member)) : [];
        const plan = new Map([...planOf(gone, 'remove'), ...planOf(ids, op === 'remove' ? 'remove' : 'add')]);
        const changed = changeGroup(group, plan, name);
        expect(await done).toMatchObject({ changed, stored: { generation: group.generation } });
      },
      hasGroups,
    ),
  );

/** Requests for different members of one group, a rename and the delete of a user, all at once. */
const together = fc
  .tuple(
    fc.nat(),
    fc.array(fc.tuple(fc.nat(IDS - 1), fc.boolean()), { minLength: 2, maxLength: 8 }),
    fc.nat(),
  )
  .map(([index, asked, leaver]) =>
    step(
      'together',
      [index, asked, leaver],
      async (model, directory) => {
        const [id, group] = at(model.groups, index);
        const user = at(model.users, leaver);
        const name = `Renamed ${id}`;
        const wanted = new Map(
          asked.map(([member, adds]): [string, 'add' | 'remove'] => [
            at(model.ids, member),
            adds ? 'add' : 'remove',
          ]),
        );
        wanted.delete(user);
        await Promise.all([
          ...[...wanted].map(([member, what]) =>
            directory.mutateGroup(id, (attributes) => attributes, [{ op: what, ids: [member] }]),
          ),
          directory.mutateGroup(id, renamedTo(name), []),
          directory.removeUser(user),
        ]);
        for (const [member, what] of wanted) changeGroup(group, new Map([[member, what]]));
        changeGroup(group, new Map(), name);
        remove(model, user);
      },
      (model) => hasGroups(model) && hasUsers(model),
    ),
  );

const removeGroup = fc.nat().map((index) =>
  step(
    'removeGroup',
    index,
    async (model, directory) => {
      const [id] = at(model.groups, index);
      expect(await directory.removeGroup(id)).toMatchObject({ changed: true });
      remove(model, id);
    },
    hasGroups,
  ),
);

const removeUser = fc.nat().map((index) =>
  step(
    'removeUser',
    index,
    async (model, directory) => {
      const id = at(model.users, index);
      await directory.removeUser(id);
      remove(model, id);
    },
    hasUsers,
  ),
);

test(`${SEQUENCES} sequences keep every invariant of groups`, {
  timeout: 1_800_000,
}, async () => {
  const seed = Number(process.env['FRESH_SCIM_SEED'] ?? (isLong ? Date.now() : 20_261_123));
  const account = `t${randomUUID().slice(0, 8)}`;
  const steps = fc.commands(
    [createUser, createUser, createGroup, patch, patch, together, removeGroup, removeUser],
    {
      maxCommands: 20,
    },
  );
  let done = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (commands) => {
      done += 1;
      await using bench = openBench(`${account}-${done}`);
      const model = emptyGroups(Array.from({ length: IDS }, () => randomUUID()));
      const directory = openDirectory(bench.redis, bench.scope, {
        newId: () => at(model.ids, model.given),
        pause: async () => undefined,
        random: () => 0,
      });
      await fc.asyncModelRun(() => ({ model, real: { bench, directory } }), commands);
    }),
    { seed, numRuns: SEQUENCES },
  );
  expect(done).toBe(SEQUENCES);
});
