import { expect, test } from 'vitest';
import type { Stored } from './store.ts';
import { createTokenKeeper, type TokenStore } from './token-keeper.ts';
import type { TokenRecord } from './tokens.ts';

const NOW = 1_700_000_000_000;

/** Tokens in memory, each of which is used, by another process, at the moment that it is to be changed. */
function usedAllTheTime(times: number): TokenStore {
  const tokens = new Map<string, TokenRecord>();
  let left = times;
  const storedOf = (value: TokenRecord): Stored<TokenRecord> => ({ value, text: JSON.stringify(value) });
  return {
    loadTokens: async () => [...tokens.values()].map(storedOf),
    loadToken: async (hash) => {
      const token = tokens.get(hash);
      return token && storedOf(token);
    },
    addToken: async (token) => void tokens.set(token.sha256, token),
    replaceToken: async (read, next) => {
      const { sha256 } = next;
      const token = tokens.get(sha256);
      if (token && left > 0) {
        left -= 1;
        tokens.set(sha256, { ...token, lastUsedAt: (token.lastUsedAt ?? NOW) + 60_000 });
      }
      const known = tokens.get(sha256);
      if (!known || storedOf(known).text !== read.text) return false;
      tokens.set(sha256, next);
      return true;
    },
    deleteTokens: async (hashes) => {
      for (const hash of hashes) tokens.delete(hash);
    },
  };
}

test('a token that is used all the time expires with the others when there is a new one', async () => {
  const keeper = createTokenKeeper(usedAllTheTime(40), () => NOW);
  await keeper.issue('c1');
  await keeper.rotate('c1', 5_000);
  const expiries = (await keeper.summaries('c1')).map(({ expiresAt }) => expiresAt);
  expect(new Set(expiries)).toEqual(new Set([NOW + 5_000, undefined]));
});

test('a rotation that cannot end an old token says so', async () => {
  const keeper = createTokenKeeper(usedAllTheTime(Number.POSITIVE_INFINITY), () => NOW);
  await keeper.issue('c1');
  await expect(keeper.rotate('c1', 5_000)).rejects.toMatchObject({ code: 'changed-meanwhile' });
});
