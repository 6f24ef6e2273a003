// Where the calls of a connection go, from what an operator typed: only https and a host of freshservice.com, unless
// any upstream is allowed (simulators). Pure.
import { createHash } from 'node:crypto';
import { ConnectionError } from './errors.ts';

/** The checked address of a Freshservice account. */
export interface Upstream {
  /** Host of the account in lower case, such as `acme.freshservice.com`. */
  readonly domain: string;
  /** Origin, and path if any, without a slash at the end. */
  readonly baseUrl: string;
  /** 'a' and 12 hex digits of the SHA-256 of the host (and port) that is called: the account's hash tag in Redis. */
  readonly accountId: string;
}

const FRESHSERVICE_HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+freshservice\.com$/;
const HOST_CHARACTERS_MAX = 253;

/**
 * Checks domain and base URL. A domain may be pasted as a URL (`https://acme.freshservice.com/a/dashboard`).
 *
 * @throws {ConnectionError} invalid-domain, invalid-base-url
 */
export function parseUpstream(
  domain: string,
  baseUrl: string | undefined,
  allowAnyUpstream: boolean,
): Upstream {
  const host = parseDomain(domain, allowAnyUpstream);
  const base = baseUrl === undefined ? new URL(`https://${host}`) : parseBaseUrl(baseUrl, allowAnyUpstream);
  return {
    domain: host,
    baseUrl: `${base.origin}${base.pathname.replace(/\/+$/, '')}`,
    accountId: `a${createHash('sha256').update(base.host).digest('hex').slice(0, 12)}`,
  };
}

function parseDomain(text: string, allowAnyUpstream: boolean): string {
  const typed = text.trim();
  const url = parseUrl(typed.includes('://') ? typed : `https://${typed}`);
  const plain =
    url !== undefined &&
    url.protocol === 'https:' &&
    url.port === '' &&
    hasNoExtras(url) &&
    url.hostname.length <= HOST_CHARACTERS_MAX;
  if (!plain || (!allowAnyUpstream && !FRESHSERVICE_HOST.test(url.hostname))) {
    throw new ConnectionError(
      'invalid-domain',
      'The domain is not an https host of freshservice.com.',
      'Give the host of your service desk, such as acme.freshservice.com; a custom domain will not do.',
    );
  }
  return url.hostname;
}

function parseBaseUrl(text: string, allowAnyUpstream: boolean): URL {
  if (!allowAnyUpstream) {
    throw new ConnectionError(
      'invalid-base-url',
      'A base URL of your own is for simulators and is switched off here.',
      'Leave the base URL out, or set FRESH_SCIM_ALLOW_ANY_UPSTREAM=1 if this is a simulator.',
    );
  }
  const url = parseUrl(text.trim());
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || !hasNoExtras(url)) {
    throw new ConnectionError(
      'invalid-base-url',
      'The base URL is not a plain http or https address.',
      'Give a base URL such as http://127.0.0.1:9400, without user, query or fragment.',
    );
  }
  return url;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function hasNoExtras(url: URL): boolean {
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}
