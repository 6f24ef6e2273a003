/**
 * While the server closes, every answer is the last one on its connection: a client that keeps its connection open
 * between requests would otherwise hold up the end of the process for a minute.
 */
import plugin from 'fastify-plugin';

export const endConnectionsOnClose = plugin(async (app) => {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
});
