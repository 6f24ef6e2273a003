/** Requests as bytes on a socket, for what no HTTP client lets one send. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { type Answer, toAnswer } from './scim-api.ts';

/** A hang, and not a busy machine. */
const ANSWER_WITHIN_MS = 30_000;

/** A connection on which a test writes what it likes. */
export async function openSocket(origin: string): Promise<Socket> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined); // A reset is the server's right; what matters is what was answered before it.
  await once(socket, 'connect');
  return socket;
}

/** Sends the bytes and reads one answer. @throws when there is none within 30 s */
export async function exchange(origin: string, bytes: string | Buffer): Promise<Answer> {
  const socket = await openSocket(origin);
  socket.write(bytes);
  try {
    return await readAnswer(socket);
  } finally {
    socket.destroy();
  }
}

async function readAnswer(socket: Socket): Promise<Answer> {
  let text = '';
  socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy(new Error('no answer in time')));
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    const answer = parseAnswer(text);
    if (answer) return answer;
  }
  throw new Error('the connection ended without an answer');
}

/** @returns undefined while a part of it is missing. */
function parseAnswer(text: string): Answer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const body = text.slice(end + 4);
  if (Buffer.byteLength(body) < Number(headers['content-length'] ?? 0)) return undefined;
  return toAnswer(Number(statusLine.split(' ')[1]), headers, body);
}
