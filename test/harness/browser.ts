import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, type BrowserServer, chromium, type Page } from 'playwright-core';
import { projectRoot } from '../../lib/project-root.ts';
import type { Service } from './client.ts';

/** Where systems keep a Chromium; the one of the npm package is for those that have none. */
const installed = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const screenshots = join(projectRoot, '.screenshots');
const axe = readFileSync(join(projectRoot, 'node_modules/axe-core/axe.min.js'), 'utf8');

/** A real browser, for many to connect to. Throws what to install where there is none. */
export async function launchBrowser(): Promise<BrowserServer> {
  const found = installed.find((path) => path !== '' && existsSync(path));
  try {
    return await chromium.launchServer({ executablePath: found ?? (await sparticuz.executablePath()), args: quiet });
  } catch (error) {
    const advice =
      'The page is tested in Chromium. Install it (Debian: apt-get install chromium), or name it in CHROMIUM_PATH.';
    throw new Error(`${advice}\n${(error as Error).message}`);
  }
}

/** A page, with whatever it complained about. */
export class Visit {
  readonly page: Page;
  /** Errors of scripts, and what the content security policy refused. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // What is refused or away is told by the network, and is the test's business.
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
        this.complaints.push(message.text());
    });
  }

  /** With the key of the service, if it has one, as if it had been given before. */
  static async begin(browser: Browser, service: string | Service, options: BrowserContextOptions = {}): Promise<Visit> {
    const { url, key } = typeof service === 'string' ? { url: service } : service;
    // A machine without a language has one that browsers' own `Intl` does not take.
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 }, ...options });
    if (key !== undefined) await context.addInitScript(`localStorage.setItem('tessera-key', '${key}')`);
    context.setDefaultTimeout(30_000);
    const visit = new Visit(await context.newPage());
    await visit.page.goto(url);
    return visit;
  }

  /** Keeps a picture for people to look at, where the environment has `SCREENSHOTS=1`: each takes half a second. */
  async screenshot(name: string): Promise<void> {
    if (process.env.SCREENSHOTS !== '1') return;
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  /** What axe-core finds against WCAG 2.2 AA and its own best practices. */
  async violations(): Promise<string[]> {
    await this.page.evaluate(axe);
    return this.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
      interface Violation {
        id: string;
        nodes: { html: string; failureSummary: string }[];
      }
      const { violations } = await axe.run();
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
      );
    });
  }

  /** Fails the test where the page complained. */
  async end(): Promise<void> {
    await this.page.context().close();
    expect(this.complaints).toEqual([]);
  }
}
