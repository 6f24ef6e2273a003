// Looks at PUBLIC_URL as far as that can be done from here: name, certificate, two requests. Every wait has an end.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { tenantUrlOf } from '../places.ts';
import { ask, toCode } from './ask.ts';
import { notChecked } from './check.ts';
import type { Check } from './check.ts';
import {
  isHere,
  judgeAddresses,
  judgeBearer,
  judgeCertificate,
  judgeDiscovery,
  judgePublicUrl,
} from './public-address.ts';
import type { Addresses, Certificate } from './public-address.ts';

const WITHIN_MS = 5_000;

/** At most 10 s. */
export async function examineOutside(publicUrl: string | undefined): Promise<Check[]> {
  const itself = judgePublicUrl(publicUrl);
  if (publicUrl === undefined) return [itself, notChecked('SCIM at PUBLIC_URL', 'PUBLIC_URL is not set.')];
  const { protocol, hostname, port } = new URL(publicUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  const tenantUrl = tenantUrlOf(publicUrl);
  const isSecure = protocol === 'https:';
  const [addresses, certificate, discovery, users] = await Promise.all([
    findAddresses(host),
    isSecure ? fetchCertificate(host, port === '' ? 443 : Number(port)) : undefined,
    ask(`${tenantUrl}/ServiceProviderConfig`),
    ask(`${tenantUrl}/Users?count=1`),
  ]);
  return [
    itself,
    // Where it leads is said above.
    ...(isHere(hostname) ? [] : [judgeAddresses(host, addresses)]),
    certificate === undefined
      ? notChecked('certificate of PUBLIC_URL', 'PUBLIC_URL is no https address.')
      : judgeCertificate(certificate, Date.now()),
    judgeDiscovery(discovery),
    judgeBearer(users),
  ];
}

async function findAddresses(host: string): Promise<Addresses> {
  const found = lookup(host, { all: true }).then(
    (all) => ({ addresses: all.map(({ address }) => address) }),
    (error: unknown) => ({ failure: toCode(error) }),
  );
  const late = sleep(WITHIN_MS, { failure: 'timeout' }, { ref: false });
  return Promise.race([found, late]);
}

/** As Node trusts it: the authorities that browsers trust, and those of NODE_EXTRA_CA_CERTS. */
function fetchCertificate(host: string, port: number): Promise<Certificate> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      timeout: WITHIN_MS,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const end = (found: Certificate): void => {
      resolve(found);
      socket.destroy();
    };
    socket.once('secureConnect', () => end({ validTo: Date.parse(socket.getPeerCertificate().valid_to) }));
    socket.once('timeout', () => end({ failure: 'timeout' }));
    socket.once('error', (error) => end({ failure: toCode(error) }));
  });
}
