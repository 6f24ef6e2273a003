// approve, reject and retry: what an operator decides about people who do not move by themselves.
import type { Directory, Key, PersonStory } from '@fresh-scim/directory';
import { CliError, EXIT } from '../failure.ts';
import { directoryOf, needConnection, withInstallation } from '../installation.ts';
import { toJson } from '../io.ts';
import type { Io } from '../io.ts';
import { inSlices, keysOf, needPerson } from '../look/people.ts';
import { examples, JSON_FLAG } from './command.ts';
import type { AddCommand, JsonOption } from './command.ts';

interface Options extends JsonOption {
  readonly all?: true;
}

interface Decision {
  readonly name: 'approve' | 'reject' | 'retry';
  readonly description: string;
  /** Whom it is about, in a sentence such as "Nobody is ...". */
  readonly about: string;
  readonly states: readonly PersonStory['state'][];
  readonly all: (directory: Directory) => Promise<Key[]>;
  readonly decide: (directory: Directory, keys: readonly Key[]) => Promise<number>;
  readonly done: string;
}

const DECISIONS: readonly Decision[] = [
  {
    name: 'approve',
    description: 'let the people go whom the brake holds back: their accounts are deactivated at once',
    about: 'held',
    states: ['held'],
    all: (directory) => keysOf(directory, 'held'),
    decide: (directory, keys) =>
      directory.wake(keys, { urgency: 'urgent', release: true, event: { what: 'approved' } }),
    done: 'approved; their accounts are deactivated within seconds',
  },
  {
    name: 'reject',
    description:
      'keep the accounts of people whom the brake holds back, until Entra changes those people again',
    about: 'held',
    states: ['held'],
    all: (directory) => keysOf(directory, 'held'),
    decide: (directory, keys) => directory.rejectHeld(keys, { what: 'rejected' }),
    done: 'rejected; their accounts are kept',
  },
  {
    name: 'retry',
    description: 'look again, now, at people who were put aside or wait for another try',
    about: 'put aside',
    states: ['parked', 'deferred'],
    all: async (directory) => [
      ...(await keysOf(directory, 'parked')),
      ...(await keysOf(directory, 'deferred')),
    ],
    decide: (directory, keys) => directory.wake(keys, { urgency: 'normal', event: { what: 'retried' } }),
    done: 'woken; they are looked at within 15 seconds',
  },
];

/** Adds `approve`, `reject` and `retry`. */
export const addActions: AddCommand = (program, io) => {
  for (const decision of DECISIONS) {
    program
      .command(decision.name)
      .description(decision.description)
      .argument('<connection>', 'name or id')
      .argument('[who]', 'one person: user name, e-mail address, id or words of the name')
      .option('--all', `everybody who is ${decision.about}`)
      .option(...JSON_FLAG)
      .addHelpText(
        'after',
        examples(`${decision.name} acme ines.barros@acme.example`, `${decision.name} acme --all`),
      )
      .action((idOrName: string, who: string | undefined, options: Options) =>
        act(io, decision, idOrName, who, options),
      );
  }
};

async function act(
  io: Io,
  { name, about, states, all, decide, done }: Decision,
  idOrName: string,
  who: string | undefined,
  options: Options,
): Promise<void> {
  if ((who === undefined) === (options.all === undefined)) {
    const fix = `For everybody who is ${about}: ${name} CONNECTION --all`;
    throw new CliError(EXIT.wrongUsage, 'wrong-usage', 'Name one person, or say --all.', fix);
  }
  await withInstallation(io, async ({ connections, redis }) => {
    const directory = directoryOf(redis, await needConnection(connections, idOrName));
    const story = who === undefined ? undefined : await needPerson(directory, who);
    if (story !== undefined && !states.includes(story.state)) {
      const fix = 'See their story with: fresh-scim user CONNECTION WHO';
      throw new CliError(EXIT.failed, `not-${states[0]}`, `This person is not ${about}.`, fix);
    }
    const keys = story === undefined ? await all(directory) : [story.key];
    const people = await inSlices(keys, (slice) => decide(directory, slice));
    if (options.json) io.out(toJson({ people }));
    else io.out(`${people} ${people === 1 ? 'person' : 'people'} ${people === 0 ? `are ${about}` : done}.`);
  });
}
