// Every setting of a connection, once: key, type, unit, default, allowed values and what it is for. The typed
// Settings object, the parser and the documentation are all made from this table.
import { SettingsError } from './errors.ts';

interface Described {
  /** What the setting decides, in one sentence. */
  readonly doc: string;
}

interface ChoiceSetting<K extends string, V extends string> extends Described {
  readonly type: 'choice';
  readonly key: K;
  readonly values: readonly V[];
  readonly default: V;
}

interface FlagSetting<K extends string> extends Described {
  readonly type: 'flag';
  readonly key: K;
  readonly default: boolean;
}

interface NumberSetting<K extends string> extends Described {
  readonly type: 'integer' | 'number';
  readonly key: K;
  readonly default: number;
  /** What the number counts; undefined for a share. */
  readonly unit: string | undefined;
  readonly min: number;
  readonly max: number;
}

interface TextSetting<K extends string> extends Described {
  readonly type: 'text';
  readonly key: K;
  readonly default: string;
  readonly charactersMax: number;
}

/** A text of `name=value` parts with `;` between them. */
interface PairsSetting<K extends string> extends Described {
  readonly type: 'pairs';
  readonly key: K;
  readonly default: '';
  readonly charactersMax: number;
}

/** One row of the table. */
export type Setting =
  | ChoiceSetting<string, string>
  | FlagSetting<string>
  | NumberSetting<string>
  | TextSetting<string>
  | PairsSetting<string>;

function choice<K extends string, const V extends string>(
  key: K,
  values: readonly V[],
  doc: string,
): ChoiceSetting<K, V> {
  const [first] = values;
  if (first === undefined) throw new TypeError(`setting ${key} has no values`);
  return { type: 'choice', key, values, default: first, doc };
}

function flag<K extends string>(key: K, byDefault: boolean, doc: string): FlagSetting<K> {
  return { type: 'flag', key, default: byDefault, doc };
}

function integer<K extends string>(
  key: K,
  byDefault: number,
  range: readonly [min: number, max: number],
  unit: string,
  doc: string,
): NumberSetting<K> {
  return { type: 'integer', key, default: byDefault, min: range[0], max: range[1], unit, doc };
}

function share<K extends string>(
  key: K,
  byDefault: number,
  range: readonly [min: number, max: number],
  doc: string,
): NumberSetting<K> {
  return { type: 'number', key, default: byDefault, min: range[0], max: range[1], unit: undefined, doc };
}

function text<K extends string>(key: K, byDefault: string, doc: string): TextSetting<K> {
  return { type: 'text', key, default: byDefault, charactersMax: 255, doc };
}

function pairs<K extends string>(key: K, charactersMax: number, doc: string): PairsSetting<K> {
  return { type: 'pairs', key, default: '', charactersMax, doc };
}

/** All settings of a connection, in the order of the documentation. The first value of a choice is its default. */
export const SETTINGS = [
  choice('email', ['userName', 'work'], 'Which address of Entra becomes the primary e-mail in Freshservice.'),
  choice(
    'adopt',
    ['email', 'report', 'never'],
    'What happens to an account that already has the address: take it over, only report it, or never touch it.',
  ),
  choice(
    'deprovision',
    ['deactivate', 'forget', 'convert'],
    'What a person who was disabled or deleted in Entra becomes in Freshservice.',
  ),
  flag('departments.create', true, 'Create a department that Freshservice does not have yet.'),
  choice(
    'departments',
    ['replace', 'add'],
    'Whether the department of Entra replaces those of the person or is added to them.',
  ),
  pairs('custom.defaults', 1000, 'Custom fields of a new person for whom Entra has no value.'),
  share(
    'budget.share',
    0.8,
    [0.05, 1],
    "The part of the account's calls per minute that fresh-scim may use; the rest is left to other integrations.",
  ),
  integer(
    'brake.count',
    50,
    [0, 1_000_000],
    'people',
    'How many deactivations, deletes and demotions always pass within the window of the brake.',
  ),
  share(
    'brake.share',
    0.05,
    [0, 1],
    'The part of all managed people whose deactivation passes within the window of the brake.',
  ),
  integer('brake.windowMinutes', 60, [1, 1440], 'minutes', 'The sliding window over which the brake counts.'),
  choice('brake', ['on', 'off'], 'Whether an unusual number of leavers is held until somebody approves it.'),
  flag('agents.convert', true, 'Turn a requester into an agent, and back, when isAgent changes in Entra.'),
  text('agents.role', 'SD Agent', 'The role that a new agent gets.'),
  flag('agents.occasional', true, 'Whether a new agent is an occasional one, which takes no full licence.'),
  choice('groups', ['requester', 'agent', 'off'], 'What a group of Entra becomes in Freshservice.'),
  choice(
    'drift',
    ['report', 'repair', 'off'],
    'What happens when Freshservice was changed by somebody else: report it, repair it, or do not look.',
  ),
  integer(
    'snapshotMaxAgeHours',
    24,
    [1, 720],
    'hours',
    'How old the last view of an account may be before it is read again in front of a change.',
  ),
  choice(
    'readBeforeWrite',
    ['auto', 'always'],
    'Read an account before a change only when needed, or always.',
  ),
  choice('mode', ['apply', 'observe'], 'Apply changes to Freshservice, or only show what would be changed.'),
  integer(
    'retention.deletedDays',
    30,
    [1, 3650],
    'days',
    'How long a deleted person is remembered after Freshservice is in step.',
  ),
] as const;

