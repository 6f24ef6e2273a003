import { describe, expect, it } from 'vitest';
import { hasNextLink, readRateHeaders, readRequestId, readRetryAfterMs } from './headers.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');

describe('readRetryAfterMs', () => {
  it.each([
    ['23', 23_000],
    ['0', 0],
    [' 7 ', 7000],
    ['1521', 1_521_000],
    ['999999', 3_600_000],
    ['Mon, 02 Mar 2026 09:00:30 GMT', 30_000],
    ['Mon, 02 Mar 2026 08:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %s ms', (text, ms) => {
    expect(readRetryAfterMs({ 'retry-after': text }, NOW)).toBe(ms);
  });
});

describe('readRateHeaders', () => {
  it('reads what is there and ignores what makes no sense', () => {
    const headers = { 'x-ratelimit-total': '140', 'x-ratelimit-remaining': 'many' };
    expect(readRateHeaders(headers)).toEqual({ total: 140 });
    expect(readRateHeaders({ ...headers, 'x-ratelimit-remaining': '138' })).toEqual({
      total: 140,
      remaining: 138,
    });
    expect(readRateHeaders({ 'x-ratelimit-used-currentrequest': ['1', '2'] })).toEqual({ used: 1 });
    expect(readRateHeaders({ 'x-ratelimit-total': '-1' })).toBeUndefined();
    expect(readRateHeaders({})).toBeUndefined();
  });
});

describe('readRequestId', () => {
  it('keeps an id and drops anything else', () => {
    expect(readRequestId({ 'x-request-id': '0b1c6c1e-7a0e-9b5f' })).toBe('0b1c6c1e-7a0e-9b5f');
    expect(readRequestId({ 'x-request-id': 'a text with spaces' })).toBeUndefined();
    expect(readRequestId({ 'x-request-id': 'x'.repeat(101) })).toBeUndefined();
    expect(readRequestId({})).toBeUndefined();
  });
});

describe('hasNextLink', () => {
  it('looks for rel="next"', () => {
    expect(hasNextLink({ link: '<https://acme.freshservice.com/api/v2/agents?page=2>; rel="next"' })).toBe(
      true,
    );
    expect(hasNextLink({ link: '<https://acme.freshservice.com/api/v2/agents?page=1>; rel="prev"' })).toBe(
      false,
    );
    expect(hasNextLink({})).toBe(false);
  });
});
