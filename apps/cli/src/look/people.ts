// Finds the people of a command: one by what an operator typed, or everybody in a state. Bounded.
import { type Directory, type Key, type PersonStory, userKey } from '@fresh-scim/directory';
import { CliError, EXIT } from '../failure.ts';
import { wantedOf } from './person.ts';

const PAGE = 1_000;
const KEYS_MAX = 1_000_000;
const SCAN_SLICE = 500;

/** All keys in a state, those whose turn comes first in front. */
export async function keysOf(directory: Directory, state: 'parked' | 'held' | 'deferred'): Promise<Key[]> {
  const keys: Key[] = [];
  while (keys.length < KEYS_MAX) {
    const page = await directory.keysIn(state, keys.length, PAGE);
    keys.push(...page);
    if (page.length < PAGE) break;
  }
  return keys;
}

/** Calls `work` with slices of the keys, and adds up what it answers. */
export async function inSlices(
  keys: readonly Key[],
  work: (slice: Key[]) => Promise<number>,
): Promise<number> {
  let sum = 0;
  for (let start = 0; start < keys.length; start += PAGE) sum += await work(keys.slice(start, start + PAGE));
  return sum;
}

/** Everybody whom Entra manages is looked at again, behind all other work. @returns how many. */
export async function wakeEverybody(directory: Directory): Promise<number> {
  const { parked } = await directory.status();
  let people = 0;
  for await (const slice of directory.scanUsers(SCAN_SLICE)) {
    people += await directory.wake(
      slice.map(({ id }) => userKey(id)),
      { urgency: 'bulk' },
    );
  }
  if (parked === 0) return people;
  // Deleted people are not among the users; they may be put aside as well.
  const aside = await keysOf(directory, 'parked');
  return people + (await inSlices(aside, (slice) => directory.wake(slice, { urgency: 'bulk' })));
}

/** The stories of the first keys of a state, for a list. */
export async function storiesOf(directory: Directory, keys: readonly Key[]): Promise<PersonStory[]> {
  const stories = await Promise.all(keys.map((key) => directory.story(key)));
  return stories.filter((story) => story !== undefined);
}

/**
 * The one person that `who` means.
 * @throws {CliError} unknown-person, several-people: with a short list, for people who act must mean one
 */
export async function needPerson(directory: Directory, who: string): Promise<PersonStory> {
  const found = await directory.findPeople(who);
  const [only, ...others] = found;
  if (only === undefined) throw unknownPerson();
  if (others.length === 0) return only;
  const names = found.map((story) => `  ${story.key}  ${wantedOf(story).userName}`).join('\n');
  throw new CliError(
    EXIT.wrongUsage,
    'several-people',
    `${found.length} people fit:\n${names}`,
    'Give one of these keys or user names.',
  );
}

/** Nobody was found. */
export function unknownPerson(): CliError {
  return new CliError(
    EXIT.failed,
    'unknown-person',
    'Nobody of this connection fits.',
    'Give a user name, an e-mail address, an id, or the beginnings of words of the name.',
  );
}
