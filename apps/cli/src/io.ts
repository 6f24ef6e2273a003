// Where a command's words go: results to stdout, progress and hints to stderr. Passed in, so that commands can be
// called from tests and from one another.

/** The command line that a command was called from. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  /** Whether stderr is a terminal, where a line may be rewritten. */
  readonly isTerminal: boolean;
  /** Whether somebody still reads the results: `head` goes away when it has enough. */
  isRead(): boolean;
  /** A result; a line's end is added. */
  out(text: string): void;
  /** Progress or a hint; a line's end is added. */
  hint(text: string): void;
}

/** The command line of this process. A reader that goes away does not end what the command has begun. */
export function processIo(): Io {
  let isRead = true;
  process.stdout.on('error', (error) => {
    passOver(error);
    isRead = false;
  });
  process.stderr.on('error', passOver);
  return {
    env: process.env,
    isTerminal: process.stderr.isTTY,
    isRead: () => isRead,
    out: (text) => void process.stdout.write(`${text}\n`),
    hint: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** @throws the error, unless it says that the reader of a pipe has gone away */
function passOver(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** A value as one JSON document. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
