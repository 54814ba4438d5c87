/** What gets lost on the way: the connection while sending, the service while watching, the page itself. */
import { allowUploadsFrom } from '../../local/azurite.ts';
import { Account } from '../harness/account.ts';
import { Visit } from '../harness/browser.ts';
import { addStep, process } from '../harness/compose.ts';
import { fixture, fixturePath } from '../harness/fixtures.ts';
import { freePorts, Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';
import { useBrowser } from '../harness/use.ts';

const shared = useBrowser();
let account: Account;
let port: number;
let runner: Runner;
beforeAll(async () => {
  [account, port] = await Promise.all([Account.start(), freePorts(1)]);
  runner = await start();
  await allowUploadsFrom([runner.url], account.connection);
});
afterAll(async () => {
  await runner.stop();
  await account.stop();
});

function start(): Promise<Runner> {
  return Runner.start({ port, args: ['--no-storage'], env: { AzureWebJobsStorage: account.connection } });
}

test('a connection that is lost while sending costs no image', async () => {
  const visit = await Visit.begin(shared.browser, runner.url);
  const { page } = visit;
  const files = Array.from({ length: 12 }, (_, i) => ({
    name: `${i}.png`,
    mimeType: 'image/png',
    buffer: fixture('graf1.png'),
  }));
  await page.getByLabel('Choose files').setInputFiles(files);
  await addStep(page, 'sepia', 'Sepia');
  // The line breaks once some of them have arrived.
  let arrived = 0;
  await page.route(/\/inputs\//, async (route) => {
    if (arrived === 3) await page.context().setOffline(true);
    if (arrived++ >= 3) return route.abort('internetdisconnected');
    return route.continue();
  });
  await page.getByRole('button', { name: /^Process/ }).click();
  await until(() => arrived > 3, { what: 'the line breaks' });
  await page.getByText(/^Sending: \d+ of 12 images/).waitFor();
  await visit.screenshot('sending');
  await page.unroute(/\/inputs\//);
  await page.context().setOffline(false);
  await page.getByText(/^All done/).waitFor();
  expect(await page.locator('.card').count()).toBe(12);
  await visit.end();
});

test('a service that goes away while a job runs is waited for, and the job is seen to its end', async () => {
  const visit = await Visit.begin(shared.browser, runner.url);
  const { page } = visit;
  const files = Array.from({ length: 40 }, (_, i) => ({
    name: `${i}.png`,
    mimeType: 'image/png',
    buffer: fixture('coins.png'),
  }));
  await page.getByLabel('Choose files').setInputFiles(files);
  await addStep(page, 'denoise', 'Denoise');
  const id = await process(page);
  await runner.stop();
  await page.getByText(/The service cannot be reached/).waitFor();
  await visit.screenshot('away');
  runner = await start();
  await page.getByText(/^All done/).waitFor({ timeout: 60_000 });
  expect(await page.getByText(/The service cannot be reached/).count()).toBe(0);
  await page.reload();
  await page.getByText(/^All done/).waitFor();
  expect(page.url()).toContain(id);
  await visit.end();
});

test('steps survive a reload', async () => {
  const visit = await Visit.begin(shared.browser, runner.url);
  const { page } = visit;
  await addStep(page, 'canny', 'Canny edges');
  await page.getByLabel('blur', { exact: true }).fill('2.5');
  await page.reload();
  expect(await page.getByLabel('blur', { exact: true }).inputValue()).toBe('2.5');
  await page.getByLabel('Choose files').setInputFiles(fixturePath('coins.png'));
  await page.getByText(/^Preview .*in \d/).waitFor();
  await visit.end();
});

test.each([
  ['its script', /\/opencv-module-.*\.js$/],
  ['its WebAssembly', /\/opencv-.*\.wasm$/],
])('a preview that could not be loaded is there with the next change: %s', async (_, file) => {
  const visit = await Visit.begin(shared.browser, 'about:blank');
  const { page } = visit;
  await page.route(file, (route) => route.abort());
  await page.goto(runner.url);
  await page.getByLabel('Choose files').setInputFiles(fixturePath('coins.png'));
  await addStep(page, 'canny', 'Canny edges');
  await page.getByText(/^There is no preview/).waitFor();
  await page.unroute(file);
  await page.getByLabel('blur', { exact: true }).fill('2');
  await page.getByText(/^Preview .*in \d/).waitFor();
  expect(await page.getByText(/^There is no preview/).count()).toBe(0);
  // OpenCV's loader tells the console of it.
  expect(visit.complaints.splice(0).filter((complaint) => !complaint.includes('Failed to fetch'))).toEqual([]);
  await visit.end();
});

test('sending can be stopped: nothing is submitted, and the images are still there', async () => {
  const visit = await Visit.begin(shared.browser, runner.url);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles([fixturePath('coins.png'), fixturePath('box.png')]);
  await addStep(page, 'sepia', 'Sepia');
  // The storage never answers.
  await page.route(/\/inputs\//, () => undefined);
  await page.getByRole('button', { name: 'Process 2 images' }).click();
  await page.getByText('Sending: 0 of 2 images').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped. Nothing was submitted.').waitFor();
  await page.getByRole('heading', { name: /^2 images/ }).waitFor();
  expect(page.url()).not.toContain('/jobs/');
  await visit.end();
});
