/** Where the deployment uses Microsoft Entra ID: who is signed in, the way in and out, and what is refused. */
import type { Server } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { projectRoot } from '../../lib/project-root.ts';
import { Visit } from '../harness/browser.ts';
import { addStep, process } from '../harness/compose.ts';
import { EntraStandIn, listen, platformBefore } from '../harness/entra.ts';
import { fixturePath } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { useBrowser } from '../harness/use.ts';

const shared = useBrowser();
const entra = new EntraStandIn();
let runner: Runner;
let pageUrl: string;
const servers: Server[] = [];
beforeAll(async () => {
  const files = sirv(join(projectRoot, 'dist/static'));
  let config = {};
  const page = await listen((request, response) => {
    if (request.url === '/config.json') response.end(JSON.stringify(config));
    else files(request, response);
  });
  // The storage lets the page upload; the API itself stands behind the platform.
  const env = { AUTH_MODE: 'entra', WEBSITE_AUTH_ENABLED: 'True' };
  runner = await Runner.start({ env, args: ['--cors', page.url] });
  const api = await listen(platformBefore(runner.url, entra));
  const authority = await listen(entra.handle);
  config = { api: api.url, signIn: { authority: `${authority.url}/tenant`, clientId: 'client' } };
  servers.push(page.server, api.server, authority.server);
  pageUrl = page.url;
});
afterAll(async () => {
  for (const server of servers) server.close();
  await runner.stop();
});

test('one signs in, is named, works, and signs out', async () => {
  const visit = await Visit.begin(shared.browser, `${pageUrl}/#/jobs`);
  const { page } = visit;
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.waitFor();
  await visit.screenshot('sign-in');
  expect(await visit.violations()).toEqual([]);
  await dialog.getByRole('button', { name: 'Sign in with Microsoft' }).click();
  await page.getByText('Alice', { exact: true }).waitFor();
  // Back at the view where one was, without the code in the address.
  await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
  expect(page.url()).toBe(`${pageUrl}/#/jobs`);
  expect(await visit.violations()).toEqual([]);

  await page.getByRole('link', { name: 'New' }).click();
  await page.getByLabel('Choose files').setInputFiles(fixturePath('box.png'));
  await addStep(page, 'negative', 'Invert');
  // A token that has expired is renewed without a word.
  entra.expire();
  await process(page);
  await page.getByRole('img', { name: 'Result' }).waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await dialog.waitFor();
  expect(await page.evaluate(() => sessionStorage.getItem('tessera-tokens'))).toBeNull();
  await visit.end();
});

test('who is not let in any more is asked to sign in again', async () => {
  const visit = await Visit.begin(shared.browser, pageUrl);
  const { page } = visit;
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in with Microsoft' }).click();
  await page.getByText('Alice', { exact: true }).waitFor();
  entra.revoke();
  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('Alice', { exact: true }).waitFor();
  await page.getByText('There are no jobs yet.').or(page.locator('.jobs li').first()).waitFor();
  await visit.end();
});

test('an answer that was not asked for signs nobody in', async () => {
  const visit = await Visit.begin(shared.browser, `${pageUrl}/?code=stolen&state=other`);
  const { page } = visit;
  await page.getByText('The sign-in was not begun here. Sign in again.').waitFor();
  expect(page.url()).not.toContain('stolen');
  expect(await page.evaluate(() => sessionStorage.getItem('tessera-tokens'))).toBeNull();
  await visit.end();
});
