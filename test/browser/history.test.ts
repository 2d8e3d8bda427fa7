import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../local/storage.ts';

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (browser === undefined) process.stderr.write('Browser tests are skipped: no Chromium is installed.\n');

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The beginnings of texts that a person would have to scroll sideways. */
const sideways =
  '[...document.querySelectorAll("pre, p, li")].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent.slice(0, 40))';

describe.skipIf(browser === undefined)('the history in a browser', () => {
  let demo: ChildProcess;
  let context: BrowserContext;
  let profile: string;
  let port: number;

  beforeAll(async () => {
    port = Math.min(await freePort(), 60_000);
    demo = spawn(
      process.execPath,
      ['local/main.ts', '--real', '--port', String(port), '--speed', '120', '--scenario', 'observe-mode'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise<void>((resolve, reject) => {
      demo.once('exit', () => reject(new Error('the demo ended')));
      demo.stdout?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('Press Ctrl-C')) resolve();
      });
    });
    profile = await mkdtemp(join(tmpdir(), 'pullmedic-browser-'));
    context = await chromium.launchPersistentContext(profile, {
      executablePath: browser ?? '',
      args: flags,
      viewport: { width: 390, height: 844 },
    });
  });

  afterAll(async () => {
    await context.close();
    const ended = new Promise((resolve) => demo.once('exit', resolve));
    demo.kill('SIGINT');
    await ended;
    await rm(profile, { recursive: true, force: true });
  });

  it('lists what needs a person with its commands, and leads to the timeline', async () => {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));

    await page.goto(`http://127.0.0.1:${port}/`);
    await page.click('text=observe-mode');
    const now = await page.innerText('main');
    await page.click('li.bad-edge h3 a');
    const incident = await page.innerText('main');
    if (process.env['PULLMEDIC_SCREENSHOTS'] !== undefined)
      await page.screenshot({ path: join(process.env['PULLMEDIC_SCREENSHOTS'], 'history.png'), fullPage: true });
    expect(await page.evaluate(sideways)).toEqual([]);
    await page.click('ul.rows a');
    const timeline = await page.innerText('ol.timeline');
    if (process.env['PULLMEDIC_SCREENSHOTS'] !== undefined)
      await page.screenshot({ path: join(process.env['PULLMEDIC_SCREENSHOTS'], 'timeline.png'), fullPage: true });

    // A command is wrapped, so that a phone shows all of it.
    expect(await page.evaluate(sideways)).toEqual([]);
    expect(now).toContain('Needs a person');
    expect(incident).toContain('az role assignment create');
    expect(timeline).toContain('the mode is observe: it proposes and changes nothing');
    // The style is applied although the policy forbids everything else, and the page fits a phone.
    expect(complaints).toEqual([]);
    expect(await page.evaluate('getComputedStyle(document.querySelector("ol.timeline")).listStyleType')).toBe('none');
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  });
});
