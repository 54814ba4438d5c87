/** Which addresses on the net anybody may call: what a caller names must not lead into a private network. */
import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address is private, reserved or the platform's own. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/** Of Azure's own platform services; it only looks public. */
const platformAddress = '168.63.129.16';
/** IPv4-compatible addresses (RFC 4291, deprecated), which hold any IPv4 address. */
const ipv4Compatible = ipaddr.parseCIDR('::/96');

/** Throws `PrivateAddressError` unless the IP address is a public one. IPv4 addresses mapped into IPv6 are judged as what they are. */
export function checkPublicAddress(address: string): void {
  const ip = ipaddr.process(address);
  const isCompatible = ip.kind() === 'ipv6' && ip.match(ipv4Compatible);
  if (ip.range() !== 'unicast' || isCompatible || ip.toString() === platformAddress)
    throw new PrivateAddressError(`${address} is no public address.`);
}

/** As `dns.lookup`, for connections to public addresses alone: it fails with `PrivateAddressError` where one of those found is not. */
export const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookup(hostname, options, (error, found, family) => {
    if (error) return done(error, found, family);
    try {
      const addresses = typeof found === 'string' ? [found] : found.map(({ address }) => address);
      for (const address of addresses) checkPublicAddress(address);
    } catch (error) {
      return done(error as Error, found, family);
    }
    done(null, found, family);
  });
};

/** As `checkPublicAddress` for a URL whose host is an IP address; of a name `lookupPublic` knows more. */
export function checkPublicHost({ hostname }: URL): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) checkPublicAddress(host);
}