type Row = (typeof SETTINGS)[number];
type ValueOf<R> =
  R extends ChoiceSetting<string, infer V>
    ? V
    : R extends FlagSetting<string>
      ? boolean
      : R extends NumberSetting<string>
        ? number
        : string;

/** The name of a setting, as people write it in `--set key=value`. */
export type SettingKey = Row['key'];

/** The value of every setting, defaults included, under the names that people use: `settings['budget.share']`. */
export type Settings = { readonly [R in Row as R['key']]: ValueOf<R> };

const byKey = new Map<string, Setting>(SETTINGS.map((setting) => [setting.key, setting]));

/** The values that a setting allows, in words: "userName or work", "true or false", "a number from 0.05 to 1". */
export function allowedValues(setting: Setting): string {
  switch (setting.type) {
    case 'choice':
      return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(setting.values);
    case 'flag':
      return 'true or false';
    case 'integer':
      return `a whole number of ${setting.unit} from ${setting.min} to ${setting.max}`;
    case 'number':
      return `a number from ${setting.min} to ${setting.max}`;
    case 'text':
      return `a text of 1 to ${setting.charactersMax} characters`;
    case 'pairs':
      return `field=value; field=value, of at most ${setting.charactersMax} characters`;
    default:
      return setting satisfies never;
  }
}

/**
 * Settings from what an operator wrote, all or nothing; a key that is not named has its default.
 *
 * @throws {SettingsError} unknown-setting, invalid-setting: the first one found; the message names the allowed values
 */
export function parseSettings(changes: Readonly<Record<string, string>>): Settings {
  for (const [key, given] of Object.entries(changes)) {
    const setting = byKey.get(key);
    if (setting === undefined) throw unknownSetting(key);
    if (setting.type === 'pairs') verifyPairs(setting, given);
  }
  return readSettings(changes);
}

/** Settings from a stored record: as {@link parseSettings}, but what other versions allow is passed over. */
export function readSettings(changes: Readonly<Record<string, string>>): Settings {
  const values = SETTINGS.map((setting) => {
    const given = Object.hasOwn(changes, setting.key) ? changes[setting.key] : undefined;
    return [setting.key, given === undefined ? setting.default : parseValue(setting, given)];
  });
  // The table has exactly the keys of Settings, and parseValue returns a value of the row's type.
  return Object.freeze(Object.fromEntries(values)) as Settings;
}

function parseValue(setting: Setting, given: string): string | number | boolean {
  const value = given.trim();
  switch (setting.type) {
    case 'choice': {
      const found = setting.values.find((allowed) => allowed.toLowerCase() === value.toLowerCase());
      if (found === undefined) throw invalidSetting(setting, given);
      return found;
    }
    case 'flag':
      if (value.toLowerCase() === 'true') return true;
      if (value.toLowerCase() === 'false') return false;
      throw invalidSetting(setting, given);
    case 'integer':
    case 'number': {
      const number = /^\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : Number.NaN;
      const whole = setting.type === 'number' || Number.isInteger(number);
      if (!(whole && number >= setting.min && number <= setting.max)) throw invalidSetting(setting, given);
      return number;
    }
    case 'text':
    case 'pairs': {
      const isTooShort = setting.type === 'text' && value === '';
      if (isTooShort || value.length > setting.charactersMax || /\p{Cc}/u.test(value)) {
        throw invalidSetting(setting, given);
      }
      return value;
    }
    default:
      return setting satisfies never;
  }
}

/** A part that nobody would ever see again is refused here, by name. */
function verifyPairs(setting: PairsSetting<string>, given: string): void {
  const names = new Set<string>();
  for (const part of given.split(';').map((text) => text.trim())) {
    if (part === '') continue;
    const { name } = /^(?<name>[^=]*[^=\s])\s*=\s*\S/u.exec(part)?.groups ?? {};
    if (name === undefined) throw invalidSetting(setting, given, `"${shorten(part)}" is no field=value`);
    if (names.has(name)) throw invalidSetting(setting, given, `it has "${shorten(name)}" twice`);
    names.add(name);
  }
}

function unknownSetting(key: string): SettingsError {
  const keys = SETTINGS.map((setting) => setting.key).join(', ');
  return new SettingsError(
    'unknown-setting',
    key,
    `There is no setting "${shorten(key)}".`,
    `Use one of: ${keys}.`,
  );
}

/** @param why where the allowed values do not tell what is wrong */
function invalidSetting(setting: Setting, given: string, why?: string): SettingsError {
  const reason = why === undefined ? '' : `: ${why}`;
  const byDefault = setting.default === '' ? 'nothing' : String(setting.default);
  return new SettingsError(
    'invalid-setting',
    setting.key,
    `The setting ${setting.key} cannot be "${shorten(given)}"${reason}; allowed: ${allowedValues(setting)}.`,
    `Give ${setting.key} one of the allowed values, or leave it at its default, ${byDefault}.`,
  );
}

/** What a person typed, short enough to be repeated in a message. */
function shorten(given: string): string {
  return given.length > 60 ? `${given.slice(0, 60)}...` : given;
}
