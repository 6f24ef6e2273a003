// mapping: the attributes that Entra has sent so far, learnt from what it sends, and corrected by people.
import type { Command } from 'commander';
import { type Directory, MAPPED_ATTRIBUTES, toMappedAttribute } from '@fresh-scim/directory';
import { FRESHSERVICE_USER } from '@fresh-scim/scim';
import { CliError, EXIT } from '../failure.ts';
import { directoryOf, needConnection, withInstallation } from '../installation.ts';
import { toJson } from '../io.ts';
import type { Io } from '../io.ts';
import { wakeEverybody } from '../look/people.ts';
import { toTable } from '../table.ts';
import { examples, JSON_FLAG } from './command.ts';
import type { AddCommand, JsonOption } from './command.ts';

/** Adds `mapping` and its commands. */
export const addMapping: AddCommand = (program, io) => {
  const mapping = program
    .command('mapping')
    .description('which attributes Entra sends, and so decides about')
    .addHelpText('after', examples('mapping show acme', 'mapping add acme title'));

  onOne(mapping.command('show'), 'show each attribute that Entra has sent for anybody, and since when')
    .addHelpText('after', examples('mapping show acme', 'mapping show acme --json'))
    .action((idOrName: string, options: JsonOption) =>
      withDirectory(io, idOrName, (directory) => show(io, directory, options)),
    );

  onOne(mapping.command('add'), 'let Entra decide about attributes that it has sent for nobody yet')
    .argument('<attribute...>', 'such as title or phoneNumbers.mobile')
    .addHelpText('after', examples('mapping add acme title phoneNumbers.mobile'))
    .action((idOrName: string, attributes: string[], options: JsonOption) =>
      withDirectory(io, idOrName, (directory) => add(io, directory, attributes, options)),
    );

  onOne(mapping.command('remove'), 'leave attributes alone until Entra sends them again')
    .argument('<attribute...>', 'as "mapping show" has them')
    .addHelpText('after', examples('mapping remove acme title'))
    .action((idOrName: string, attributes: string[], options: JsonOption) =>
      withDirectory(io, idOrName, (directory) => remove(io, directory, attributes, options)),
    );

  onOne(
    mapping.command('reset'),
    'forget all of it, after the mapping was changed in Entra: its next full cycle teaches it anew',
  )
    .addHelpText('after', examples('mapping reset acme'))
    .action((idOrName: string, options: JsonOption) =>
      withDirectory(io, idOrName, (directory) => reset(io, directory, options)),
    );
};

const onOne = (command: Command, description: string): Command =>
  command
    .description(description)
    .argument('<connection>', 'name or id')
    .option(...JSON_FLAG);

const withDirectory = (
  io: Io,
  idOrName: string,
  work: (directory: Directory) => Promise<void>,
): Promise<void> =>
  withInstallation(io, async ({ connections, redis }) =>
    work(directoryOf(redis, await needConnection(connections, idOrName))),
  );

/** What programs read of it. */
async function rowsOf(directory: Directory): Promise<{ attribute: string; since: string }[]> {
  const mapping = await directory.loadMapping();
  return [...mapping].map(([attribute, at]) => ({ attribute, since: new Date(at).toISOString() }));
}

async function show(io: Io, directory: Directory, { json }: JsonOption): Promise<void> {
  const rows = await rowsOf(directory);
  if (json) io.out(toJson({ attributes: rows }));
  else if (rows.length === 0) io.out('Entra has sent nothing yet.');
  else {
    const table = rows.map(({ attribute, since }) => [attribute, since]);
    io.out(toTable(['ATTRIBUTE', 'FIRST SENT'], table));
  }
}

async function add(
  io: Io,
  directory: Directory,
  texts: readonly string[],
  { json }: JsonOption,
): Promise<void> {
  const names = texts.map(needMapped);
  const changed = await directory.editMapping({ op: 'add', names });
  const people = changed > 0 ? await wakeEverybody(directory) : 0;
  if (json) io.out(toJson({ changed, people, attributes: await rowsOf(directory) }));
  else io.out(changed === 0 ? 'Nothing changes: it is there already.' : `Added: ${changed}.`);
  if (people > 0) io.hint(`${people} people are looked at again in the background.`);
}

async function remove(
  io: Io,
  directory: Directory,
  texts: readonly string[],
  { json }: JsonOption,
): Promise<void> {
  const known = [...(await directory.loadMapping()).keys()];
  const names = texts.map((text) => {
    const name = known.find((one) => one.toLowerCase() === text.toLowerCase());
    if (name !== undefined) return name;
    const fix = 'See its attributes with: fresh-scim mapping show CONNECTION';
    throw new CliError(EXIT.failed, 'not-in-mapping', `"${text}" is not in the mapping.`, fix);
  });
  const changed = await directory.editMapping({ op: 'remove', names });
  if (json) io.out(toJson({ changed, attributes: await rowsOf(directory) }));
  else io.out(`Removed: ${changed}.`);
  io.hint('Entra adds an attribute again when it sends it: take it out of the mapping in Entra first.');
}

async function reset(io: Io, directory: Directory, { json }: JsonOption): Promise<void> {
  const changed = await directory.editMapping({ op: 'reset' });
  if (json) io.out(toJson({ changed, attributes: [] }));
  else io.out(`Forgotten: ${changed}.`);
  io.hint(
    'What Entra sends from now on is learned anew; "mapping add" puts in what it has no reason to send.',
  );
}

/** @throws {CliError} unknown-attribute */
function needMapped(text: string): string {
  const name = toMappedAttribute(text);
  if (name !== undefined) return name;
  throw new CliError(
    EXIT.wrongUsage,
    'unknown-attribute',
    `"${text}" becomes nothing in Freshservice.`,
    `Name one of ${MAPPED_ATTRIBUTES.join(', ')}, or ${FRESHSERVICE_USER}: with the name of a custom field.`,
  );
}
