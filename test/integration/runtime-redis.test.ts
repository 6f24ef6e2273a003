import { once } from 'node:events';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkRedis, connectRedis, infoFields, provideRedis, startEmbeddedRedis } from '@fresh-scim/runtime';
import type { EmbeddedRedis, EmbeddedRedisOptions } from '@fresh-scim/runtime';
import { until } from '../support/poll.ts';
import { startPrivateRedis } from '../support/redis-server.ts';
import { isRunning } from '../support/runtime-process.ts';
import { temporaryFolder } from '../support/temp-dir.ts';

const binary = await provideRedis();

async function start(dataDir: string, more: Partial<EmbeddedRedisOptions> = {}): Promise<EmbeddedRedis> {
  const redis = await startEmbeddedRedis({ dataDir, binary, ...more });
  onTestFinished(() => redis.stop(5_000));
  return redis;
}

function connect(url: string) {
  const redis = connectRedis(url, 'commands');
  onTestFinished(() => redis.disconnect());
  return redis;
}

describe('the embedded Redis', () => {
  it('keeps every write over a kill, on a socket that only its user can reach, and is fit', async () => {
    await using folder = await temporaryFolder();
    const dataDir = join(folder.path, `it's "a" \\ folder é`);
    const first = await start(dataDir);
    expect(first).toMatchObject({ takenOver: false, url: expect.stringMatching(/^unix:/) });
    expect((await stat(join(dataDir, 'redis'))).mode & 0o777).toBe(0o700);
    const redis = connect(first.url);
    expect(await checkRedis(redis)).toEqual([]);
    expect(await redis.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
    await redis.set('kept', 'yes');
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toContain('SIGKILL');

    const second = await start(dataDir, { url: first.url });
    expect(second.takenOver).toBe(false);
    expect(await until('the connection to come back', () => redis.get('kept').catch(() => undefined))).toBe(
      'yes',
    );
  });

  it('is taken over when it is alive, and never doubled', async () => {
    await using folder = await temporaryFolder();
    const first = await start(folder.path);
    const second = await start(folder.path);
    expect(second).toMatchObject({ pid: first.pid, url: first.url, takenOver: true });
    await second.stop(5_000);
    expect(isRunning(first.pid)).toBe(false);
    expect(await second.exited).toBe('it ended');
  });

  it('is waited for when it is alive and does not answer yet', async () => {
    await using folder = await temporaryFolder();
    const first = await start(folder.path);
    process.kill(first.pid, 'SIGSTOP');
    const second = start(folder.path);
    setTimeout(() => process.kill(first.pid, 'SIGCONT'), 2_500);
    expect(await second).toMatchObject({ pid: first.pid, takenOver: true });
  });

  it('listens on loopback with a password where the path of a socket would be too long', async () => {
    await using folder = await temporaryFolder();
    const dataDir = join(folder.path, 'x'.repeat(100));
    await mkdir(dataDir);
    const first = await start(dataDir);
    const url = new URL(first.url);
    expect(url).toMatchObject({ protocol: 'redis:', hostname: '127.0.0.1' });
    expect(url.password.length).toBeGreaterThanOrEqual(20);
    for (const file of ['address.json', 'redis.conf']) {
      expect((await stat(join(dataDir, 'redis', file))).mode & 0o777).toBe(0o600);
    }
    url.password = '';
    await expect(connect(url.href).ping()).rejects.toThrow();
    expect(await connect(first.url).ping()).toBe('PONG');

    expect(await start(dataDir)).toMatchObject({ pid: first.pid, takenOver: true });
    await first.stop(5_000);
    expect(await start(dataDir, { url: first.url })).toMatchObject({ url: first.url, takenOver: false });
  });

  it('says why it does not start', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'redis/redis.sock'), { recursive: true });
    await expect(start(folder.path)).rejects.toThrow(/Redis did not start: .*redis\.log/);
  });
});

describe('a connection for commands', () => {
  it('refuses at once while Redis is away, and recovers by itself', async () => {
    await using folder = await temporaryFolder();
    const first = await start(folder.path);
    const redis = connect(first.url);
    await redis.set('a', '1');
    await first.stop(5_000);
    // By the attempt to connect that fails, and not by the time that a command may take.
    await expect(redis.get('a')).rejects.toThrow(/^(?!.*timed out)/);
    expect((await checkRedis(redis)).map(({ code }) => code)).toEqual(['unreachable']);
    await start(folder.path, { url: first.url });
    expect(await until('the connection to come back', () => redis.get('a').catch(() => undefined))).toBe('1');
  });

  it('refuses a command that a frozen Redis does not answer', async () => {
    await using folder = await temporaryFolder();
    const server = await start(folder.path);
    const redis = connect(server.url);
    await redis.ping();
    process.kill(server.pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(server.pid, 'SIGCONT'));
    await expect(redis.ping()).rejects.toThrow(/timed out/);
  });

  it('never sends a command twice', async () => {
    await using folder = await temporaryFolder();
    const server = await start(folder.path);
    const [redis, other] = [connect(server.url), connect(server.url)];
    await redis.ping();
    const closed = once(redis, 'close');
    const under = redis.eval(
      "redis.call('INCR', 'n') while redis.call('TIME')[1] + 0 < ARGV[1] + 0 do end",
      0,
      Math.ceil(Date.now() / 1000) + 1,
    );
    await nextTurn(); // now it is sent
    redis.stream.destroy();
    await expect(under).rejects.toThrow();
    await closed;
    await until('Redis to answer', () => other.ping().catch(() => undefined));
    await until('the connection to come back', () => redis.ping().catch(() => undefined));
    expect(Number(await other.get('n'))).toBeLessThanOrEqual(1);
  });
});

describe('checkRedis', () => {
  it('names what makes a server unfit', async () => {
    const server = await startPrivateRedis(binary, [
      '--appendonly',
      'no',
      '--maxmemory-policy',
      'allkeys-lru',
    ]);
    onTestFinished(() => server.stop());
    const problems = await checkRedis(connect(server.url));
    expect(problems.map(({ code }) => code)).toEqual(['eviction', 'no-aof']);
    expect(problems[0]?.message).toContain('noeviction');
  });
});

describe('a connection', () => {
  it('sends the commands of one turn in one write', async () => {
    const server = await startPrivateRedis(binary);
    onTestFinished(() => server.stop());
    const [redis, observer] = [connect(server.url), connect(server.url)];
    await Promise.all([redis.ping(), observer.ping()]);
    const readsSoFar = async (): Promise<number> =>
      Number(infoFields(await observer.info('stats')).get('total_reads_processed'));
    const before = await readsSoFar();
    await Promise.all(Array.from({ length: 50 }, (_, index) => redis.rpush('list', index)));
    // One is of the look itself.
    expect((await readsSoFar()) - before).toBe(2);
    expect(await redis.lrange('list', 0, -1)).toEqual(
      Array.from({ length: 50 }, (_, index) => String(index)),
    );
  });
});
