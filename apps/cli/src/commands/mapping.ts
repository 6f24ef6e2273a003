// mapping: the attributes that Entra has sent so far, learnt from what it sends.
import { directoryOf, needConnection, withInstallation } from '../installation.ts';
import { toJson } from '../io.ts';
import { toTable } from '../table.ts';
import { examples, JSON_FLAG } from './command.ts';
import type { AddCommand, JsonOption } from './command.ts';

/** Adds `mapping` and its commands. */
export const addMapping: AddCommand = (program, io) => {
  program
    .command('mapping')
    .description('which attributes Entra sends')
    .addHelpText('after', examples('mapping show acme'))
    .command('show')
    .description('show each attribute that Entra has sent for anybody, and since when')
    .argument('<connection>', 'name or id')
    .option(...JSON_FLAG)
    .addHelpText('after', examples('mapping show acme', 'mapping show acme --json'))
    .action(async (idOrName: string, options: JsonOption) => {
      await withInstallation(io, async ({ connections, redis }) => {
        const mapping = await directoryOf(redis, await needConnection(connections, idOrName)).loadMapping();
        const rows = [...mapping].map(([attribute, at]) => ({
          attribute,
          since: new Date(at).toISOString(),
        }));
        if (options.json) io.out(toJson({ attributes: rows }));
        else if (rows.length === 0) io.out('Entra has sent nothing yet.');
        else {
          const table = rows.map(({ attribute, since }) => [attribute, since]);
          io.out(toTable(['ATTRIBUTE', 'FIRST SENT'], table));
        }
      });
    });
};
