import { describe, expect, test } from 'vitest';
import { parseUpstream } from './upstream.ts';

describe('the domain', () => {
  test.each([
    'acme.freshservice.com',
    ' ACME.Freshservice.com ',
    'https://acme.freshservice.com',
    'https://acme.freshservice.com/a/dashboard',
    'acme.freshservice.com:443',
  ])('%j is the account acme', (domain) => {
    expect(parseUpstream(domain, undefined, false)).toEqual({
      domain: 'acme.freshservice.com',
      baseUrl: 'https://acme.freshservice.com',
      accountId: parseUpstream('acme.freshservice.com', undefined, false).accountId,
    });
  });

  test.each([
    '',
    'acme',
    'freshservice.com',
    '.freshservice.com',
    'acme.freshservice.com.',
    'acme.freshservice.com.evil.example',
    'evil.example#.freshservice.com',
    'evil.example/.freshservice.com',
    'evil.example?.freshservice.com',
    'evilfreshservice.com',
    'user@acme.freshservice.com',
    'http://acme.freshservice.com',
    'acme.freshservice.com:8443',
    'help.acme.example',
    '127.0.0.1',
    'a b.freshservice.com',
  ])('%j is refused', (domain) => {
    expect(() => parseUpstream(domain, undefined, false)).toThrow(
      expect.objectContaining({ code: 'invalid-domain' }),
    );
  });
});

describe('the base URL', () => {
  test('is for simulators only', () => {
    expect(() => parseUpstream('acme.freshservice.com', 'http://127.0.0.1:9400', false)).toThrow(
      expect.objectContaining({ code: 'invalid-base-url' }),
    );
    expect(parseUpstream('sim.example', 'http://127.0.0.1:9400/', true)).toMatchObject({
      domain: 'sim.example',
      baseUrl: 'http://127.0.0.1:9400',
    });
  });

  test.each(['ftp://127.0.0.1', 'http://u:p@127.0.0.1', 'http://127.0.0.1/?a=1', 'nonsense'])(
    '%j is refused',
    (baseUrl) => {
      expect(() => parseUpstream('sim.example', baseUrl, true)).toThrow(
        expect.objectContaining({ code: 'invalid-base-url' }),
      );
    },
  );
});

describe('the account', () => {
  test('follows the host that is called, so that connections to one account meet', () => {
    const id = (domain: string, baseUrl?: string): string => parseUpstream(domain, baseUrl, true).accountId;
    expect(id('a.example')).toMatch(/^a[0-9a-f]{12}$/);
    expect(id('a.example')).toBe(id('A.example'));
    expect(id('a.example', 'http://127.0.0.1:1')).toBe(id('b.example', 'http://127.0.0.1:1/'));
    expect(id('a.example', 'http://127.0.0.1:1')).not.toBe(id('a.example', 'http://127.0.0.1:2'));
    expect(id('a.example')).not.toBe(id('b.example'));
  });
});
