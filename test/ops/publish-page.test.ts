/** The page as it is published to static hosting. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { projectRoot } from '../../lib/project-root.ts';
import { Account } from '../harness/account.ts';

test('all files are there, the page names the API, and only what never changes is kept by browsers', async () => {
  const account = await Account.start();
  const env = { ...process.env, PAGE_STORAGE: account.connection, API_URL: 'https://api.example' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectRoot, 'ops/publish-page.ts')], {
    env,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  const web = BlobServiceClient.fromConnectionString(account.connection).getContainerClient('$web');
  const blobs = await Array.fromAsync(web.listBlobsFlat());
  expect(stdout).toContain(`Published ${blobs.length} files.`);
  const headers = Object.fromEntries(
    blobs.map(({ name, properties: { contentType, cacheControl } }) => [name, [contentType, cacheControl]]),
  );
  expect(headers['index.html']).toEqual(['text/html', 'no-cache']);
  const [script] = Object.keys(headers).filter((name) => /^assets\/index-.*\.js$/.test(name));
  expect(headers[script]).toEqual(['text/javascript', 'public, max-age=31536000, immutable']);
  expect(Object.values(headers).map(([type]) => type)).toContain('application/wasm');
  const config = await web.getBlobClient('config.json').downloadToBuffer();
  expect(JSON.parse(config.toString())).toEqual({ api: 'https://api.example' });
  await account.stop();
});
