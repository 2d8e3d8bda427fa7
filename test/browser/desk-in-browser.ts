// The set-up that tests of pages share: a browser, a server that shows desks, and a fresh page for each test.
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Browser, installed, openBrowser } from './chromium.ts';
import { type DeskServer, serveDesk } from './desk-server.ts';

/** What a test has; each member is there once its first test runs. */
export interface DeskInBrowser {
  readonly browser: Browser;
  readonly server: DeskServer;
  /** The page of this test, which no earlier sign-in has left a cookie in. */
  readonly page: Page;
  /** What the page complained of so far, such as a violated policy. */
  readonly complaints: readonly string[];
  /** Signs in as one of the people of the desk. */
  play(part: string): Promise<unknown>;
}

/** Says where tests are skipped because no browser is installed. */
export function sayIfSkipped(): void {
  if (installed === undefined) process.stderr.write('Browser tests are skipped: no Chromium is installed.\n');
}

/** Opens and closes them around the tests of a `describe`. */
export function deskInBrowser(): DeskInBrowser {
  let opened: { browser: Browser; server: DeskServer } | undefined;
  let current: { page: Page; complaints: string[] } | undefined;
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('The browser is open only while tests run.');
    return value;
  };
  beforeAll(async () => {
    const [browser, server] = await Promise.all([openBrowser(), serveDesk()]);
    opened = { browser, server };
  });
  afterAll(async () => {
    await opened?.browser.close();
    await opened?.server.stop();
  });
  beforeEach(async () => {
    const { browser } = there(opened);
    await browser.context.clearCookies();
    const complaints: string[] = [];
    current = { page: await browser.page(complaints), complaints };
  });
  afterEach(() => current?.page.close());
  return {
    get browser() {
      return there(opened).browser;
    },
    get server() {
      return there(opened).server;
    },
    get page() {
      return there(current).page;
    },
    get complaints() {
      return there(current).complaints;
    },
    play: (part) =>
      there(current).page.goto(
        `${there(opened).server.url}/.auth/login/aad?as=${part}&post_login_redirect_uri=%2Fapi%2Fnow`,
      ),
  };
}
