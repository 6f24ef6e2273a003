// The installation's secret: the key under which the API keys are sealed. It is never stored and never shown; its
// fingerprint may be.
import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ConnectionError } from './errors.ts';

/** 32 bytes of key material, held so that printing or logging the object shows nothing of them. */
export interface Secret {
  readonly key: KeyObject;
  /** 16 hex digits that tell two secrets apart and reveal nothing of either. */
  readonly fingerprint: string;
}

const SECRET_BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * The secret from its 32 bytes, or from their base64 (or base64url) as in FRESH_SCIM_SECRET.
 *
 * @throws {ConnectionError} invalid-secret when it is anything else; it is not repeated
 */
export function parseSecret(given: string | Uint8Array): Secret {
  const bytes = typeof given === 'string' ? decode(given.trim()) : given;
  if (bytes.length !== SECRET_BYTES) {
    throw new ConnectionError(
      'invalid-secret',
      'The secret is not 32 bytes in base64.',
      'Set FRESH_SCIM_SECRET to the output of: openssl rand -base64 32',
    );
  }
  const key = createSecretKey(bytes);
  const fingerprint = createHmac('sha256', key).update('fresh-scim fingerprint').digest('hex').slice(0, 16);
  return { key, fingerprint };
}

function decode(text: string): Uint8Array {
  return BASE64.test(text) ? Buffer.from(text, 'base64') : new Uint8Array();
}
