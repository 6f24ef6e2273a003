import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isDataDirLocked,
  lockDataDir,
  openDataDir,
  readOrCreateSecret,
  readRunFile,
  writeRunFile,
} from '@fresh-scim/runtime';
import { until } from '../support/poll.ts';
import { startScript } from '../support/runtime-process.ts';
import { temporaryFolder } from '../support/temp-dir.ts';

const RUN = {
  pid: 1,
  startedAt: 2,
  redisUrl: 'unix:///x',
  publicUrl: 'http://localhost:8080',
  consoleUrl: 'http://localhost:8081',
  opsPorts: { worker: 9102 },
};

describe('the data folder', () => {
  it('is made private, and an open one that holds something is refused', async () => {
    await using folder = await temporaryFolder();
    const dir = join(folder.path, 'a/b');
    await openDataDir(dir);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    await chmod(dir, 0o755);
    await openDataDir(dir);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    await writeFile(join(dir, 'x'), '');
    await chmod(dir, 0o755);
    await expect(openDataDir(dir)).rejects.toMatchObject({ code: 'unsafe' });
  });

  it('is held once, also within one process, until it is released', async () => {
    await using folder = await temporaryFolder();
    expect(await isDataDirLocked(folder.path)).toBe(false);
    const lock = lockDataDir(folder.path);
    expect(() => lockDataDir(folder.path)).toThrow(expect.objectContaining({ code: 'locked' }));
    expect(await isDataDirLocked(folder.path)).toBe(true);
    lock.release();
    lock.release();
    expect(await isDataDirLocked(folder.path)).toBe(false);
    lockDataDir(folder.path).release();
  });

  it('is held against other processes by one that forgot its lock, until that one is killed', async () => {
    await using folder = await temporaryFolder();
    const holder = startScript('runtime-lock', folder.path);
    await holder.line({ kind: 'locked' });
    expect(() => lockDataDir(folder.path)).toThrow(expect.objectContaining({ code: 'locked' }));
    expect(await isDataDirLocked(folder.path)).toBe(true);
    await holder.kill('SIGKILL');
    lockDataDir(folder.path).release();
  });

  it('is won by exactly one of many that start at once', async () => {
    await using folder = await temporaryFolder();
    const starters = Array.from({ length: 4 }, () => startScript('runtime-lock', folder.path));
    await until('all to have tried', () => starters.every(({ lines }) => lines.length === 1));
    expect(starters.filter(({ lines }) => lines[0]?.['kind'] === 'locked')).toHaveLength(1);
  });

  it('tells where an up runs only while that one holds it', async () => {
    await using folder = await temporaryFolder();
    expect(await readRunFile(folder.path)).toBeUndefined();
    const lock = lockDataDir(folder.path);
    expect(await readRunFile(folder.path)).toBeUndefined();
    await writeRunFile(folder.path, RUN);
    expect(await readRunFile(folder.path)).toEqual(RUN);
    expect((await stat(join(folder.path, 'run.json'))).mode & 0o777).toBe(0o600);
    lock.release();
    expect(await readRunFile(folder.path)).toBeUndefined();
  });
});

describe('the secret', () => {
  it('is made once, however many ask at the same time, and kept private', async () => {
    await using folder = await temporaryFolder();
    const secrets = await Promise.all(Array.from({ length: 20 }, () => readOrCreateSecret(folder.path)));
    expect(new Set(secrets).size).toBe(1);
    expect(Buffer.from(secrets[0] ?? '', 'base64')).toHaveLength(32);
    expect((await stat(join(folder.path, 'secret'))).mode & 0o777).toBe(0o600);
    expect(await readOrCreateSecret(folder.path)).toBe(secrets[0]);
  });

  it('is never replaced, even if it cannot be used', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'secret'), 'not a secret');
    await expect(readOrCreateSecret(folder.path)).rejects.toThrow(/does not hold 32 bytes/);
    expect(await readFile(join(folder.path, 'secret'), 'utf8')).toBe('not a secret');
  });
});
