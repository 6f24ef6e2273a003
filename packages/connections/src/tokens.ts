// Inbound tokens: what Entra sends as its bearer token. The token itself is shown once and never stored; Redis knows
// its SHA-256. A token has 256 random bits, so a plain hash is as good as a slow one.
import { hash as digest, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { ConnectionError } from './errors.ts';

const TOKEN_PREFIX = 'fsc_';
const TOKEN_BYTES = 32;
const TOKEN = /^fsc_[A-Za-z0-9_-]{43}$/;

const tokenSchema = z.object({
  connectionId: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.int(),
  lastUsedAt: z.int().optional(),
  expiresAt: z.int().optional(),
});

/** A token as it is stored; times in epoch milliseconds. Without `expiresAt` it does not expire. */
export type TokenRecord = z.infer<typeof tokenSchema>;

/** @throws {ConnectionError} malformed-record */
export function parseTokenRecord(text: string): TokenRecord {
  try {
    return tokenSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConnectionError(
      'malformed-record',
      'The stored record of an inbound token cannot be read.',
      'It was written by a newer version or changed by hand: start the newer version, or rotate the token.',
      cause,
    );
  }
}

/** A new token of 47 characters, short enough for every kind of Entra tenant. */
export function mintToken(): string {
  return `${TOKEN_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
}

/** Whether a text could be a token at all; anything else never reaches Redis. */
export function isTokenShaped(text: string): boolean {
  return TOKEN.test(text);
}

/** SHA-256 of a token in hex: its field in Redis. */
export function hashToken(token: string): string {
  return digest('sha256', token);
}

/**
 * Whether the record is of this token and has not expired. The hashes are compared in constant time, so nothing about
 * a stored hash can be learnt from how long a refusal takes.
 */
export function admitsToken(record: TokenRecord, hash: string, now: number): boolean {
  const same = timingSafeEqual(Buffer.from(record.sha256, 'hex'), Buffer.from(hash, 'hex'));
  return same && (record.expiresAt === undefined || record.expiresAt > now);
}
