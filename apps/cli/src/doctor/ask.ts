// Asks an address something, within bounds, and tells what came back as a plain value. Sends no token and no key.
import { request } from 'undici';

const ANSWER_WITHIN_MS = 5_000;
const BODY_BYTES_MAX = 65_536;

/** What came back: an answer, or a code that says why there is none, such as ECONNREFUSED or `timeout`. */
export type Answer =
  | {
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      readonly at: string | null;
    }
  | { readonly failure: string };

/** Within 5 s, at most 64 KiB of the body; redirects are not followed, because Entra does not follow them. */
export async function ask(url: string, method: 'GET' | 'HEAD' = 'GET'): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    // Not fetch: it refuses the ports that browsers do not ask, such as 1, and Entra does ask them.
    const { statusCode: status, headers, body } = await request(url, { method, signal });
    const contentType = String(headers['content-type'] ?? '');
    return {
      status,
      contentType,
      body: await readStart(body),
      at: headers.date ? String(headers.date) : null,
    };
  } catch (error) {
    return { failure: toCode(error) };
  }
}

/** The code of a network error, as short as it can be: texts may hold addresses. */
export function toCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'timeout';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? error.name : toCode(error.cause);
}

async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= BODY_BYTES_MAX) break;
  }
  return Buffer.concat(parts).subarray(0, BODY_BYTES_MAX).toString('utf8');
}
