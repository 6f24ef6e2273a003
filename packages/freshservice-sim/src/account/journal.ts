// The state file: a header line, then one JSON line per change of a record, written before the change is answered, so
// that the account survives SIGKILL (not a power cut: nothing is flushed to the disk). Compacted
// when it is opened and when it has grown long.
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { parseLine, Replay, type SavedState, TABLES, type Table } from './saved-state.ts';

const COMPACT_MIN = 10_000;
const COMPACT_FACTOR = 4;

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
    const replay = new Replay();
    for (const [index, line] of lines.entries()) replay.add(parseLine(line, `${this.#path}:${index + 1}`));
    return replay.state();
  }

  /** Replaces the file by the given state, and keeps it open for appending. */
  rewrite(state: SavedState): void {
    this.close();
    const header = JSON.stringify({ format: 2, nextIds: state.nextIds });
    const records = TABLES.flatMap((table) =>
      state[table].map((record) => JSON.stringify({ [table]: record })),
    );
    const draft = `${this.#path}.new`;
    writeFileSync(draft, `${[header, ...records].join('\n')}\n`, { mode: 0o600 });
    renameSync(draft, this.#path);
    this.#file = openSync(this.#path, 'a', 0o600);
    this.#appended = 0;
  }

  /** Adds a new or changed record. */
  saved<T extends Table>(table: T, record: SavedState[T][number]): void {
    this.#append({ [table]: record });
  }

  /** Adds that a record is gone. */
  removed(table: Table, id: number): void {
    this.#append({ removed: table, id });
  }

  /** Whether so much was appended for so many records that the file should be rewritten. */
  isLong(records: number): boolean {
    return this.#appended > Math.max(COMPACT_MIN, COMPACT_FACTOR * records);
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
