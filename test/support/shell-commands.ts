/** The commands that a page tells people to type, and those of them that no test runs. */

/** The commands of each block of shell text, without comments; what goes over several lines is one command. */
export function shellBlocksOf(markdown: string): string[][] {
  const blocks = markdown.matchAll(/^( *)```sh\n(.*?)^ *```$/gms);
  return [...blocks].map(([, indent = '', text = '']) =>
    commandsIn(text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')),
  );
}

function commandsIn(text: string): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    if (open === '' && line.trim() === '') continue;
    open += `${open === '' ? '' : '\n'}${withoutComment(line)}`;
    if (isOpen(open)) continue;
    if (open !== '') commands.push(open);
    open = '';
  }
  if (open !== '') throw new Error(`a command does not end: ${open}`);
  return commands;
}

const withoutComment = (line: string): string => line.replace(/(?:^|\s+)# .*$/, '').trimEnd();

/** Whether a quote, a parenthesis or a document of lines goes on. */
function isOpen(command: string): boolean {
  const isQuoted = (command.split("'").length - 1) % 2 === 1;
  const isDocument = command.includes('<<END') && !/^END$/m.test(command);
  return isQuoted || isDocument || (command.startsWith('(') && !command.endsWith(')'));
}

const NEEDS_ENGINE =
  'needs a container engine: the Compose file and the steps of the image have tests of their own';
const OF_A_MACHINE = 'about another machine or the public internet';

/** Commands that no test runs as they are printed, by how they begin, and why. */
export const NOT_RUN: ReadonlyMap<string, string> = new Map([
  [
    'npm run demo',
    'test/e2e/demo.test.ts runs it with fewer people; test/e2e/pages.test.ts runs the script of npm',
  ],
  ['npm test', 'it is what runs the tests; test/e2e/pages.test.ts runs a part of it'],
  [
    'npm run bench:',
    'measures for minutes; test/integration/bench-scim.test.ts runs the code of the largest',
  ],
  ['docker compose ', NEEDS_ENGINE],
  ['docker run ', NEEDS_ENGINE],
  ['docker volume ', NEEDS_ENGINE],
  ['FRESH_SCIM_ALLOW_ANY_UPSTREAM=1 docker compose ', NEEDS_ENGINE],
  ['TOKEN=fsc_...', 'a name for what follows'],
  ['curl -H "Authorization: Bearer $TOKEN"', 'README.md has the same, which test/e2e/pages.test.ts runs'],
  ['curl http://127.0.0.1:9400/', NEEDS_ENGINE],
  ['git clone ', OF_A_MACHINE],
  ['ssh ', OF_A_MACHINE],
  ['curl https://scim.example.com/', OF_A_MACHINE],
  ['(umask 077 && cat > .env', 'writes a file for Compose'],
  ['cat >> .env', 'writes a file for Compose'],
]);
