// `npm run picture`: plays one night on virtual time and takes the pictures of the README with an installed Chromium.
import { existsSync, statSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import type { CrawledPage } from '../local/engine/crawl.ts';
import { servePages } from '../local/engine/serve-pages.ts';
import { playInThreads } from '../local/engine/threads.ts';
import { readScenario } from '../local/scenarios/schema.ts';

const night = 'test/browser/night.yaml';
/** Each picture: its page, how wide it is, and the greatest height. What is lower is cut off. Pixels. */
const pictures = [
  { file: 'docs/img/now.png', page: /^\/api\/now$/, width: 1000, maxHeight: 1330 },
  { file: 'docs/img/remediation.png', page: /^\/api\/history\/tbeae/, width: 1000, maxHeight: 1330 },
] as const;
const maxBytes = 200_000;
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The last of these elements that fits as a whole ends the picture. */
const ends = 'ul.cards > li, ol.timeline > li, h2, ul.rows > li';

async function takePicture(
  browser: Browser,
  url: string,
  { file, width, maxHeight }: (typeof pictures)[number],
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  await page.goto(url);
  const height = Number(
    await page.evaluate(
      `Math.max(...[...document.querySelectorAll('${ends}')].map((one) => one.getBoundingClientRect().bottom).filter((end) => end <= ${maxHeight}))`,
    ),
  );
  await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width, height: height + 16 } });
  await page.close();
}

const executablePath = browsers.find(existsSync);
if (executablePath === undefined) throw new Error('No Chromium is installed.');
const pages: CrawledPage[] = [];
await playInThreads([await readScenario(night)], 1, { onPages: (_, read) => void pages.push(...read) });
const server = await servePages(pages);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const picture of pictures) {
    const path = pages.find((one) => picture.page.test(one.path))?.path;
    if (path === undefined) throw new Error(`${night} has no page for ${picture.file}.`);
    await takePicture(browser, `${server.base}${path}`, picture);
    const { size } = statSync(picture.file);
    process.stdout.write(`${picture.file}: ${size} bytes\n`);
    if (size > maxBytes) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.stop();
}
