/** The bytes that a caller sends are counted however they come, and what can never be allowed is refused as such. */
import { type Api, startApi } from '../harness/api.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { useAccount } from '../harness/use.ts';

const megabytes = 2 ** 20;
const account = useAccount();
let api: Api;
let client: Client;
beforeEach(async () => {
  api = await startApi(account.connection, { UPLOAD_MEGABYTES_PER_MINUTE: '100', MAX_IMAGE_MEGABYTES: '64' });
  client = new Client(api);
});
afterEach(() => api.stop());

/** A body whose length nobody says: HTTP sends it in chunks. */
function inChunks(bytes: number): ReadableStream {
  const image = fixture('box.png');
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(image);
      for (let left = bytes - image.length; left > 0; left -= megabytes)
        controller.enqueue(new Uint8Array(Math.min(left, megabytes)));
      controller.close();
    },
  });
}

async function post(body: ReadableStream): Promise<[number, string | null]> {
  const init = { method: 'POST', headers: { 'Content-Type': 'image/png' }, body, duplex: 'half' } as const;
  const response = await client.fetch('/api/tasks?operation=invert', init);
  const { type = null } = (await response.json()) as { type?: string };
  return [response.status, type];
}

const file = (name: string, size: number) => ({ name, contentType: 'image/png', bytes: size * megabytes });

test('chunked bodies count', async () => {
  expect(await post(inChunks(50 * megabytes))).toEqual([202, null]);
  expect(await post(inChunks(60 * megabytes))).toEqual([429, 'urn:tessera:problem:rate-limited']);
});

test('files that are more together than a minute allows are refused with the limit, and cost nothing', async () => {
  const files = [file('a.png', 60), file('b.png', 60)];
  for (let i = 0; i < 2; i++) {
    const response = await client.send('POST', '/api/uploads', { files });
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await response.json()).toMatchObject({
      type: 'urn:tessera:problem:invalid-parameter',
      field: 'files',
      limit: 100 * megabytes,
    });
  }
  expect((await client.send('POST', '/api/uploads', { files: files.slice(1) })).status).toBe(201);
  const refused = await client.send('POST', '/api/uploads', { files: files.slice(1) });
  expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
  expect((await client.send('POST', '/api/uploads', { files: [file('c.png', 30)] })).status).toBe(201);
});
