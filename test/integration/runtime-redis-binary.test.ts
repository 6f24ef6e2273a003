import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NoRedisError, provideRedis } from '@fresh-scim/runtime';
import { temporaryFolder } from '../support/temp-dir.ts';

const APT_GET = `#!/bin/sh
case "$*" in *--download-only*) echo > cache/archives/redis.deb ;; esac
`;
const DPKG = `#!/bin/sh
/bin/mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu"
printf '#!/bin/sh\\necho "Redis server v=7.0.15 sha=0"\\n' > "$3/usr/bin/redis-server"
/bin/chmod 755 "$3/usr/bin/redis-server"
`;

/** A program that says it is this version. */
async function fakeServer(path: string, answer: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\necho '${answer}'\n`);
  await chmod(path, 0o755);
  return path;
}

describe('provideRedis', () => {
  it('takes the program that it is told to, and says so', async () => {
    await using folder = await temporaryFolder();
    const command = await fakeServer(join(folder.path, 'mine'), 'Redis server v=8.0.2 sha=0 malloc=libc');
    const told: string[] = [];
    const found = await provideRedis({
      env: { FRESH_SCIM_REDIS_SERVER: command, PATH: '' },
      report: (line) => told.push(line),
    });
    expect(found).toMatchObject({ command, version: '8.0.2', origin: 'FRESH_SCIM_REDIS_SERVER' });
    expect(told).toEqual([`Redis 8.0.2 from FRESH_SCIM_REDIS_SERVER (${command})`]);
  });

  it('does not look elsewhere when that one is too old or does not run', async () => {
    await using folder = await temporaryFolder();
    const old = await fakeServer(join(folder.path, 'old'), 'Redis server v=6.0.16 sha=0');
    await expect(provideRedis({ env: { FRESH_SCIM_REDIS_SERVER: old } })).rejects.toThrow(
      /6\.0\.16, older than 6\.2/,
    );
    const missing = join(folder.path, 'missing');
    await expect(provideRedis({ env: { FRESH_SCIM_REDIS_SERVER: missing } })).rejects.toThrow(NoRedisError);
  });

  it('passes by an old Redis on PATH for a Valkey that is new enough', async () => {
    await using folder = await temporaryFolder();
    await fakeServer(join(folder.path, 'redis-server'), 'Redis server v=5.0.14 sha=0');
    const valkey = await fakeServer(join(folder.path, 'valkey-server'), 'Valkey server v=8.1.1 sha=0');
    const found = await provideRedis({ env: { PATH: folder.path } });
    expect(found).toMatchObject({ command: valkey, version: '8.1.1', origin: 'PATH' });
  });

  it.runIf(process.platform === 'linux')('gives a downloaded server its libraries, and ours', async () => {
    await using folder = await temporaryFolder();
    for (const [name, script] of Object.entries({ 'apt-get': APT_GET, dpkg: DPKG })) {
      await writeFile(join(folder.path, name), script, { mode: 0o755 });
    }
    const cache = join(folder.path, 'cache');
    const env = { PATH: folder.path, FRESH_SCIM_CACHE_DIR: cache, LD_LIBRARY_PATH: '/a:/b' };
    const found = await provideRedis({ env });
    expect(found).toMatchObject({ version: '7.0.15', origin: 'download' });
    const libraries = join(dirname(found.command), '../lib/x86_64-linux-gnu');
    expect(found.env).toEqual({ LD_LIBRARY_PATH: `${libraries}:/a:/b` });
    expect(await provideRedis({ env: { ...env, LD_LIBRARY_PATH: '' } })).toMatchObject({
      origin: 'cache',
      env: { LD_LIBRARY_PATH: libraries },
    });
  });

  it('says what to install where none can be had', async () => {
    await using folder = await temporaryFolder();
    await fakeServer(join(folder.path, 'redis-server'), 'Redis server v=5.0.14 sha=0');
    const env = { PATH: folder.path, FRESH_SCIM_CACHE_DIR: join(folder.path, 'cache') };
    await expect(provideRedis({ env })).rejects.toThrow(
      /Install one .*apt-get install redis-server[^]*5\.0\.14, older/,
    );
  });
});
