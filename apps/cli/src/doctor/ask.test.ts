import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { ask } from './ask.ts';

test('a port that browsers do not ask is asked', async () => {
  expect(await ask('http://127.0.0.1:1/')).toEqual({ failure: 'ECONNREFUSED' });
});

test('an answer is told with its type and the beginning of its body, a redirect as itself', async () => {
  const server = createServer((incoming, response) => {
    if (incoming.url === '/moved') response.writeHead(302, { location: '/', date: 'D' }).end();
    else response.writeHead(200, { 'content-type': 'text/plain', date: 'D' }).end('x'.repeat(100_000));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  try {
    const url = `http://127.0.0.1:${port}`;
    const body = 'x'.repeat(65_536);
    expect(await ask(`${url}/`)).toEqual({ status: 200, contentType: 'text/plain', body, at: 'D' });
    expect(await ask(`${url}/moved`)).toEqual({ status: 302, contentType: '', body: '', at: 'D' });
    expect(await ask(`${url}/`, 'HEAD')).toMatchObject({ status: 200, body: '' });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
