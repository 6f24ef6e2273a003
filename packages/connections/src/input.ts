// Checks of what an operator types for a connection. Pure. No message repeats an API key.
import { ConnectionError } from './errors.ts';

const NAME_CHARACTERS_MAX = 64;
const MINUTE_MS = 60_000;
const MINUTE_MS_MIN = 100;
const API_KEY = /^[\x21-\x7e]{1,512}$/;
const CONNECTION_ID = /^c[0-9a-f]{12}$/i;

/** @throws {ConnectionError} invalid-name */
export function parseName(text: string): string {
  const name = text.trim().normalize('NFC');
  const fits = name !== '' && name.length <= NAME_CHARACTERS_MAX && !/\p{C}/u.test(name);
  if (!fits || CONNECTION_ID.test(name)) {
    throw new ConnectionError(
      'invalid-name',
      'The name cannot be used.',
      `Give a name of 1 to ${NAME_CHARACTERS_MAX} visible characters that does not look like a connection id.`,
    );
  }
  return name;
}

/** A name as it is compared: without case. */
export function toNameKey(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

/** @throws {ConnectionError} invalid-api-key */
export function parseApiKey(text: string): string {
  const apiKey = text.trim();
  if (!API_KEY.test(apiKey)) {
    throw new ConnectionError(
      'invalid-api-key',
      'The API key is empty, too long or holds characters that no key has.',
      'Copy the key from the profile settings of the Freshservice agent, one line and nothing else.',
    );
  }
  return apiKey;
}

/** @throws {ConnectionError} invalid-plan */
export function parsePlan(text: string): string {
  const plan = text.trim().toLowerCase();
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(plan)) {
    throw new ConnectionError(
      'invalid-plan',
      'That is no name of a Freshservice plan.',
      'Give starter, growth, pro or enterprise, or leave the plan out: it is learnt from the answers.',
    );
  }
  return plan;
}

/** @throws {ConnectionError} invalid-minute */
export function parseMinuteMs(minuteMs: number | undefined, allowAnyUpstream: boolean): number {
  const value = minuteMs ?? MINUTE_MS;
  const short = Number.isInteger(value) && value >= MINUTE_MS_MIN && value <= MINUTE_MS && allowAnyUpstream;
  if (value !== MINUTE_MS && !short) {
    throw new ConnectionError(
      'invalid-minute',
      'A minute of that length cannot be used here.',
      `Leave it out; for a simulator give ${MINUTE_MS_MIN} to ${MINUTE_MS} ms and set FRESH_SCIM_ALLOW_ANY_UPSTREAM=1.`,
    );
  }
  return value;
}
