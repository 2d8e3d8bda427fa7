// Every page of one night in a real browser, at both widths and in both schemes: it breaks no rule of accessibility, violates no policy, and no
// text has to be scrolled sideways. The pictures are kept in `captured/pages/`, or in the folder that PULLMEDIC_SCREENSHOTS names.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrawledPage } from '../../local/engine/crawl.ts';
import { type PageServer, servePages } from '../../local/engine/serve-pages.ts';
import { playInThreads } from '../../local/engine/threads.ts';
import { readScenario } from '../../local/scenarios/schema.ts';
import { type Browser, installed, openBrowser, sideways } from './chromium.ts';
import { sayIfSkipped } from './desk-in-browser.ts';

sayIfSkipped();

const folder = process.env['PULLMEDIC_SCREENSHOTS'] ?? 'captured/pages';
const widths = [390, 1280] as const;
const schemes = ['light', 'dark'] as const;

/** One page of each kind, by the name of its picture; an address is the first that matches. */
const kinds: Readonly<Record<string, RegExp>> = {
  now: /^\/api\/now$/,
  history: /^\/api\/history$/,
  search: /^\/api\/history\?q=cause%3A/,
  'remediation-asked': /^\/api\/history\/t12f/,
  'remediation-recovered': /^\/api\/history\/tbeae/,
  remediation: /^\/api\/history\/t5f79/,
  incident: /^\/api\/incidents\/i[0-9a-f]+$/,
  measures: /^\/api\/measures$/,
  runbooks: /^\/api\/runbooks$/,
  runbook: /^\/api\/runbooks\/pull-role-missing$/,
  settings: /^\/api\/settings$/,
  messages: /^\/api\/messages$/,
  confirmation: /^\/api\/answers\/approve/,
};

/** The broken rules with the elements that break them; targets of less than 24 pixels are among them. */
async function broken(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(
    `axe.run(document, { rules: { 'target-size': { enabled: true } } }).then(({ violations }) =>
       violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).slice(0, 3).join(' | ')))`,
  );
}

describe.skipIf(installed === undefined)('the pages of a night in a browser', () => {
  let browser: Browser;
  let server: PageServer;
  let crawled: ReadonlyMap<string, CrawledPage>;

  beforeAll(async () => {
    const night = await readScenario('test/browser/night.yaml');
    const pages: CrawledPage[] = [];
    await playInThreads([night], 1, { onPages: (_, read) => void pages.push(...read) });
    crawled = new Map(pages.map((page) => [page.path, page]));
    server = await servePages(pages);
    browser = await openBrowser();
    await mkdir(folder, { recursive: true });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it('lead only to pages that are there', () => {
    const dead = [...crawled.values()].filter(({ status }) => status !== 200);

    expect(dead.map(({ path, status }) => `${status} ${path}`)).toEqual([]);
    expect(crawled.size).toBeGreaterThan(50);
  });

  it('have no script, and a policy that lets none in', () => {
    const pages = [...crawled.values()].filter(({ headers }) => headers['content-type']?.startsWith('text/html'));

    const scripted = pages.filter(({ body }) => /<script| on\w+="|javascript:/i.test(body));
    const policy = "default-src 'none'; style-src 'sha256-";
    const open = pages.filter(({ headers }) => headers['content-security-policy']?.startsWith(policy) !== true);
    expect([...scripted, ...open].map(({ path }) => path)).toEqual([]);
    expect(pages.length).toBeGreaterThan(20);
  });

  it('are checked by rules that notice what is broken', async () => {
    const page = await browser.page([]);
    await page.goto(`${server.base}/api/now`);
    // The policy of the page forbids styles in attributes, so they are set one by one.
    await page.evaluate(`
      document.querySelector('main').innerHTML = '<img src=""><button>a</button><button>b</button><p>pale</p>';
      for (const { style } of document.querySelectorAll('main button')) style.cssText = 'width:9px;height:9px;padding:0';
      document.querySelector('main p').style.cssText = 'color:#eee;background:#fff';
    `);
    const ids = (await broken(page)).map((one) => one.split(':')[0]);
    await page.close();

    expect(ids).toEqual(expect.arrayContaining(['image-alt', 'target-size', 'color-contrast']));
  });

  it.each(Object.keys(kinds))('%s', async (name) => {
    const path = [...crawled.keys()].find((one) => kinds[name]?.test(one));
    expect(path).toBeDefined();
    const complaints: string[] = [];
    const page = await browser.page(complaints);
    for (const scheme of schemes)
      for (const width of widths) {
        await page.setViewportSize({ width, height: 844 });
        await page.emulateMedia({ colorScheme: scheme });
        await page.goto(`${server.base}${path}`);
        await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
        await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
        for (const what of [...(await broken(page)), ...(await sideways(page))])
          complaints.push(`${width} ${scheme}: ${what}`);
      }
    await page.close();
    expect(complaints).toEqual([]);
  });

  it.each(['remediation-asked', 'remediation-recovered', 'incident'] as const)('%s on paper', async (name) => {
    const path = [...crawled.keys()].find((one) => kinds[name]?.test(one));
    const page = await browser.page([]);
    await page.setViewportSize(a4);
    await page.emulateMedia({ media: 'print' });
    await page.goto(`${server.base}${path}`);
    await page.screenshot({ path: join(folder, `${name}-paper.png`), fullPage: true });
    const sheets = await page.pdf({ format: 'A4', path: join(folder, `${name}.pdf`), margin: marginOf });

    // What only works on a screen is left out, and nothing but the course of looks is folded away or cut off.
    expect(await page.locator('nav:visible, .answers:visible, .skip:visible, .beside:visible').count()).toBe(0);
    expect(await page.evaluate(hiddenWords)).toEqual([]);
    expect(await sideways(page)).toEqual([]);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(sheets.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeLessThanOrEqual(4);
    await page.close();
  });
});

/** A sheet of A4 at 96 dots an inch, without its margins of 15 mm. */
const a4 = { width: 680, height: 1009 };
const marginOf = { top: '15mm', bottom: '15mm', left: '15mm', right: '15mm' };

/** The beginnings of what is folded away and takes no room. */
const hiddenWords =
  '[...document.querySelectorAll("details:not(ol.timeline details) > *:not(summary)")].filter((one) => one.getClientRects().length === 0 || one.getBoundingClientRect().height === 0).map((one) => one.textContent.slice(0, 40))';
