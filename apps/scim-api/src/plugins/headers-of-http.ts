/** What Node would answer itself, and not in SCIM form: a request without `Host`, and one that expects something. */
import plugin from 'fastify-plugin';
import { refusal } from '../scim-error.ts';

export const headersOfHttp = plugin(async (app) => {
  // HTTP/1.0 has no Host; a later request without it is refused (RFC 9112 §3.2).
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    done(raw.headers.host === undefined && raw.httpVersion !== '1.0' ? refusal(400) : undefined);
  });
  // Whoever expects more than 100-continue may be refused with 417, and need not be (RFC 9110 §10.1.1).
  app.server.on('checkExpectation', (request, response) => app.routing(request, response));
});
