// The whole way on real parts: the deployed bundle, its storage and a browser. A person comes by the link of a message, signs in, approves,
// sees the grant on the page, and takes it back.
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPort, type KeptDemo, keepDemo } from '../scenarios/kept-demo.ts';
import { type Browser, installed, keepPicture, openBrowser } from './chromium.ts';

/** Reads the page anew until it says these words. */
async function until(page: Page, words: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.reload();
        return page.innerText('main');
      },
      { timeout: 900_000, interval: 2000 },
    )
    .toContain(words);
}

describe.skipIf(installed === undefined)('an approval on real parts', { timeout: 600_000 }, () => {
  let browser: Browser;
  let demo: KeptDemo;
  let url: string;

  beforeAll(async () => {
    const port = await demoPort();
    url = `http://127.0.0.1:${port + 1}`;
    [browser, demo] = await Promise.all([
      openBrowser(),
      keepDemo(port, ['--scenario', 'docs/examples/by-hand.yaml'], {}),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    const ended = once(demo.process, 'exit');
    demo.process.kill('SIGINT');
    await ended;
  });

  it('goes from the link to the grant and back, and the history names person and reason', async () => {
    const complaints: string[] = [];
    const page = await browser.page(complaints);
    const { remediations } = (await (await fetch(`${url}/api/remediations`)).json()) as {
      remediations: { id: string }[];
    };
    await page.goto(`${url}/.auth/logout`);
    await page.goto(`${url}/api/history/${remediations[0]?.id ?? ''}`);
    await page.click('text=an operator, who may answer');

    await page.click('#question >> text=Approve…');
    await keepPicture(page, 'real-confirm');
    await page.fill('textarea', 'the owner of acrshop agreed');
    await page.dblclick('button:has-text("Approve")');
    await page.waitForURL((to) => to.pathname.startsWith('/api/history/'));
    await until(page, 'grant: done');
    await keepPicture(page, 'real-granted');
    const granted = await page.innerText('main');
    expect(granted).toContain('Reason: the owner of acrshop agreed');
    expect(granted.match(/The grant was approved by local operator/g)).toHaveLength(1);

    await page.click('text=Take the grant back…');
    await page.fill('textarea', 'tried it out');
    await page.click('button:has-text("Take the grant back")');
    expect(await page.innerText('[role=status]')).toContain('pullmedic takes the grant back');
    await until(page, 'undo: the assignment is removed');
    await keepPicture(page, 'real-undone');
    expect(complaints).toEqual([]);
  });
});
