/** The page where it will be: on another host than the API, which `config.json` names; and not too heavy for a slow line. */
import { once } from 'node:events';
import { globSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import { projectRoot } from '../../lib/project-root.ts';
import { Visit } from '../harness/browser.ts';
import { addStep, process } from '../harness/compose.ts';
import { fixturePath } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';
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
  let waits = false;
  page.on('request', (request) => {
    waits ||= /\/api\/jobs\/.*wait=20/.test(request.url()) && request.headers()['if-none-match'] !== undefined;
  });
  await page.getByLabel('Choose files').setInputFiles([fixturePath('coins.png'), fixturePath('box.png')]);
  await addStep(page, 'faces eyes', 'Face detection');
  await process(page);
  await until(() => waits, { what: 'a request waits at the service' });
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

test('the engine is loaded while nothing is asked for, compressed and to be kept; all before it has less than 120 kB', async () => {
  const visit = await Visit.begin(shared.browser, 'about:blank');
  const { page } = visit;
  const bytes = new Map<string, number>();
  page.on('requestfinished', async (request) => {
    const { pathname, origin } = new URL(request.url());
    if (origin !== runner.url || pathname.startsWith('/api/')) return;
    bytes.set(pathname, (await request.sizes()).responseBodySize);
  });
  const isEngine = (path: string) => /\/opencv-[^/]*\.wasm$/.test(path);
  const needed = [
    isEngine,
    (path: string) => /\/index-[^/]*\.js$/.test(path),
    (path: string) => path.startsWith('/samples/'),
  ];
  const arrives = page.waitForResponse((response) => isEngine(response.url()));
  await page.goto(runner.url);
  const engine = await arrives;
  await engine.finished();
  const headers = await engine.allHeaders();
  expect(headers['content-encoding']).toBe('br');
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  await until(() => needed.every((isThis) => [...bytes.keys()].some(isThis)), { what: 'the sizes are known' });
  const sum = (paths: RegExp) =>
    [...bytes].filter(([path]) => paths.test(path)).reduce((total, [, size]) => total + size, 0);
  // The worker of the preview is a part of the engine.
  expect(sum(/^\/$|\/(?!worker-|opencv-)[^/]*\.(css|html|js|json)$/)).toBeLessThan(120_000);
  expect(sum(/\.wasm$/)).toBeLessThan(2_500_000);
  await visit.end();
});

test('the samples have less than 150 kB in all', () => {
  const samples = globSync('*.webp', { cwd: join(projectRoot, 'dist/static/samples') });
  const sizes = samples.map((file) => statSync(join(projectRoot, 'dist/static/samples', file)).size);
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(150_000);
});
