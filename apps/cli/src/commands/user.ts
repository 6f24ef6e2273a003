// user: one person's story, for the question "why does Ines still have access?".
import { directoryOf, needConnection, withInstallation } from '../installation.ts';
import { toJson } from '../io.ts';
import { unknownPerson } from '../look/people.ts';
import { toStoryDocument, toStoryText, verdictOf, wantedOf } from '../look/person.ts';
import { clip, toTable } from '../table.ts';
import { examples, JSON_FLAG } from './command.ts';
import type { AddCommand, JsonOption } from './command.ts';

const NAME_SHOWN_MAX = 40;

/** Adds `user`. */
export const addUser: AddCommand = (program, io) => {
  program
    .command('user')
    .description('show what Entra wants of one person, what Freshservice shows, and what happened')
    .argument('<connection>', 'name or id')
    .argument('<who>', 'user name, e-mail address, id of Entra, SCIM or Freshservice, or words of the name')
    .option(...JSON_FLAG)
    .addHelpText(
      'after',
      examples('user acme ines.barros@acme.example', 'user acme "ines bar"', 'user acme 21000000017 --json'),
    )
    .action(async (idOrName: string, who: string, options: JsonOption) => {
      await withInstallation(io, async ({ connections, redis }) => {
        const connection = await needConnection(connections, idOrName);
        const found = await directoryOf(redis, connection).findPeople(who);
        const now = Date.now();
        const [first] = found;
        if (first === undefined) throw unknownPerson();
        if (options.json) {
          io.out(toJson({ people: found.map((story) => toStoryDocument(story, now)) }));
        } else if (found.length === 1) {
          io.out(toStoryText(first, now));
        } else {
          const rows = found.map((story) => {
            const { name, userName } = wantedOf(story);
            return [
              story.key,
              clip(name, NAME_SHOWN_MAX),
              clip(userName, NAME_SHOWN_MAX),
              verdictOf(story, now),
            ];
          });
          io.out(toTable(['KEY', 'NAME', 'USER NAME', 'STATE'], rows));
          io.hint(`${found.length} people fit; give one key or user name for the whole story.`);
        }
      });
    });
};
