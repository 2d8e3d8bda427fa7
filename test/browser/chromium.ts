// A real Chromium for the tests of pages, in a profile of its own; what the browser complains of is kept.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** The browser of this machine; `undefined` where there is none: then these tests are skipped. */
export const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Browser {
  readonly context: BrowserContext;
  /** A page; what it complains of, such as a violated policy, is added to `complaints`. */
  page(complaints: string[]): Promise<Page>;
  close(): Promise<void>;
}

/** Opens a browser as wide as a phone. */
export async function openBrowser(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'pullmedic-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: installed ?? '',
    args: flags,
    viewport: { width: 390, height: 844 },
  });
  return {
    context,
    async page(complaints) {
      const page = await context.newPage();
      page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      return page;
    },
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** The rules of accessibility that the page breaks, by their ids in axe. */
export async function brokenRules(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))');
}

/** The beginnings of texts that a person would have to scroll sideways, and whether the whole page is wider than the window. */
export async function sideways(page: Page): Promise<readonly string[]> {
  return page.evaluate(
    '[document.documentElement, ...document.querySelectorAll("pre, p, li, dd, textarea")].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent.slice(0, 40))',
  );
}

/** Keeps a picture of the page where `PULLMEDIC_SCREENSHOTS` names a folder. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['PULLMEDIC_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
