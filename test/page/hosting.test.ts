/** The page where it will be: on another host than the API, which `config.json` names; and not too heavy for a slow line. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Response } from 'playwright-core';
import sirv from 'sirv';
import { projectRoot } from '../../lib/project-root.ts';
import { Visit } from '../harness/browser.ts';
import { addStep, process } from '../harness/compose.ts';
import { fixturePath } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { useBrowser } from '../harness/use.ts';

let runner: Runner;
const shared = useBrowser();
let host: Server;
let url: string;
beforeAll(async () => {
  const files = sirv(join(projectRoot, 'dist/static'));
  host = createServer((request, response) => {
    if (request.url === '/config.json') response.end(JSON.stringify({ api: runner.url }));
    else files(request, response);
  });
  await once(host.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  runner = await Runner.start({ args: ['--cors', url] });
});
afterAll(async () => {
  await runner.stop();
  host.close();
});

test('the whole way from another origin, waiting at the service rather than asking again and again', async () => {
  const visit = await Visit.begin(shared.browser, url);
  const { page } = visit;
  const waits = page.waitForRequest(
    (request) => /\/api\/jobs\/.*wait=20/.test(request.url()) && request.headers()['if-none-match'] !== undefined,
  );
  await page.getByLabel('Choose files').setInputFiles([fixturePath('coins.png'), fixturePath('box.png')]);
  await addStep(page, 'faces eyes', 'Face detection');
  await process(page);
  await waits;
  await page.getByText(/^All done/).waitFor();
  await page.locator('.card img').first().waitFor();
  await visit.end();
});

test.each(['light', 'dark'] as const)(
  'the reference is that of the API, to read and to try: %s',
  async (colorScheme) => {
    const visit = await Visit.begin(shared.browser, `${url}/reference.html`, { colorScheme });
    const { page } = visit;
    const call = page.getByRole('article', { name: 'List the operations with the schemas of their parameters' });
    await call.getByRole('button', { name: 'Python' }).click();
    await call.getByText('tessera.get_operations()').waitFor();
    await call.getByText('Try it').click();
    await call.getByRole('button', { name: 'Send' }).click();
    await call.getByText(/"name": "canny"/).waitFor();
    await visit.screenshot(`reference-${colorScheme}`);
    expect(await visit.violations()).toEqual([]);
    await visit.end();
  },
);

test('a page of an origin that is not named gets no answer', async () => {
  const { headers } = await fetch(`${runner.url}/api/operations`, { headers: { Origin: 'https://elsewhere.example' } });
  expect(headers.get('access-control-allow-origin')).toBeNull();
});

test('all that is loaded before the preview begins has less than 200 kB, compressed', async () => {
  const visit = await Visit.begin(shared.browser, 'about:blank');
  const { page } = visit;
  const loaded = new Map<string, number>();
  const reading: Promise<void>[] = [];
  const read = async (response: Response) => {
    const { pathname, origin } = new URL(response.url());
    // The worker of the preview, and what it loads.
    const isPreview = /\/(worker|opencv|litert|rolldown-runtime|dist|__vite)-[^/]*\.js$/.test(pathname);
    if (origin !== url || isPreview || !/\.(js|css|html)$|\/$/.test(pathname)) return;
    loaded.set(pathname, gzipSync(await response.body()).length);
  };
  page.on('response', (response) => void reading.push(read(response)));
  await page.goto(url);
  await page.getByLabel('Choose files').setInputFiles(fixturePath('coins.png'));
  await addStep(page, 'sepia', 'Sepia');
  await process(page);
  await page.getByText('Done', { exact: true }).waitFor();
  page.removeAllListeners('response');
  await Promise.all(reading);
  expect(loaded.size).toBeGreaterThan(2);
  expect([...loaded.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(200_000);
  await visit.end();
});
