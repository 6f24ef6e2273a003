import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp-dir.ts';
import { environment, runCommand } from './command.ts';

test('the demo ends with nothing to complain about, and leaves no process behind', async () => {
  await using folder = await temporaryFolder();
  const dataDir = join(folder.path, 'data');
  const args = ['demo', '--users', '40', '--existing', '10', '--minute-ms', '2000', '--exit'];
  const { exitCode, stdout, stderr } = await runCommand(environment(dataDir), args);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stdout).toMatch(/^ready$/m);
  expect(stdout).toMatch(/^Mismatches +0$/m);
  expect(stdout).toMatch(/^Duplicates +0$/m);
  expect(stdout).toMatch(/^Refused calls \(429\) +0$/m);
  expect(stdout).toMatch(/^People created +3\d$/m);
  expect(stdout).toMatch(/^Strangers changed +0$/m);
  expect(stdout).toMatch(/^Departments created +1\d$/m);
  expect(stdout).toMatch(/^Managers sent +4\d$/m);
  expect(stdout).toMatch(/^Calls for a restart of provisioning +0$/m);

  const demoDir = join(dataDir, 'demo');
  expect(await readdir(demoDir)).not.toContain('run.json');
  // Redis removes it when it ends well.
  expect(await readdir(join(demoDir, 'redis'))).not.toContain('redis.pid');
});
