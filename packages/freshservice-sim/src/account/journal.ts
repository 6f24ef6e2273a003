// The state file: a header line, then one JSON line per change of a person, written before the change is answered, so
// that the account survives SIGKILL (not a power cut: nothing is flushed to the disk). Compacted
// when it is opened and when it has grown long.
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { type User, userSchema } from './user.ts';

const COMPACT_MIN = 10_000;
const COMPACT_FACTOR = 4;

const lineSchema = z.union([
  z.strictObject({ format: z.literal(1), nextId: z.number().int() }),
  z.strictObject({ user: userSchema }),
  z.strictObject({ forgotten: z.number().int() }),
]);

/** What a state file says. */
export interface SavedState {
  readonly nextId: number;
  readonly users: readonly User[];
}

/** An open state file. */
export class Journal {
  readonly #path: string;
  #file: number | undefined;
  #appended = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads the file.
   * @returns undefined when there is none
   * @throws {Error} when a line other than a torn last one cannot be read
   */
  load(): SavedState | undefined {
    if (!existsSync(this.#path)) return undefined;
    const lines = readFileSync(this.#path, 'utf8').split('\n');
    // A process that is killed while it writes leaves its last line without an end: that change was never answered.
    lines.pop();
    const users = new Map<number, User>();
    let nextId = 0;
    for (const [index, line] of lines.entries()) {
      const entry = parseLine(line, `${this.#path}:${index + 1}`);
      if ('format' in entry) nextId = entry.nextId;
      else if ('user' in entry) users.set(entry.user.id, entry.user);
      else users.delete(entry.forgotten);
      if ('user' in entry) nextId = Math.max(nextId, entry.user.id + 1);
    }
    return { nextId, users: [...users.values()] };
  }

  /** Replaces the file by the given state, and keeps it open for appending. */
  rewrite(state: SavedState): void {
    this.close();
    const header = JSON.stringify({ format: 1, nextId: state.nextId });
    const lines = [header, ...state.users.map((user) => JSON.stringify({ user }))];
    const draft = `${this.#path}.new`;
    writeFileSync(draft, `${lines.join('\n')}\n`, { mode: 0o600 });
    renameSync(draft, this.#path);
    this.#file = openSync(this.#path, 'a', 0o600);
    this.#appended = 0;
  }

  /** Adds a new or changed person. */
  saved(user: User): void {
    this.#append({ user });
  }

  /** Adds that a person is gone. */
  forgot(id: number): void {
    this.#append({ forgotten: id });
  }

  /** Whether so much was appended for so many people that the file should be rewritten. */
  isLong(people: number): boolean {
    return this.#appended > Math.max(COMPACT_MIN, COMPACT_FACTOR * people);
  }

  /** Closes the file; nothing may be added afterwards. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #append(entry: object): void {
    if (this.#file === undefined) throw new Error(`the state file ${this.#path} is closed`);
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    this.#appended += 1;
  }
}

function parseLine(line: string, place: string): z.infer<typeof lineSchema> {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new Error(`${place} is not a line of a simulator's state file`, { cause: error });
  }
}
