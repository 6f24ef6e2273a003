// `key=value` as people write settings on the command line.
import { CliError, EXIT } from './failure.ts';

/** Collects a repeated `--set`. */
export function collectSettings(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

/** @throws {CliError} wrong-usage when one is not `key=value`; whether the setting exists is not checked here */
export function toSettings(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      if (equals < 1) {
        const shown = text.slice(0, 60);
        throw new CliError(
          EXIT.wrongUsage,
          'wrong-usage',
          `"${shown}" is not key=value.`,
          'Write it like brake.count=20.',
        );
      }
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}
