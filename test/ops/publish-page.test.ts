/** The page as it is published to static hosting. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
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
    blobs.map(({ name, properties: { contentType, cacheControl, contentEncoding } }) => [
      name,
      [contentType, cacheControl, contentEncoding],
    ]),
  );
  expect(headers['index.html']).toEqual(['text/html', 'no-cache', undefined]);
  const find = (name: RegExp) => Object.keys(headers).find((candidate) => name.test(candidate)) ?? '';
  const script = find(/^assets\/index-.*\.js$/);
  const engine = find(/^assets\/opencv-.*\.wasm$/);
  expect(headers[script]).toEqual(['text/javascript', 'public, max-age=31536000, immutable', 'br']);
  expect(headers[engine]).toEqual(['application/wasm', 'public, max-age=31536000, immutable', 'br']);
  const stored = await web.getBlobClient(script).downloadToBuffer();
  expect(brotliDecompressSync(stored)).toEqual(readFileSync(join(projectRoot, 'dist/static', script)));
  expect(find(/\.br$/)).toBe('');
  const config = await web.getBlobClient('config.json').downloadToBuffer();
  expect(JSON.parse(config.toString())).toEqual({ api: 'https://api.example' });
  await account.stop();
});

test.each([{ to: true }, { to: false }])('it is put into a folder, for another host: named here $to', ({ to }) => {
  const target = to ? mkdtempSync(join(tmpdir(), 'tessera-page-')) : join(projectRoot, 'dist/page');
  const env = { ...process.env, API_URL: 'https://api.example', PAGE_STATIC_WEB_APP: to ? '' : 'stapp-1' };
  const script = join(projectRoot, 'ops/publish-page.ts');
  const args = to ? [script, '--to', target] : [script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.includes('stapp-1')).toBe(!to);
  const made = globSync('**/*.*', { cwd: target }).sort();
  expect(made).toEqual(globSync('**/*.*', { cwd: join(projectRoot, 'dist/static') }).sort());
  expect(JSON.parse(readFileSync(join(target, 'config.json'), 'utf8'))).toEqual({ api: 'https://api.example' });
  rmSync(target, { recursive: true });
});

test('where the API wants Microsoft Entra ID, the page knows who signs people in', () => {
  const target = mkdtempSync(join(tmpdir(), 'tessera-page-'));
  const signIn = { authority: 'https://login.example/tenant', clientId: 'client' };
  const env = {
    ...process.env,
    API_URL: 'https://api.example',
    SIGN_IN_AUTHORITY: signIn.authority,
    SIGN_IN_CLIENT_ID: signIn.clientId,
  };
  const { status } = spawnSync(process.execPath, [join(projectRoot, 'ops/publish-page.ts'), '--to', target], { env });
  expect(status).toBe(0);
  const config = JSON.parse(readFileSync(join(target, 'config.json'), 'utf8'));
  expect(config).toEqual({ api: 'https://api.example', signIn });
  rmSync(target, { recursive: true });
});

test('Static Web Apps and Front Door send the same headers, and those that the runner sends', () => {
  const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
  const { globalHeaders } = JSON.parse(read('static/public/staticwebapp.config.json'));
  const ofFrontDoor = [
    ...read('infra/modules/front-door.bicep').matchAll(/name: '([\w-]+)', value: (['"])?(.*?)' \}/g),
  ];
  expect(Object.fromEntries(ofFrontDoor.map(([, name, , value]) => [name, value.replaceAll("\\'", "'")]))).toEqual(
    globalHeaders,
  );
  for (const [, name, value] of read('local/page.ts').matchAll(/setHeader\('([\w-]+)', ['"](.*)['"]\)/g))
    if (name !== 'Content-Type') expect([name, globalHeaders[name]]).toEqual([name, value]);
});
