// What people are called: the hard cases of names, how a new name is chosen, and which fields of the directory it fills.
import { APOSTROPHE_NAMES, LONG_NAME_PARTS, NAME_SETS, SINGLE_NAMES, type Word } from './names.ts';
import type { Random } from './random.ts';

/** Longest name made, in UTF-16 units. More than Entra itself permits in a surname (64), on purpose. */
export const NAME_LENGTH_MAX = 255;

/** A name before it is written down: its parts, and which fields of the directory they fill. */
export interface Name {
  readonly form: 'two names' | 'given name only' | 'display name only';
  readonly parts: readonly Word[];
  /** Store the accents as separate characters (NFD), as some sources of a directory do. */
  readonly decomposed?: boolean;
}

/** The fields of the directory that a name fills. */
export interface WrittenName {
  readonly displayName: string;
  readonly givenName: string | undefined;
  readonly surname: string | undefined;
}

type Renamed = WrittenName & { readonly mailNickname: string };

/** What is special about a person, if anything. */
export type HardCase =
  | 'guest'
  | 'plus guest'
  | 'apostrophe'
  | 'long'
  | 'given name only'
  | 'display name only'
  | 'decomposed'
  | 'own mail'
  | 'none';

/** Places within each hundred people; everybody else is of no special kind. */
const HARD_CASES: ReadonlyMap<number, HardCase> = new Map([
  [3, 'guest'],
  [37, 'guest'],
  [58, 'guest'],
  [11, 'plus guest'],
  [17, 'apostrophe'],
  [68, 'apostrophe'],
  [23, 'long'],
  [29, 'given name only'],
  [74, 'display name only'],
  [31, 'decomposed'],
]);

/** The kind of the person with this place (from 0) in the order of hiring. */
export function hardCaseOf(index: number): HardCase {
  if (index % 200 === 19) return 'own mail'; // 0.5 %: each costs the receiver an additional look-up
  return HARD_CASES.get(index % 100) ?? 'none';
}

/** A name for somebody new. */
export function nameFor(kase: HardCase, random: Random): Name {
  if (kase === 'given name only' || kase === 'display name only') {
    return { form: kase, parts: [random.pick(SINGLE_NAMES)] };
  }
  const set = random.pick(NAME_SETS);
  const given = random.pick(set.given);
  if (kase === 'apostrophe') return { form: 'two names', parts: [given, random.pick(APOSTROPHE_NAMES)] };
  if (kase === 'long') return { form: 'two names', parts: [given, longName(random)] };
  const family = random.pick(set.family);
  if (kase === 'decomposed')
    return { form: 'two names', parts: [['André', 'andre'], family], decomposed: true };
  return { form: 'two names', parts: [given, family] };
}

/** Another name for somebody, of the same form: a member of two names keeps the given one. */
export function newNameFor(person: Renamed, random: Random): Name {
  if (person.givenName === undefined)
    return { form: 'display name only', parts: [otherThan(person.displayName, random)] };
  if (person.surname === undefined)
    return { form: 'given name only', parts: [otherThan(person.givenName, random)] };
  const given: Word = [person.givenName, asciiGivenNameOf(person)];
  const set = random.pick(NAME_SETS);
  const family = random.pick(set.family.filter(([written]) => written !== person.surname));
  return { form: 'two names', parts: [given, family] };
}

function otherThan(written: string, random: Random): Word {
  return random.pick(SINGLE_NAMES.filter(([name]) => name !== written));
}

/** The given name as the present address spells it: the letters before the first dot. */
function asciiGivenNameOf(person: Renamed): string {
  return /^[a-z]+/.exec(person.mailNickname)?.[0] ?? 'user';
}

function longName(random: Random): Word {
  const target = 100 + random.below(NAME_LENGTH_MAX - 99);
  const first = random.pick(LONG_NAME_PARTS);
  let written = first[0];
  while (written.length < target) written += `-${random.pick(LONG_NAME_PARTS)[0]}`;
  return [written.slice(0, target).replace(/-$/, 'a'), first[1]];
}

/** The fields of the directory that hold the name. */
export function writtenName(name: Name): WrittenName {
  const form = name.decomposed === true ? 'NFD' : 'NFC';
  const [given, family] = name.parts.map(([written]) => written.normalize(form));
  const displayName = [given, family]
    .filter((part) => part !== undefined)
    .join(' ')
    .slice(0, NAME_LENGTH_MAX)
    .trim();
  return { displayName, givenName: name.form === 'display name only' ? undefined : given, surname: family };
}
