/**
 * Reads a process's configuration from its environment, once, at start. A wrong value ends the process with a
 * text that a person can act on. Knows nothing of any particular variable: each app brings its own schema.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { LOG_LEVELS } from './logger.ts';

/** The text of a wrong value is cut here, so that a pasted file does not fill the screen. */
const SHOWN_MAX = 40;

/** A variable whose value may be a secret, or may carry one (a URL has a password in it). */
const SECRET_NAME = /SECRET|TOKEN|KEY|PASS|URL|WEBHOOK|CREDENTIAL/i;

/** Some environment variables are wrong. The message names each, what is wrong with it, and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** One line per wrong variable; never the value of one that may hold a secret. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Parses `env` with an object schema whose keys are the variables' names. A variable set to the empty string counts
 * as not set, because compose files pass those on.
 * @throws {ConfigError} naming every wrong variable at once.
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): z.output<S> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => problemOf(issue, given)));
}

function problemOf(issue: z.core.$ZodIssue, given: Record<string, string>): string {
  const name = String(issue.path[0] ?? 'environment');
  const value = given[name];
  if (value === undefined) return `${name} is not set: ${issue.message}`;
  if (SECRET_NAME.test(name)) return `${name} has a value that cannot be used (not shown): ${issue.message}`;
  const shown = value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}...` : value;
  return `${name} is "${shown}": ${issue.message}`;
}

/** A TCP port from 0 to 65535, where 0 means any free one. */
export function portVariable(fallback: number) {
  return wholeNumberVariable({ fallback, min: 0, max: 65_535, what: 'a port (0 for any free one)' });
}

/** A whole number within bounds; `what` completes "give ...". */
export function wholeNumberVariable(options: { fallback: number; min: number; max: number; what: string }) {
  const { fallback, min, max, what } = options;
  const message = `give ${what}, from ${min} to ${max}, or leave it out for ${fallback}`;
  return z
    .string({ error: message })
    .regex(/^\d{1,15}$/, { error: message })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: message })
    .default(fallback);
}

/** `1`, `true`, `yes`, `on` or `0`, `false`, `no`, `off`, in any case. */
export function booleanVariable(fallback: boolean) {
  const message = `give 1 or 0 (also true/false, yes/no, on/off), or leave it out for ${fallback ? 1 : 0}`;
  return z
    .string({ error: message })
    .toLowerCase()
    .pipe(z.enum(['1', 'true', 'yes', 'on', '0', 'false', 'no', 'off'], { error: message }))
    .transform((value) => ['1', 'true', 'yes', 'on'].includes(value))
    .default(fallback);
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A length of time such as `250ms`, `30s`, `5m`, `2h` or `1d`; read and defaulted in milliseconds. */
export function durationVariable(fallbackMs: number) {
  const message = `give a time such as 250ms, 30s, 5m, 2h or 1d, or leave it out for ${fallbackMs}ms`;
  return z
    .string({ error: message })
    .regex(/^\d{1,9}(ms|s|m|h|d)$/, { error: message })
    .transform((text) => {
      const unit = text.replace(/^\d+/, '') as keyof typeof UNIT_MS;
      return Number.parseInt(text, 10) * UNIT_MS[unit];
    })
    .default(fallbackMs);
}

/** A secret of exactly 32 bytes in base64, read as bytes. Required. */
export function secretVariable() {
  const message = 'give 32 random bytes in base64, for example from: openssl rand -base64 32';
  return z
    .string({ error: message })
    .regex(/^[A-Za-z0-9+/]{43}=$/, { error: message })
    .transform((text): Uint8Array => Buffer.from(text, 'base64'));
}

/** The address of a Redis server: `redis://`, `rediss://` or `unix:///path`. Required. */
export function redisUrlVariable() {
  const message = 'give redis://host:6379, rediss://host:6379 or unix:///path/to/redis.sock';
  return z
    .string({ error: message })
    .refine((text) => /^(rediss?:\/\/|unix:\/\/\/)./.test(text) && URL.canParse(text), { error: message });
}

/** An http or https address, such as PUBLIC_URL. */
export function httpUrlVariable() {
  return z.url({ error: 'give an http or https address, or leave it out', protocol: /^https?$/ });
}

/** The address of a webhook: https, or http on this machine. */
export function webhookUrlVariable() {
  const message = 'give an https address, or leave it out';
  return z.string({ error: message }).refine(isWebhookUrl, { error: message });
}

function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}

/** Names that stand for networks, as Express and Fastify know them. */
const NETWORK_NAMES = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Addresses and networks with commas between them: `10.0.0.5, 172.16.0.0/12, loopback`. @default none */
export function networksVariable() {
  const message =
    'give addresses or networks with commas between them, such as 10.0.0.5,172.16.0.0/12,loopback, or leave it out';
  return z
    .string({ error: message })
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((networks) => networks.every(isNetwork), { error: message })
    .default([]);
}

function isNetwork(text: string): boolean {
  if (NETWORK_NAMES.has(text)) return true;
  const { address = '', bits } = /^(?<address>[^/]+)(?:\/(?<bits>\d{1,3}))?$/.exec(text)?.groups ?? {};
  const longest = { 4: 32, 6: 128 }[isIP(address)];
  return longest !== undefined && (bits === undefined || Number(bits) <= longest);
}

/** How much a process logs. @default info */
export function logLevelVariable() {
  return z.enum(LOG_LEVELS, { error: `give one of ${LOG_LEVELS.join(', ')}` }).default('info');
}
