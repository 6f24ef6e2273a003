// The program of the README is run as it is printed, against an endpoint of our own.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startScimServer } from './testing/scim-server.ts';

const PACKAGE = join(import.meta.dirname, '..');

test('the program plays every kind of cycle; the last one finds nothing to write', async () => {
  await using server = await startScimServer();
  const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
  const [, text = ''] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '--eval', text],
    { cwd: PACKAGE, env: { ...process.env, SCIM_URL: server.baseUrl, SCIM_TOKEN: server.token } },
  );
  const kinds = [...stdout.matchAll(/kind: '(\w+)'/g)].map(([, kind]) => kind);
  expect(kinds).toEqual(['initial', 'incremental', 'incremental', 'onDemand', 'restart']);
  expect(server.users.size).toBeGreaterThan(200);
  const restart = stdout.slice(stdout.indexOf("kind: 'restart'"));
  expect(restart).not.toMatch(/(?:POST|PATCH|DELETE): [1-9]/);
});
