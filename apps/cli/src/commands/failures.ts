// failures and held: the people who do not move by themselves, with the reason in words.
import type { PersonStory } from '@fresh-scim/directory';
import { directoryOf, needConnection, withInstallation } from '../installation.ts';
import { toJson } from '../io.ts';
import type { Io } from '../io.ts';
import { keysOf, storiesOf } from '../look/people.ts';
import { adviceOf, toStoryDocument, wantedOf } from '../look/person.ts';
import { toTable } from '../table.ts';
import { toUntil } from '../words/time.ts';
import { toSentence } from '../words/timeline.ts';
import { reasonOf } from '../words/why.ts';
import { examples, JSON_FLAG } from './command.ts';
import type { AddCommand, JsonOption } from './command.ts';

const SHOWN_MAX = 100;

/** Adds `failures`. */
export const addFailures: AddCommand = (program, io) => {
  program
    .command('failures')
    .description('list the people who were put aside, or whose last try failed, and why')
    .argument('<connection>', 'name or id')
    .option(...JSON_FLAG)
    .addHelpText('after', examples('failures acme', 'failures acme --json'))
    .action((idOrName: string, options: JsonOption) => show(io, idOrName, ['parked', 'deferred'], options));
};

/** Adds `held`. */
export const addHeld: AddCommand = (program, io) => {
  program
    .command('held')
    .description('list the people whose access would go, and whom the brake holds back')
    .argument('<connection>', 'name or id')
    .option(...JSON_FLAG)
    .addHelpText('after', examples('held acme', 'approve acme --all', 'reject acme ines.barros@acme.example'))
    .action((idOrName: string, options: JsonOption) => show(io, idOrName, ['held'], options));
};

async function show(
  io: Io,
  idOrName: string,
  states: readonly ('parked' | 'deferred' | 'held')[],
  options: JsonOption,
): Promise<void> {
  await withInstallation(io, async ({ connections, redis }) => {
    const directory = directoryOf(redis, await needConnection(connections, idOrName));
    const keys = (await Promise.all(states.map((state) => keysOf(directory, state)))).flat();
    const stories = await storiesOf(directory, keys.slice(0, SHOWN_MAX));
    const now = Date.now();
    if (options.json) {
      io.out(toJson({ total: keys.length, people: stories.map((story) => toStoryDocument(story, now)) }));
      return;
    }
    if (keys.length === 0) {
      io.hint('Nobody.');
      return;
    }
    io.out(
      toTable(
        ['USER NAME', 'ENTRA WANTS', 'WHY', 'NEXT LOOK'],
        stories.map((story) => toRow(story, now)),
      ),
    );
    if (keys.length > stories.length) io.hint(`The first ${stories.length} of ${keys.length} are shown.`);
    for (const advice of new Set(stories.map(adviceOf))) io.hint(advice);
  });
}

function toRow(story: PersonStory, now: number): string[] {
  const { userName, active } = wantedOf(story);
  const last = story.timeline.find(({ what }) => what === 'parked' || what === 'failed');
  const why = story.state === 'parked' && last !== undefined ? toSentence(last) : reasonOf(story.why).meaning;
  return [
    userName,
    active ? 'active' : 'no access',
    why,
    story.dueAt === null ? '-' : toUntil(story.dueAt, now),
  ];
}
