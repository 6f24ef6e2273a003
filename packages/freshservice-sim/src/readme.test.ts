// The commands and the program of the README are run as they are printed, but for the port.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const PACKAGE = join(import.meta.dirname, '..');
const ROOT = join(PACKAGE, '../..');
const NODE = 'npx -y pnpm@12 exec node ';
const PRINTED_PORT = '8089';

const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
const blocksOf = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text);
const [start = '', ...later] = blocksOf('sh');

test('the table of errors has every code that an answer can have, and no other', () => {
  const sources = globSync('src/**/*.ts', { cwd: PACKAGE }).filter((path) => !path.endsWith('.test.ts'));
  const text = sources.map((path) => readFileSync(join(PACKAGE, path), 'utf8')).join('\n');
  const answered = [...text.matchAll(/(?:code: |flat\(\d+, |new ValueError\()'([a-z_]+)'/g)].map(
    ([, code]) => code,
  );
  const revoked = /revokedCode: z\s*\.enum\(\[([^\]]+)\]/.exec(text)?.[1]?.match(/[a-z_]+/g) ?? [];
  const table = readme.slice(readme.indexOf('## Errors'), readme.indexOf('## Faults'));
  const named = [...table.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code);
  expect(new Set(named)).toEqual(new Set([...answered, ...revoked]));
});

/** Starts the account as printed, on a free port, and gives its URL. */
async function startAccount(...more: string[]): Promise<string> {
  const [line = ''] = start.split('\n');
  expect(line.startsWith(`${NODE}packages/freshservice-sim/src/main.ts --port ${PRINTED_PORT} `)).toBe(true);
  const args = [...line.slice(NODE.length).replace(PRINTED_PORT, '0').split(' '), ...more];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  for await (const answer of createInterface({ input: child.stdout })) return JSON.parse(answer).url;
  throw new Error('the simulator ended without a line');
}

async function shell(text: string, url: string): Promise<string> {
  const commands = text.replaceAll(`http://127.0.0.1:${PRINTED_PORT}`, url);
  return (await run('bash', ['-e', '-c', commands], { cwd: ROOT })).stdout;
}

test('each command does what the README says', async () => {
  const url = await startAccount();
  const [client = '', knobs = '', journal = '', faults = '', again = ''] = later;
  expect(later).toHaveLength(5);
  expect(await shell(client, url)).toMatch(/"api_key_enabled":.*"primary_email":"mira@example.test"/s);
  expect(await shell(knobs, url)).toContain('"indexLagMs":180000');
  expect(await shell(journal, url)).toMatch(/"route":"requesters.create".*"duplicates":\[\]/s);
  await shell(faults, url);
  await expect(shell(client.replaceAll('mira', 'lost'), url)).rejects.toThrow('curl');
  expect(await shell(again, url)).toContain('lost@example.test');
  const [state = ''] = again.split('\n');
  expect(await shell(state, url)).not.toContain('lost@example.test');
});

test('the arguments for the manners of a real account are taken', async () => {
  const [, printed = ''] = /as a real account is: `([^`]+)`/.exec(readme) ?? [];
  const url = await startAccount(...printed.split(' '));
  const config = await (await fetch(`${url}/__sim/config`)).json();
  expect(config).toMatchObject({ latencyMs: 80, jitterMs: 220, indexLagMs: 180_000 });
});

test('the program runs', async () => {
  const [text = ''] = blocksOf('ts');
  const args = ['--input-type=module-typescript', '--eval', text];
  expect((await run(process.execPath, args, { cwd: PACKAGE })).stdout).toMatch(/^504 1$/m);
});
