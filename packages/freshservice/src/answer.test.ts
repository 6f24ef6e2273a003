import { describe, expect, it } from 'vitest';
import { readEnding } from './answer.ts';
import type { Call } from './call.ts';
import { optional, wrapped } from './endpoint.ts';
import { FreshserviceError } from './error.ts';
import { type Requester, requesterSchema } from './records.ts';
import type { Answer } from './send.ts';

const record = wrapped('requester', requesterSchema);
const PUT: Call<Requester> = {
  method: 'PUT',
  route: '/requesters/{id}',
  path: '/requesters/21000418006?secret=mira@example.test',
  bucket: 'overall',
  namesOneRecord: true,
  body: { first_name: 'Mira' },
  answer: record,
};
const GET: Call<Requester> = { ...PUT, method: 'GET' };
const DELETE: Call<Requester | undefined> = { ...PUT, method: 'DELETE', answer: optional(record) };

const answer = (status: number, body: string | undefined, more: Partial<Answer> = {}): Answer => ({
  status,
  headers: { 'x-request-id': 'req-1' },
  body,
  fault: undefined,
  ...more,
});

describe('a success', () => {
  it('is any 2xx with the record', () => {
    for (const status of [200, 201, 202]) {
      expect(readEnding(PUT, answer(status, '{"requester":{"id":3}}'), 0)).toMatchObject({
        value: { id: 3 },
      });
    }
  });

  it('may be empty where the endpoint says so', () => {
    expect(readEnding(DELETE, answer(204, ''), 0)).toEqual({ value: undefined, hasNextLink: false });
    expect(readEnding(DELETE, answer(200, '{"requester":{"id":3}}'), 0)).toMatchObject({ value: { id: 3 } });
  });
});

describe('a 2xx that cannot be read', () => {
  it.each([
    ['', undefined, 'UNEXPECTED_SHAPE'],
    ['{"requester":{}}', undefined, 'UNEXPECTED_SHAPE'],
    ['<html>', undefined, 'NO_JSON'],
    ['{"requester":{"id"', undefined, 'NO_JSON'],
    [undefined, 'TRUNCATED', 'TRUNCATED'],
    [undefined, 'TOO_LARGE', 'TOO_LARGE'],
  ])('%j (%s) is malformed', (body, fault, code) => {
    const error = readEnding(PUT, answer(200, body, { fault }), 0);
    expect(error).toMatchObject({
      kind: 'malformed',
      effect: 'unknown',
      status: 200,
      code,
      requestId: 'req-1',
    });
    expect(readEnding(GET, answer(200, body, { fault }), 0)).toMatchObject({
      kind: 'malformed',
      effect: 'none',
    });
  });

  it('is never taken for the empty answer of a deactivation', () => {
    expect(readEnding(DELETE, answer(200, '<html>'), 0)).toMatchObject({
      kind: 'malformed',
      effect: 'unknown',
    });
  });

  it('is a deadline when we cut it', () => {
    const cut = answer(200, undefined, { fault: 'DEADLINE' });
    expect(readEnding(PUT, cut, 0)).toMatchObject({ kind: 'deadline', effect: 'unknown', status: 200 });
    expect(readEnding(GET, cut, 0)).toMatchObject({ kind: 'deadline', effect: 'none' });
  });
});

describe('a refusal', () => {
  it('is decided by its status even when its body is cut', () => {
    const cut = answer(409, undefined, { fault: 'TRUNCATED' });
    expect(readEnding(PUT, cut, 0)).toMatchObject({ kind: 'conflict', effect: 'none', code: 'TRUNCATED' });
  });

  it('carries Retry-After', () => {
    const refusal = answer(429, '', { headers: { 'retry-after': '3' } });
    expect(readEnding(PUT, refusal, 0)).toMatchObject({ kind: 'throttled', retryAfterMs: 3000 });
  });

  it('says what happened without a person, an id or a query', () => {
    const body = JSON.stringify({
      errors: [{ field: 'first_name', code: 'invalid_value', message: 'Mira is no name' }],
    });
    const error = readEnding(PUT, answer(400, body), 0);
    expect(error).toBeInstanceOf(FreshserviceError);
    if (!(error instanceof FreshserviceError)) return;
    expect(error.message).toBe(
      'PUT /requesters/{id}: invalid (status 400, invalid_value, first_name invalid_value)',
    );
    expect(JSON.stringify([error, error.message, error.stack])).not.toMatch(/mira|21000418006|secret/i);
  });
});

describe('silence', () => {
  it('is harmless before the first byte and doubtful after it', () => {
    const silence = { status: undefined, fault: 'ECONNREFUSED' };
    expect(readEnding(PUT, { ...silence, written: false }, 0)).toMatchObject({
      kind: 'unavailable',
      effect: 'none',
      code: 'ECONNREFUSED',
      status: undefined,
    });
    expect(readEnding(PUT, { ...silence, written: true }, 0)).toMatchObject({ effect: 'unknown' });
    expect(readEnding(PUT, { ...silence, fault: 'DEADLINE', written: true }, 0)).toMatchObject({
      kind: 'deadline',
      effect: 'unknown',
    });
    expect(readEnding(PUT, { ...silence, fault: 'ABORTED', written: false }, 0)).toMatchObject({
      kind: 'deadline',
      effect: 'none',
    });
  });
});
