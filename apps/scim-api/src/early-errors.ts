/** Answers in SCIM form to what never becomes a request: an address that cannot be decoded, bytes that are no HTTP. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ANSWER_HEADERS, sendError } from './plugins/scim-answers.ts';
import { refusal } from './scim-error.ts';

/** For Fastify's `frameworkErrors`; its own answer would repeat the address, which may hold a name. */
export function answerBadUrl(_error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  sendError(refusal(400), reply);
}

/** Statuses by the code of Node's `clientError`; any other is a 400. */
const STATUS_OF = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 } as const;

/** For Fastify's `clientErrorHandler`: there is a socket only, which ends here. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  const { _httpMessage: begun } = socket as Socket & { _httpMessage?: ServerResponse }; // as Node's own handler asks
  if (!socket.writable || begun?.headersSent) {
    socket.destroy();
    return;
  }
  const status = Object.entries(STATUS_OF).find(([code]) => code === error.code)?.[1] ?? 400;
  const body = JSON.stringify(refusal(status).toBody());
  const headers = { ...ANSWER_HEADERS, 'content-length': Buffer.byteLength(body), connection: 'close' };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}
