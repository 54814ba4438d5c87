/** What is named by a caller is called at public addresses only. */
import { once } from 'node:events';
import https from 'node:https';
import {
  checkPublicAddress,
  checkPublicHost,
  lookupPublic,
  PrivateAddressError,
} from '../../lib/callbacks/public-address.ts';

test.each([
  ...['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
  ...['255.255.255.255', '192.0.2.1', '198.18.0.1', '168.63.129.16', '::ffff:168.63.129.16'],
  ...['::', '::1', 'fe80::1', 'fc00::1', 'ff02::1', '2001:db8::1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
  // NAT64, 6to4, Teredo, IPv4-compatible: each with an IPv4 address inside.
  ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001::1', '::7f00:1', '::127.0.0.1', '::808:808'],
])('%s is refused', (address) => {
  expect(() => checkPublicAddress(address)).toThrow(PrivateAddressError);
});

test.each(['8.8.8.8', '20.50.2.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
  checkPublicAddress(address);
});

test.each(['https://[::7f00:1]/', 'https://0x7f.1/', 'https://2130706433/', 'https://127.1/'])(
  '%s is refused',
  (url) => {
    expect(() => checkPublicHost(new URL(url))).toThrow(PrivateAddressError);
  },
);

test('a name that leads to a private address is not connected to', async () => {
  const request = https.request('https://localhost:9/', { lookup: lookupPublic });
  const [error] = await once(request, 'error');
  expect(error).toBeInstanceOf(PrivateAddressError);
});
