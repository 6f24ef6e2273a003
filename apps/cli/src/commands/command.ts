// What the commands share: their common options, and how examples are shown in --help.
import type { Command } from 'commander';
import type { Io } from '../io.ts';

/** Adds a command, or a group of them, to the program. */
export type AddCommand = (program: Command, io: Io) => void;

/** The option that every command with a result has. */
export interface JsonOption {
  readonly json?: true;
}

export const JSON_FLAG = ['--json', 'print one JSON document and nothing else'] as const;

/** Text below the options of --help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ fresh-scim ${line}`).join('\n')}`;
}
