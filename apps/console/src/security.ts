// What guards every answer and every request: headers that keep pages from being framed, sniffed or stored, and the
// refusal of a change that another site asked a browser for (beside SameSite=Strict cookies).
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Bull Board styles its elements inline; its scripts are files. Its web fonts stay blocked: nothing leaves this host. */
const QUEUES_POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

const PAGES_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Call it before anything is registered: hooks are inherited by what comes later only. */
export function guardEveryAnswer(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isSafeMethod(request.method) && isFromElsewhere(request)) {
      // Returning the reply ends the life cycle here.
      return reply.code(403).send({ error: 'this request came from another site' });
    }
    return undefined;
  });
  // On the way out, so that no plugin (static files set a cache header) has the last word.
  app.addHook('onSend', async (request, reply, payload) => {
    setHeaders(request, reply);
    return payload;
  });
}

function setHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': /^\/queues(?:\/|\?|$)/.test(request.url) ? QUEUES_POLICY : PAGES_POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Not no-referrer: under it a browser sends `Origin: null` with our own forms.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'cache-control': 'no-store',
  });
}

function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** A browser names the origin of every change that it sends. A client that names none is no browser. */
function isFromElsewhere(request: FastifyRequest): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) return !isHostOf(origin, request.host);
  const site = request.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Whether `host` is the host of an origin; a port that is the protocol's own may be named or not. */
function isHostOf(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: expected } = new URL(origin);
  const address = `${protocol}//${host}`;
  return expected !== '' && URL.canParse(address) && new URL(address).host === expected;
}
