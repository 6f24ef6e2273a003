// The command line as a whole.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addActions } from './commands/act.ts';
import { examples } from './commands/command.ts';
import { addConnection } from './commands/connection.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addFailures, addHeld } from './commands/failures.ts';
import { addImport } from './commands/import.ts';
import { addMapping } from './commands/mapping.ts';
import { addStatus } from './commands/status.ts';
import { addUp } from './commands/up.ts';
import { addUser } from './commands/user.ts';
import { EXIT, toFailure } from './failure.ts';
import type { ExitCode } from './failure.ts';
import type { Io } from './io.ts';
import { toJson } from './io.ts';

/** Runs one command line and answers with the exit code of the process. Never throws. */
export async function runCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const asJson = args.includes('--json');
  const quiet: Io = { ...io, hint: () => undefined };
  try {
    await buildProgram(asJson ? quiet : io).parseAsync(args, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (isHelp(error)) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
    const { code, message, fix, exitCode } = toFailure(error);
    io.hint(asJson ? toJson({ error: { code, message, fix } }) : `${message}\n${fix}`);
    return exitCode;
  }
}

function buildProgram(io: Io): Command {
  const program = new Command('fresh-scim')
    .description('Brings Freshservice to the state that Microsoft Entra ID provisions over SCIM 2.0.')
    .version(version())
    .addHelpText('after', examples('up', 'demo --minute-ms 2000', 'status'))
    .helpCommand('help [command]', 'show how a command is used')
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => tell(text) });
  const look = [addStatus, addUser, addFailures, addHeld, addActions, addImport, addMapping, addDoctor];
  for (const add of [addUp, addDemo, addConnection, ...look]) add(program, io);
  return program;

  /** Errors are printed in one place, and not by commander; its help without a command is. */
  function tell(text: string): void {
    if (!text.startsWith('error:')) io.hint(text.trimEnd());
  }
}

/** Help and version end a command by way of an exception. */
function isHelp(error: unknown): error is { exitCode: number } {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code)
  );
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { version: string }).version;
}
