/** What a page of another origin can have a browser send without being asked about it changes nothing. */
import { refuseCrossSite } from '../../lib/http/cross-site.ts';
import { type Api, startApi } from '../harness/api.ts';
import { Client } from '../harness/client.ts';
import { useAccount } from '../harness/use.ts';

const url = 'https://tessera.example/api/callback-secret/replace';
const elsewhere = { origin: 'https://elsewhere.example' };
const crossSite = { 'sec-fetch-site': 'cross-site', ...elsewhere };

function isRefused(headers: Record<string, string>): boolean {
  try {
    refuseCrossSite({ url, headers: new Headers(headers) as never });
    return false;
  } catch (error) {
    expect(error).toMatchObject({ details: { type: 'urn:tessera:problem:cross-site-request', status: 403 } });
    return true;
  }
}

test.each([
  ['a form of another site', { ...crossSite, 'content-type': 'application/x-www-form-urlencoded' }],
  ['a file of another site', { ...crossSite, 'content-type': 'multipart/form-data; boundary=x' }],
  ['text of another site', { ...crossSite, 'content-type': 'Text/Plain;charset=utf-8' }],
  ['nothing but the call', crossSite],
  ['a page of a neighbor', { 'sec-fetch-site': 'same-site', origin: 'https://other.tessera.example' }],
  ['a browser that names the origin alone', elsewhere],
  ['a page in a sandbox', { origin: 'null' }],
])('refused: %s', (_, headers) => {
  expect(isRefused(headers)).toBe(true);
});

test.each([
  ['a script', {}],
  ['a page of the service itself', { 'sec-fetch-site': 'same-origin', origin: 'https://tessera.example' }],
  ['the service itself, in an older browser', { origin: 'https://tessera.example' }],
  ['what a user has typed', { 'sec-fetch-site': 'none' }],
  ['JSON of an origin that CORS let in', { ...crossSite, 'content-type': 'application/json' }],
  ['an image of one', { ...crossSite, 'content-type': 'image/png' }],
  ['a form with an Idempotency-Key of one', { ...crossSite, 'idempotency-key': 'a' }],
  ['a request with a token', { ...crossSite, authorization: 'Bearer x' }],
  ['a request with a key', { ...crossSite, 'x-functions-key': 'x' }],
])('allowed: %s', (_, headers) => {
  expect(isRefused(headers)).toBe(false);
});

const account = useAccount();
let api: Api;
let client: Client;
beforeAll(async () => {
  api = await startApi(account.connection);
  client = new Client(api);
});
afterAll(() => api.stop());

test('a foreign page can neither replace the secret nor submit, cancel or retry', async () => {
  const { secret } = await client.get('/api/callback-secret');
  const form = new FormData();
  form.append('operation', 'invert');
  const paths = ['callback-secret/replace', 'tasks', 'jobs/x/cancel', 'tasks/x/retry'];
  for (const path of paths) {
    const init = {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'cross-site' },
      ...(path === 'tasks' && { body: form }),
    };
    expect([path, (await client.fetch(`/api/${path}`, init)).status]).toEqual([path, 403]);
  }
  expect(await client.get('/api/callback-secret')).toEqual({ secret });
  const own = await client.fetch('/api/callback-secret/replace', { method: 'POST' });
  expect(((await own.json()) as { secret: string }).secret).not.toBe(secret);
});
