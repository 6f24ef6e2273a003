import { describe, expect, it } from 'vitest';
import { infoFields, isSupportedVersion, problemsOf, redisOptions } from './redis-connection.ts';

describe('redisOptions', () => {
  it.each([
    ['redis://cache', { host: 'cache', port: 6379, db: 0 }],
    ['redis://:p%40ss@127.0.0.1:7000/2', { host: '127.0.0.1', port: 7000, db: 2, password: 'p@ss' }],
    ['redis://[::1]:7000', { host: '::1', port: 7000 }],
    ['rediss://me:secret@cache.example:6380', { username: 'me', password: 'secret', tls: {} }],
    ['unix:///run/my%20redis/redis.sock', { path: '/run/my redis/redis.sock', db: 0 }],
    ['unix:///run/redis.sock?db=3', { path: '/run/redis.sock', db: 3 }],
  ])('reads %s', (url, expected) => {
    expect(redisOptions(url)).toMatchObject(expected);
  });

  it.each(['', 'cache:6379', 'http://hunter2', 'unix://host/x', 'redis://x/hunter2', 'unix://'])(
    'refuses "%s" without repeating it',
    (url) => {
      expect(() => redisOptions(url)).toThrow(TypeError);
      expect(() => redisOptions(url)).not.toThrow(/hunter2/);
    },
  );

  it('reconnects for ever, at most a second apart', () => {
    const { retryStrategy } = redisOptions('redis://cache');
    const pauses = [1, 2, 3, 10, 1_000_000].map((attempt) => retryStrategy?.(attempt));
    expect(pauses).toEqual([50, 100, 200, 1_000, 1_000]);
  });
});

describe('problemsOf', () => {
  const fit =
    'redis_version:7.0.15\r\nloading:0\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\naof_last_write_status:ok';

  it('finds nothing wrong with a server as we start it', () => {
    expect(problemsOf(infoFields(`# Server\r\n${fit}\r\n`))).toEqual([]);
  });

  it.each([
    ['version', 'redis_version:6.0.16'],
    ['loading', 'loading:1'],
    ['eviction', 'maxmemory_policy:allkeys-lru'],
    ['no-aof', 'aof_enabled:0'],
    ['aof-failing', 'aof_last_write_status:err'],
  ])('reports %s', (code, line) => {
    expect(problemsOf(infoFields(`${fit}\r\n${line}`)).map((problem) => problem.code)).toEqual([code]);
  });

  it('does not judge what a managed server hides', () => {
    expect(problemsOf(infoFields('redis_version:7.2.4\r\nloading:0'))).toEqual([]);
  });
});

describe('isSupportedVersion', () => {
  it.each([
    ['6.2.0', true],
    ['6.1.9', false],
    ['5.0.14', false],
    ['7.0.15', true],
    ['10.0.0', true],
    ['', true],
  ])('%s: %s', (version, expected) => {
    expect(isSupportedVersion(version)).toBe(expected);
  });
});
