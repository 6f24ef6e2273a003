// From what an operator gives to the record that is stored. Checks everything before anything is written.
import { randomBytes } from 'node:crypto';
import { parseApiKey, parseMinuteMs, parseName, parsePlan, toNameKey } from './input.ts';
import type { ConnectionRecord } from './record.ts';
import { seal } from './sealing.ts';
import type { Secret } from './secret.ts';
import { parseSettings } from './settings.ts';
import { parseUpstream } from './upstream.ts';

/** What an operator gives to connect a Freshservice account. */
export interface NewConnection {
  /** 1 to 64 characters, unique without case. */
  readonly name: string;
  /** Host of the account, such as `acme.freshservice.com`. */
  readonly domain: string;
  readonly apiKey: string;
  /** Where calls go instead of `https://` and the domain; simulators only. */
  readonly baseUrl?: string;
  readonly plan?: string;
  /** @default 60000; shorter for simulators only */
  readonly minuteMs?: number;
  /** Settings that differ from their defaults. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * The record of a new connection, under an id at random.
 *
 * @throws {ConnectionError} invalid-name, invalid-domain, invalid-base-url, invalid-api-key, invalid-plan,
 *   invalid-minute; {SettingsError}
 */
export function createRecord(
  input: NewConnection,
  secret: Secret,
  options: { readonly allowAnyUpstream: boolean; readonly createdAt: number },
): ConnectionRecord {
  const { allowAnyUpstream, createdAt } = options;
  const id = `c${randomBytes(6).toString('hex')}`;
  const name = parseName(input.name);
  const upstream = parseUpstream(input.domain, input.baseUrl, allowAnyUpstream);
  const settings = { ...input.settings };
  parseSettings(settings);
  return {
    v: 1,
    id,
    accountId: upstream.accountId,
    name,
    nameKey: toNameKey(name),
    domain: upstream.domain,
    baseUrl: upstream.baseUrl,
    ...(input.plan === undefined ? {} : { plan: parsePlan(input.plan) }),
    minuteMs: parseMinuteMs(input.minuteMs, allowAnyUpstream),
    settings,
    sealed: seal(secret, { connectionId: id, baseUrl: upstream.baseUrl }, parseApiKey(input.apiKey)),
    createdAt,
    paused: false,
  };
}
