// Where a command's words go: results to stdout, progress and hints to stderr. Passed in, so that commands can be
// called from tests and from one another.

/** The command line that a command was called from. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  /** Whether stderr is a terminal, where a line may be rewritten. */
  readonly isTerminal: boolean;
  /** A result; a line's end is added. */
  out(text: string): void;
  /** Progress or a hint; a line's end is added. */
  hint(text: string): void;
}

/** The command line of this process. */
export function processIo(): Io {
  return {
    env: process.env,
    isTerminal: process.stderr.isTTY,
    out: (text) => void process.stdout.write(`${text}\n`),
    hint: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** A value as one JSON document. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
