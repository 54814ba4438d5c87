/** A client library may write the same request in another order. */
import { type Api, startApi } from '../harness/api.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();
let api: Api;
let client: Client;
beforeAll(async () => {
  api = await startApi(account.connection);
  client = new Client(api);
});
afterAll(() => api.stop());

test('a form whose fields, and the names in their JSON, come in another order is the same request', async () => {
  const headers = { 'Idempotency-Key': 'form' };
  const [image, operation] = [fixture('box.png'), 'canny'];
  const params = { blur: 1, lowThreshold: 50 };
  const first = await client.post({ image, fields: { operation, params } }, headers);
  const turned = { params: { lowThreshold: 50, blur: 1 }, operation };
  const second = await client.post({ image, fields: turned }, headers);
  expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
  expect(await second.text()).toBe(await first.text());
  const named = await client.post({ image, name: 'other.png', fields: { operation, params } }, headers);
  expect(named.status).toBe(422);
});

test('so is JSON', async () => {
  const headers = { 'Idempotency-Key': 'json' };
  const first = await client.send('POST', '/api/jobs', { images: ['a.png'], operation: 'invert' }, headers);
  const second = await client.send('POST', '/api/jobs', { operation: 'invert', images: ['a.png'] }, headers);
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(await second.text()).toBe(await first.text());
});
