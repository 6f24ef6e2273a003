// What Entra will find at PUBLIC_URL, as this machine sees it. Pure: what was found is given.
import { BlockList, isIP } from 'node:net';
import { SCIM_CONTENT_TYPE } from '@fresh-scim/scim';
import * as z from 'zod';
import type { Answer } from './ask.ts';
import { notChecked, ok, warn, wrong } from './check.ts';
import type { Check } from './check.ts';

const DAY_MS = 86_400_000;
/** Most certificates are renewed a month before they end. */
const CERTIFICATE_DAYS_MIN = 14;
const PROVIDER_CONFIG = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const SCIM_ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const NEEDS = 'Entra needs a public https address';
const THROTTLED =
  'It answers 429: too many requests at once, or without a token from here. Ask again in a minute.';
const NO_TRUST = 'The certificate is not trusted.';
const PROXY_FIX =
  'Let the reverse proxy forward /scim/ as it is to scim-api, without a sign-in, redirects or error pages of its own.';

/** Not reachable from the internet: RFC 1918, RFC 6598, RFC 4193, loopback and link-local. */
const insideOnly = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const) {
  insideOnly.addSubnet(net, prefix, 'ipv4');
}
insideOnly.addSubnet('fc00::', 7, 'ipv6');
insideOnly.addSubnet('fe80::', 10, 'ipv6');
insideOnly.addAddress('::1', 'ipv6');

/** Codes of Node and OpenSSL for a certificate that is not trusted, and for TLS that fails. */
const CERTIFICATE_CODE = /CERT|SIGNATURE|SSL|TLS/;

const withSchemas = z.object({ schemas: z.array(z.string()) });

/** What was found out about the name. */
export type Addresses = { readonly addresses: readonly string[] } | { readonly failure: string };

/** What was found out about the certificate: when it ends, in epoch milliseconds. */
export type Certificate = { readonly validTo: number } | { readonly failure: string };

/** The address itself. */
export function judgePublicUrl(publicUrl: string | undefined): Check {
  const name = 'PUBLIC_URL';
  const fix =
    'Put a reverse proxy with a certificate in front of scim-api, and set PUBLIC_URL to its https address.';
  if (publicUrl === undefined) return wrong(name, `It is not set; ${NEEDS}.`, fix);
  const { protocol, hostname, host } = new URL(publicUrl);
  if (isHere(hostname)) {
    return wrong(name, `${host} is reached from this machine or network only; ${NEEDS}.`, fix);
  }
  if (protocol !== 'https:') return wrong(name, `It begins with ${protocol}//; ${NEEDS}.`, fix);
  return ok(name);
}

/** The name in it. */
export function judgeAddresses(host: string, found: Addresses): Check {
  const name = 'name of PUBLIC_URL';
  if ('failure' in found || found.addresses.length === 0) {
    const why = 'failure' in found ? found.failure : 'no address';
    return wrong(
      name,
      `${host} is not found (${why}).`,
      'Enter it in the public DNS, or correct PUBLIC_URL.',
    );
  }
  const inside = found.addresses.filter((address) => isInsideOnly(address));
  if (inside.length === 0) return ok(name);
  return warn(
    name,
    `Here ${host} leads to ${inside.slice(0, 3).join(', ')}, which the internet does not reach.`,
    'Make sure that the public DNS gives Entra a public address.',
  );
}

/** @param nowMs epoch milliseconds */
export function judgeCertificate(found: Certificate, nowMs: number): Check {
  const name = 'certificate of PUBLIC_URL';
  if ('failure' in found) {
    if (!CERTIFICATE_CODE.test(found.failure)) {
      return notChecked(name, `No secure connection came about (${found.failure}).`);
    }
    return wrong(
      name,
      `It is not trusted (${found.failure}).`,
      'Let the proxy send a certificate of a public authority for this name, with the whole chain.',
    );
  }
  const days = Math.floor((found.validTo - nowMs) / DAY_MS);
  if (days >= CERTIFICATE_DAYS_MIN) return ok(name);
  return warn(name, `It ends in ${days} days.`, 'Renew it, or find out why the proxy did not.');
}

/** The answer to a GET of ServiceProviderConfig, which needs no token. */
export function judgeDiscovery(answer: Answer): Check {
  const name = 'SCIM at PUBLIC_URL';
  if ('failure' in answer) {
    if (CERTIFICATE_CODE.test(answer.failure)) return notChecked(name, NO_TRUST);
    return wrong(
      name,
      `Nothing answers there (${answer.failure}).`,
      'Is scim-api running, and does the proxy forward to it? Is a firewall in between?',
    );
  }
  if (answer.status !== 200) return wrong(name, `It ${toWords(answer)} instead of 200.`, PROXY_FIX);
  if (isScim(answer, PROVIDER_CONFIG)) return ok(name);
  return wrong(name, `Something else than fresh-scim answers there (${typeOf(answer)}).`, PROXY_FIX);
}

/** The answer to a GET of Users without a token. */
export function judgeBearer(answer: Answer): Check {
  const name = 'refusal without a token';
  if ('failure' in answer) {
    const isUntrusted = CERTIFICATE_CODE.test(answer.failure);
    return notChecked(name, isUntrusted ? NO_TRUST : `Nothing answers there (${answer.failure}).`);
  }
  if (answer.status === 401 || answer.status === 429) {
    if (!isScim(answer, SCIM_ERROR)) {
      return wrong(name, `The ${answer.status} is not from fresh-scim (${typeOf(answer)}).`, PROXY_FIX);
    }
    // Either too many without a token have come from this address, or too much is under way: no person was shown.
    return answer.status === 401 ? ok(name) : notChecked(name, THROTTLED);
  }
  if (answer.status >= 200 && answer.status < 300) {
    return wrong(
      name,
      `People are asked for without a token, and it ${toWords(answer)}.`,
      'Find out who answers there: fresh-scim says 401. A proxy must not add a token of its own.',
    );
  }
  return wrong(name, `It ${toWords(answer)} instead of 401.`, PROXY_FIX);
}

/** Whether a host, as in a URL, means this machine or its own network to everybody. */
export function isHere(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return isInsideOnly(host);
  return !host.includes('.') || /\.(?:localhost|local|internal)$/.test(host);
}

function isInsideOnly(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && insideOnly.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

function toWords({ status }: { readonly status: number }): string {
  return status >= 300 && status < 400 ? `redirects (${status})` : `answers ${status}`;
}

function typeOf({ contentType }: { readonly contentType: string }): string {
  return contentType.slice(0, 60) || 'no content type';
}

function isScim(answer: { readonly contentType: string; readonly body: string }, schema: string): boolean {
  if (answer.contentType.split(';', 1)[0]?.trim().toLowerCase() !== SCIM_CONTENT_TYPE) return false;
  try {
    return withSchemas.parse(JSON.parse(answer.body)).schemas.includes(schema);
  } catch {
    // No JSON, or of another shape: the answer of another program, which is what is asked.
    return false;
  }
}
