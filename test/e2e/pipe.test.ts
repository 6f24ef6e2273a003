/** A command whose reader goes away, as `head` does, ends in peace. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp-dir.ts';
import { environment } from './command.ts';

test('a reader that has gone away is no error', async () => {
  await using folder = await temporaryFolder();
  // `true` is gone before the first line.
  const script = `{ sleep 0.1; "$NODE" "$MAIN" help; echo "exit code $?" >&2; } | true`;
  const env = {
    ...environment(folder.path),
    NODE: process.execPath,
    MAIN: join(ROOT, 'apps/cli/src/main.ts'),
  };
  const { stderr } = await promisify(execFile)('sh', ['-c', script], { env });
  expect(stderr).toBe('exit code 0\n');
});
