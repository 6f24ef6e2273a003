// The page of connections and its style sheet.
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { homePage } from '../pages/home-page.ts';
import type { QueueBoard } from '../queue-board.ts';

const STYLE_SHEET = readFileSync(new URL('../console.css', import.meta.url), 'utf8');

export function addHomeRoutes(app: FastifyInstance, board: QueueBoard): void {
  app.get('/', async (_request, reply) => {
    await board.refresh();
    const rows = await Promise.all(
      board.shown().map(async ({ connection, queues }) => ({ connection, counts: await queues.counts() })),
    );
    return reply.type('text/html; charset=utf-8').send(homePage(rows, board.hidden()));
  });

  app.get('/console.css', { config: { isPublic: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(STYLE_SHEET),
  );
}
