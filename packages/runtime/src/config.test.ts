import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ConfigError,
  booleanVariable,
  durationVariable,
  networksVariable,
  portVariable,
  readConfig,
  redisUrlVariable,
  secretVariable,
  webhookUrlVariable,
} from './config.ts';

const schema = z.object({
  SCIM_PORT: portVariable(8080),
  FRESH_SCIM_ALLOW_ANY_UPSTREAM: booleanVariable(false),
  GRACE: durationVariable(5_000),
  REDIS_URL: redisUrlVariable(),
  FRESH_SCIM_SECRET: secretVariable(),
});
const SECRET = Buffer.alloc(32, 7).toString('base64');
const needed = { REDIS_URL: 'unix:///run/redis.sock', FRESH_SCIM_SECRET: SECRET };

function problemsWith(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('fills in defaults, and takes an empty variable for one that is not set', () => {
    const config = readConfig(schema, { ...needed, SCIM_PORT: '', GRACE: ' ' });
    expect(config).toMatchObject({ SCIM_PORT: 8080, GRACE: 5_000, FRESH_SCIM_ALLOW_ANY_UPSTREAM: false });
    expect(Buffer.from(config.FRESH_SCIM_SECRET)).toEqual(Buffer.alloc(32, 7));
  });

  it('reads what is given', () => {
    const given = { SCIM_PORT: '0', GRACE: '2m', FRESH_SCIM_ALLOW_ANY_UPSTREAM: 'Yes' };
    expect(readConfig(schema, { ...needed, ...given })).toMatchObject({
      SCIM_PORT: 0,
      GRACE: 120_000,
      FRESH_SCIM_ALLOW_ANY_UPSTREAM: true,
    });
  });

  it('names every wrong variable at once, with what to do', () => {
    const problems = problemsWith({
      ...needed,
      SCIM_PORT: '70000',
      GRACE: 'soon',
      FRESH_SCIM_SECRET: undefined,
    });
    expect(problems).toHaveLength(3);
    expect(problems.join('\n')).toContain('SCIM_PORT is "70000": give a port');
    expect(problems.join('\n')).toContain('GRACE is "soon": give a time such as');
    expect(problems.join('\n')).toContain('FRESH_SCIM_SECRET is not set: give 32 random bytes');
  });

  it.each([
    ['FRESH_SCIM_SECRET', 'hunter2'],
    ['REDIS_URL', 'http://:hunter2@redis'],
    ['REDIS_URL', 'redis:hunter2'],
  ])('never shows the value of %s', (name, value) => {
    const problems = problemsWith({ ...needed, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
    expect(problems[0]).not.toContain('hunter2');
  });

  it.each(['-1', '1.5', '0x10', '65536', '1e3', '99999999999999999999'])('refuses the port %s', (port) => {
    expect(problemsWith({ ...needed, SCIM_PORT: port })).toHaveLength(1);
  });

  it.each([
    ['10.0.0.5', ['10.0.0.5']],
    [' 172.16.0.0/12 ,loopback,2001:db8::/32 ', ['172.16.0.0/12', 'loopback', '2001:db8::/32']],
    ['', []],
  ])('reads the networks %j', (text, networks) => {
    const { PROXIES } = readConfig(z.object({ PROXIES: networksVariable() }), { PROXIES: text });
    expect(PROXIES).toEqual(networks);
  });

  it.each(['proxy.example', '10.0.0.0/33', '10.0.0.0/', '::1/129', '10.0.0.1,,10.0.0.2', 'true', '*'])(
    'refuses the networks %j',
    (text) => {
      const schemaOfProxies = z.object({ PROXIES: networksVariable() });
      expect(() => readConfig(schemaOfProxies, { PROXIES: text })).toThrow('PROXIES is ');
    },
  );
});

describe('webhookUrlVariable', () => {
  const hook = z.object({ ALERT_WEBHOOK_URL: webhookUrlVariable().optional() });

  it.each([
    'https://hooks.example/services/x',
    'http://127.0.0.1:9/x',
    'http://[::1]:9/',
    'http://localhost/',
  ])('takes %s', (url) => {
    expect(readConfig(hook, { ALERT_WEBHOOK_URL: url })).toEqual({ ALERT_WEBHOOK_URL: url });
  });

  it.each(['http://hooks.example/hidden', 'ftp://127.0.0.1/hidden', 'hidden'])(
    'refuses %s, and does not repeat it',
    (url) => {
      expect(() => readConfig(hook, { ALERT_WEBHOOK_URL: url })).toThrow(/ALERT_WEBHOOK_URL.*https address/s);
      expect(() => readConfig(hook, { ALERT_WEBHOOK_URL: url })).not.toThrow(/hidden/);
    },
  );
});
