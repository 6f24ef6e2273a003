// Signing in and out, and the hook that lets nobody else in: a route is closed unless its config says `isPublic`.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { signInPage } from '../pages/sign-in-page.ts';
import { isSamePassword } from '../password.ts';
import { clearSessionId, readSessionId, setSessionId } from '../session-cookie.ts';
import type { Sessions } from '../sessions.ts';
import type { SignInThrottle } from '../throttle.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served without a sign-in. @default false */
    isPublic?: boolean;
  }
}

const FORM_BYTES_MAX = 4_096;
const signInForm = z.object({ password: z.string().max(1_024) });

export interface SignInOptions {
  readonly sessions: Sessions;
  readonly throttle: SignInThrottle;
  readonly password: string;
  readonly sessionLifeMs: number;
  readonly httpsOutside: boolean;
}

/** Call it before anything that must not be seen without a sign-in is registered. */
export function demandSignIn(app: FastifyInstance, sessions: Sessions): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isPublic === true || (await sessions.isLive(readSessionId(request)))) {
      return undefined;
    }
    return wantsHtml(request)
      ? reply.redirect('/sign-in', 302)
      : reply.code(401).send({ error: 'sign-in required' });
  });
}

export function addSignInRoutes(app: FastifyInstance, options: SignInOptions): void {
  const { sessions, throttle, password, sessionLifeMs, httpsOutside } = options;
  const isPublic = { config: { isPublic: true } };

  app.get('/sign-in', isPublic, async (request, reply) => {
    if (await sessions.isLive(readSessionId(request))) return reply.redirect('/', 302);
    return showSignIn(reply, 200);
  });

  app.post('/sign-in', { ...isPublic, bodyLimit: FORM_BYTES_MAX }, async (request, reply) => {
    const waitMs = throttle.waitMs(request.ip);
    if (waitMs > 0) {
      const waitSeconds = Math.ceil(waitMs / 1000);
      reply.header('retry-after', waitSeconds);
      return showSignIn(reply, 429, `Too many wrong passwords. Try again in ${waitSeconds} seconds.`);
    }
    const form = signInForm.safeParse(request.body);
    if (!form.success || !isSamePassword(form.data.password.trim(), password)) {
      throttle.failed(request.ip);
      request.log.warn('sign-in refused: wrong password');
      return showSignIn(reply, 401, 'That is not the password.');
    }
    throttle.succeeded(request.ip);
    await sessions.end(readSessionId(request));
    const id = await sessions.begin();
    setSessionId(request, reply, { id, lifeMs: sessionLifeMs, httpsOutside });
    request.log.info('signed in');
    return reply.redirect('/', 303);
  });

  app.post('/sign-out', isPublic, async (request, reply) => {
    await sessions.end(readSessionId(request));
    clearSessionId(request, reply);
    return reply.redirect('/sign-in', 303);
  });
}

function showSignIn(reply: FastifyReply, status: number, problem?: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(signInPage(problem));
}

function wantsHtml(request: FastifyRequest): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead && (request.headers.accept ?? '').includes('text/html');
}
