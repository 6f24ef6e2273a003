// Sends an answer, or spoils it on the wire as its fault says. The headers are those recorded from a real portal.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { FaultKind } from '../faults/kinds.ts';
import type { Admission } from '../limits/limiter.ts';
import type { Answer } from '../wire/answers.ts';
import type { Judgement } from './judge.ts';

const SLOW_PIECES = 5;

/** How an answer is sent. */
export interface Delivery {
  readonly latencyMs: number;
  readonly closesConnection: boolean;
  /** Ends hangs and slow bodies. */
  readonly closing: AbortSignal;
}

/** Sends what was decided. */
export async function deliver(reply: FastifyReply, judgement: Judgement, delivery: Delivery): Promise<void> {
  const { answer, fault } = judgement;
  const body = bodyOf(answer);
  const headers = headersOf(judgement, body, delivery);
  const spoil = fault === undefined ? undefined : SPOILERS[fault.kind];
  if (fault === undefined || spoil === undefined) {
    await reply
      .code(answer.status)
      .headers(headers)
      .send(body.length === 0 ? undefined : body);
    return;
  }
  reply.hijack();
  await spoil({
    raw: reply.raw,
    status: answer.status,
    headers,
    body,
    ms: fault.ms,
    closing: delivery.closing,
  });
}

interface Spoilt {
  readonly raw: FastifyReply['raw'];
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly ms: number;
  readonly closing: AbortSignal;
}

/** What the faults of the connection do; those that are not here are answers like others. */
const SPOILERS: Partial<Record<FaultKind, (spoilt: Spoilt) => void | Promise<void>>> = {
  'reset-before': reset,
  'reset-after': reset,
  'hang-before': hang,
  'hang-after': hang,
  'truncated-json': truncate,
  'slow-body': writeSlowly,
};

function reset({ raw }: Spoilt): void {
  raw.socket?.resetAndDestroy();
}

async function hang({ raw, ms, closing }: Spoilt): Promise<void> {
  await untilClosed(raw, ms, closing);
  raw.socket?.destroy();
}

/** The length promised is that of the whole body; the connection ends before. */
function truncate({ raw, status, headers, body }: Spoilt): void {
  raw.writeHead(status, headers);
  raw.write(body.subarray(0, Math.floor(body.length / 2)), () => raw.socket?.destroy());
}

async function writeSlowly({ raw, status, headers, body, ms, closing }: Spoilt): Promise<void> {
  raw.writeHead(status, headers);
  const size = Math.max(1, Math.ceil(body.length / SLOW_PIECES));
  for (let at = 0; at < body.length; at += size) {
    await untilClosed(raw, ms / SLOW_PIECES, closing);
    if (raw.destroyed) return;
    raw.write(body.subarray(at, at + size));
  }
  raw.end();
}

function bodyOf(answer: Answer): Buffer {
  return Buffer.from(answer.json === undefined ? (answer.html ?? '') : JSON.stringify(answer.json));
}

function headersOf(
  { answer, admission }: Judgement,
  body: Buffer,
  { latencyMs, closesConnection }: Delivery,
): Record<string, string> {
  const requestId = randomUUID();
  const headers: Record<string, string> = {
    status: `${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
    'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
    'x-freshservice-api-version': 'latest=v2; requested=v2',
    'x-request-id': requestId,
    'x-trace-id': `00-${requestId.replaceAll('-', '')}-${requestId.slice(-12)}0000-01`,
    'x-envoy-upstream-service-time': String(Math.round(latencyMs)),
    server: 'fwe',
    ...(admission === undefined ? {} : rateHeaders(admission)),
    ...answer.headers,
  };
  if (answer.status !== 204) headers['content-length'] = String(body.length);
  if (answer.json !== undefined) headers['content-type'] = 'application/json; charset=utf-8';
  else if (answer.html !== undefined) headers['content-type'] = 'text/html; charset=utf-8';
  if (closesConnection) headers['connection'] = 'close';
  return headers;
}

function rateHeaders(admission: Admission): Record<string, string> {
  return {
    'x-ratelimit-total': String(admission.total),
    'x-ratelimit-remaining': String(admission.remaining),
    'x-ratelimit-used-currentrequest': String(admission.cost),
    'x-fw-ratelimiting-managed': 'true',
  };
}

/** Waits for `ms`, or until the client has gone or the simulator closes. */
async function untilClosed(raw: FastifyReply['raw'], ms: number, closing: AbortSignal): Promise<void> {
  if (raw.destroyed || raw.socket?.destroyed !== false) return;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, closing]);
  const waits = [delay(ms, undefined, { signal }), once(raw, 'close', { signal })];
  try {
    await Promise.race(waits);
  } catch (error) {
    if (!closing.aborted) throw error;
  } finally {
    over.abort();
    // The wait that lost ends with an AbortError.
    await Promise.allSettled(waits);
  }
}
