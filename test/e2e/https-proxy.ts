/** A reverse proxy on this machine as docs/operations.md asks for one: https in front of scim-api, `/scim/` only. */
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../support/certificate.ts';

/** A proxy that listens. */
export interface HttpsProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** @param target the origin of scim-api */
export async function startHttpsProxy(target: string, certificate: Certificate): Promise<HttpsProxy> {
  const server = createServer(certificate, (incoming, answer) => {
    const { method, url = '', headers } = incoming;
    if (!url.startsWith('/scim/')) {
      answer.writeHead(404).end();
      return;
    }
    const outgoing = request(new URL(url, target), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.once('error', () => answer.writeHead(502).end());
    incoming.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
