import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Whether a request's `Host` may be answered: this machine's own names and addresses, and those in `allowed`. A page
 * whose name was made to point at this machine (DNS rebinding) sends its own name, and would read everything.
 */
export function isAllowedHost(url: URL, allowed: readonly string[]): boolean {
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(name);
  if (family !== 0) return loopback.check(name, family === 6 ? 'ipv6' : 'ipv4') || allowed.includes(name);
  return name === 'localhost' || name.endsWith('.localhost') || allowed.includes(name);
}
