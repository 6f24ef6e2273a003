// Seals a Freshservice API key under the installation's secret (AES-256-GCM), bound to the connection and to the
// address that the key is sent to: a sealed key that was moved to another record, or a record whose address was
// changed in Redis, does not open.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { ConnectionError } from './errors.ts';
import type { Secret } from './secret.ts';

/** A sealed text; `secret` is the fingerprint of the secret that opens it. The binary parts are base64. */
export const sealedSchema = z.object({
  secret: z.string(),
  nonce: z.base64(),
  box: z.base64(),
  tag: z.base64(),
});

export type Sealed = z.infer<typeof sealedSchema>;

/** What a sealed text belongs to. */
export interface SealedFor {
  readonly connectionId: string;
  readonly baseUrl: string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function associatedData(owner: SealedFor): Buffer {
  return Buffer.from(JSON.stringify([owner.connectionId, owner.baseUrl]));
}

/** Seals a text with a nonce of its own: sealing the same text twice gives two different results. */
export function seal(secret: Secret, owner: SealedFor, text: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret.key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(owner));
  const box = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return {
    secret: secret.fingerprint,
    nonce: nonce.toString('base64'),
    box: box.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
}

/**
 * Opens what {@link seal} made.
 *
 * @throws {ConnectionError} secret-mismatch when it was sealed under another secret; seal-broken when it was
 *   altered or belongs to another connection or address
 */
export function unseal(secret: Secret, owner: SealedFor, sealed: Sealed): string {
  if (sealed.secret !== secret.fingerprint) throw secretMismatch(sealed.secret, secret.fingerprint);
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret.key, Buffer.from(sealed.nonce, 'base64'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(associatedData(owner));
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(sealed.box, 'base64')), decipher.final()]).toString(
      'utf8',
    );
  } catch (cause) {
    throw new ConnectionError(
      'seal-broken',
      `The stored API key of connection ${owner.connectionId} does not open: its record was altered.`,
      'Store the API key again with set-key; if the address of the connection looks wrong, remove it and add it anew.',
      cause,
    );
  }
}

/** The refusal of a store that belongs to another secret; names both by fingerprint. */
export function secretMismatch(stored: string, ours: string): ConnectionError {
  return new ConnectionError(
    'secret-mismatch',
    `The API keys in Redis are sealed under secret ${stored}, but FRESH_SCIM_SECRET is ${ours}. Nothing was changed.`,
    'Start with the secret that this Redis was used with, or point REDIS_URL to the Redis of this installation.',
  );
}
