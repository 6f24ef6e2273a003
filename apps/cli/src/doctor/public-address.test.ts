import { describe, expect, test } from 'vitest';
import {
  judgeAddresses,
  judgeBearer,
  judgeCertificate,
  judgeDiscovery,
  judgePublicUrl,
} from './public-address.ts';

const SCIM = 'application/scim+json; charset=utf-8';
const CONFIG = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'] });
const REFUSAL = JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '401' });
const DAY_MS = 86_400_000;

const answer = (status: number, contentType = SCIM, body = '') => ({ status, contentType, body, at: null });

test.each([
  ['https://scim.acme.example', 'ok'],
  ['https://scim.acme.example:8443/below', 'ok'],
  ['https://203.0.113.7', 'ok'],
  ['http://scim.acme.example', 'problem'],
  ['http://127.0.0.1:8080', 'problem'],
  ['https://localhost', 'problem'],
  ['https://scim', 'problem'],
  ['https://scim.local', 'problem'],
  ['https://10.1.2.3', 'problem'],
  ['https://[::1]:8443', 'problem'],
  ['https://[fd00::1]', 'problem'],
  [undefined, 'problem'],
])('PUBLIC_URL %s: %s', (publicUrl, state) => {
  expect(judgePublicUrl(publicUrl).state).toBe(state);
});

test.each([
  [{ addresses: ['203.0.113.7', '2001:db8::1'] }, 'ok'],
  [{ addresses: ['203.0.113.7', '192.168.1.2'] }, 'warning'],
  [{ addresses: ['::1'] }, 'warning'],
  [{ addresses: [] }, 'problem'],
  [{ failure: 'ENOTFOUND' }, 'problem'],
])('name that leads to %j: %s', (found, state) => {
  expect(judgeAddresses('scim.acme.example', found).state).toBe(state);
});

test.each([
  [{ validTo: 60 * DAY_MS }, 'ok'],
  [{ validTo: 13 * DAY_MS }, 'warning'],
  [{ failure: 'CERT_HAS_EXPIRED' }, 'problem'],
  [{ failure: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'problem'],
  [{ failure: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'problem'],
  [{ failure: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'problem'],
  [{ failure: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'problem'],
  [{ failure: 'ECONNREFUSED' }, 'not checked'],
])('certificate %j: %s', (found, state) => {
  expect(judgeCertificate(found, 0).state).toBe(state);
});

describe('SCIM', () => {
  test.each([
    ['ours', answer(200, SCIM, CONFIG), 'ok'],
    ['a page', answer(200, 'text/html', '<html>'), 'problem'],
    ['a page called SCIM', answer(200, SCIM, '<html>'), 'problem'],
    ['JSON under another type', answer(200, 'application/json', CONFIG), 'problem'],
    ['another document', answer(200, SCIM, REFUSAL), 'problem'],
    ['a redirect', answer(302), 'problem'],
    ['not found', answer(404), 'problem'],
    ['a bad gateway', answer(502, 'text/html'), 'problem'],
    ['silence', { failure: 'timeout' }, 'problem'],
    ['a bad certificate', { failure: 'CERT_HAS_EXPIRED' }, 'not checked'],
  ])('%s at ServiceProviderConfig', (_, found, state) => {
    expect(judgeDiscovery(found).state).toBe(state);
  });

  test.each([
    ['our refusal', answer(401, SCIM, REFUSAL), 'ok'],
    ['our refusal after too many', answer(429, SCIM, REFUSAL), 'not checked'],
    ["a proxy's limit", answer(429, 'text/html', '<html>'), 'problem'],
    ["a proxy's refusal", answer(401, 'text/html', '<html>'), 'problem'],
    ['an answer without a token', answer(200, SCIM, '{}'), 'problem'],
    ['a page to sign in', answer(302), 'problem'],
    ['a firewall', answer(403, 'text/html'), 'problem'],
    ['silence', { failure: 'ECONNREFUSED' }, 'not checked'],
  ])('%s at Users', (_, found, state) => {
    expect(judgeBearer(found).state).toBe(state);
  });
});
