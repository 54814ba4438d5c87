/** The page as in Azure: static files at one origin, the API at another, storage that is busy at times. */
import { Visit } from '../harness/browser.ts';
import { addStep, process } from '../harness/compose.ts';
import { fixturePath } from '../harness/fixtures.ts';
import { freePorts, Runner } from '../harness/runner.ts';
import { useBrowser } from '../harness/use.ts';

const shared = useBrowser();
let runner: Runner;
beforeAll(async () => {
  // With a storage of its own, where the runner itself lets the page's origin in.
  const args = ['--host-like', '--in-memory', '--storage-port', String(await freePorts(3))];
  runner = await Runner.start({ args });
});
afterAll(() => runner.stop());

test('images are uploaded, processed and shown', async () => {
  const [url = ''] = runner.output.flatMap((line) => /The page is at (\S+)/.exec(line)?.[1] ?? []);
  const visit = await Visit.begin(shared.browser, url);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles([fixturePath('coins.png'), fixturePath('box.png')]);
  await addStep(page, 'canny', 'Canny edges');
  await process(page);
  await page.getByText(/^All done/).waitFor();
  await page.locator('.card img').first().waitFor();
  expect(new URL(url).origin).not.toBe(new URL(runner.url).origin);
  await visit.end();
});
