// The demo as a person starts it, in a browser: from the front page to the incident of a scenario, and from there to its timeline.
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPort, type KeptDemo, keepDemo } from '../scenarios/kept-demo.ts';
import { type Browser, installed, keepPicture, openBrowser, sideways } from './chromium.ts';
import { sayIfSkipped } from './desk-in-browser.ts';

sayIfSkipped();

describe.skipIf(installed === undefined)('the history in a browser', () => {
  let browser: Browser;
  let demo: KeptDemo;
  let port: number;

  beforeAll(async () => {
    port = await demoPort();
    [browser, demo] = await Promise.all([
      openBrowser(),
      keepDemo(port, ['--real', '--speed', '120', '--scenario', 'observe-mode']),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    const ended = once(demo.process, 'exit');
    demo.process.kill('SIGINT');
    await ended;
  });

  it('lists what needs a person with its commands, and leads to the timeline', async () => {
    const complaints: string[] = [];
    const page = await browser.page(complaints);

    await page.goto(`http://127.0.0.1:${port}/`);
    await page.click('text=observe-mode');
    const now = await page.innerText('main');
    await page.click('li.bad-edge h3 a');
    const incident = await page.innerText('main');
    await keepPicture(page, 'history');
    expect(await sideways(page)).toEqual([]);
    await page.click('ul.rows a');
    const timeline = await page.innerText('ol.timeline');
    await keepPicture(page, 'timeline');

    // A command is wrapped, so that a phone shows all of it.
    expect(await sideways(page)).toEqual([]);
    expect(now).toContain('Needs a person');
    expect(incident).toContain('az role assignment create');
    expect(timeline).toContain('the mode is observe: it proposes and changes nothing');
    // The style is applied although the policy forbids everything else, and the page fits a phone.
    expect(complaints).toEqual([]);
    expect(await page.evaluate('getComputedStyle(document.querySelector("ol.timeline")).listStyleType')).toBe('none');
  });
});
