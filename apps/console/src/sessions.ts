// Who is signed in. A session is a random id in a cookie; Redis knows only its HMAC under the password, so a copy of
// Redis lets nobody in, and a new password ends every session.
import { createHmac, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';

const ID_BYTES = 32;
const ID = /^[A-Za-z0-9_-]{43}$/;

/** Redis cannot say who is signed in; answered as 503. */
class SessionsUnavailable extends Error {
  readonly statusCode = 503;

  constructor(cause: unknown) {
    super('Redis does not answer', { cause });
    this.name = 'SessionsUnavailable';
  }
}

/** All methods throw {SessionsUnavailable} when Redis cannot answer. */
export interface Sessions {
  /** Begins a session and returns its id, for the cookie. */
  begin(): Promise<string>;
  isLive(id: string | undefined): Promise<boolean>;
  end(id: string | undefined): Promise<void>;
}

export function createSessions(options: {
  readonly redis: Redis;
  readonly password: string;
  readonly keyPrefix: string;
  /** How long a session lives after the sign-in, in milliseconds. */
  readonly lifeMs: number;
}): Sessions {
  const { redis, password, keyPrefix, lifeMs } = options;

  function keyOf(id: string): string {
    return `${keyPrefix}:console-session:${createHmac('sha256', password).update(id).digest('hex')}`;
  }

  return {
    async begin() {
      const id = randomBytes(ID_BYTES).toString('base64url');
      await reach(redis.set(keyOf(id), '1', 'PX', lifeMs));
      return id;
    },
    async isLive(id) {
      if (id === undefined || !ID.test(id)) return false;
      return (await reach(redis.exists(keyOf(id)))) === 1;
    },
    async end(id) {
      if (id !== undefined && ID.test(id)) await reach(redis.del(keyOf(id)));
    },
  };
}

async function reach<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (cause) {
    throw new SessionsUnavailable(cause);
  }
}
