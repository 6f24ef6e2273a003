/**
 * The DNS of a test, loaded before a program (`node --import`): the name PUBLIC_NAME has an address of the internet,
 * and a connection to it ends at this machine, as behind a router that forwards the port. There is no other name.
 */
import dns from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';

const name = process.env['PUBLIC_NAME'];
const { lookup } = dns;
const isHere = (host: string): boolean => isIP(host) !== 0 || host === 'localhost';
const notFound = (): Error => Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });

type Lookup = (host: string, options: object, done: (error: Error) => void) => void;
const connectTo: Lookup = (host, options, done) => {
  if (host !== name && !isHere(host)) process.nextTick(done, notFound());
  else (lookup as Lookup)(host === name ? '127.0.0.1' : host, options, done);
};
const findAll = (host: string): Promise<LookupAddress[]> =>
  host === name ? Promise.resolve([{ address: '203.0.113.10', family: 4 }]) : Promise.reject(notFound());

Object.assign(dns, { lookup: connectTo });
Object.assign(dns.promises, { lookup: findAll });
syncBuiltinESMExports();
