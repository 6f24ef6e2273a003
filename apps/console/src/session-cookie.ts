// The cookie that carries a session's id.
import type { FastifyReply, FastifyRequest } from 'fastify';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Cookies know no port, so the name does: two consoles on one machine do not sign each other out. */
function cookieName(request: FastifyRequest): string {
  return `fresh_scim_session_${request.port ?? 'default'}`;
}

export function readSessionId(request: FastifyRequest): string | undefined {
  return request.cookies[cookieName(request)];
}

/** `httpsOutside`: the installation is reached by https from outside, whatever this process sees of it. */
export function setSessionId(
  request: FastifyRequest,
  reply: FastifyReply,
  session: { readonly id: string; readonly lifeMs: number; readonly httpsOutside: boolean },
): void {
  // Over plain http on the machine itself a Secure cookie would be refused by some browsers.
  const secure = request.protocol === 'https' || (session.httpsOutside && !LOOPBACK.has(request.hostname));
  reply.setCookie(cookieName(request), session.id, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge: Math.ceil(session.lifeMs / 1000),
  });
}

export function clearSessionId(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(cookieName(request), { path: '/', httpOnly: true, sameSite: 'strict' });
}
