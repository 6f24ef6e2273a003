/** Tells "the store cannot be used now" from every other error: the former is answered with 503, never 404. */

/** Redis is down, loading, read-only, out of memory or refuses to persist. Safe to repeat later. */
export class DirectoryUnavailable extends Error {
  override readonly name = 'DirectoryUnavailable';
}

/** The store was written by another version of fresh-scim, which this one does not understand. */
export class LayoutMismatch extends Error {
  override readonly name = 'LayoutMismatch';
  constructor(found: string, understood: string) {
    super(
      `The data in Redis has layout version ${found}; this version of fresh-scim understands ${understood}. ` +
        'Nothing was changed. Start the version that wrote the data, or upgrade it as docs/operations.md says.',
    );
  }
}

/** Error codes with which Redis refuses to work although it answers (Redis documentation, "Errors"). */
const REFUSALS = new Set([
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'NOAUTH',
  'NOPERM',
  'NOREPLICAS',
  'OOM',
  'READONLY',
  'TRYAGAIN',
  'UNKILLABLE',
  'WRONGPASS',
]);

/**
 * Runs a piece of work against Redis.
 *
 * @throws {DirectoryUnavailable} when Redis did not answer or refused to work; errors of ours pass unchanged.
 */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUnavailable(error)) throw new DirectoryUnavailable('Redis is not available.', { cause: error });
    throw error;
  }
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'ReplyError') {
    const code = error.message.replace(/^.*?error: /i, '').split(/[ :]/, 1)[0] ?? '';
    return REFUSALS.has(code) || [...REFUSALS].some((refusal) => error.message.includes(`${refusal} `));
  }
  if ('code' in error && typeof error.code === 'string') return true; // ECONNREFUSED, ENOENT of the socket, ...
  // ioredis: connection closed, command timed out, retries used up, stream not writeable.
  return /Connection is closed|Command timed out|MaxRetriesPerRequest|isn't writeable|Socket closed/.test(
    `${error.name} ${error.message}`,
  );
}
