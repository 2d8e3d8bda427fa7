// `npm run picture`: plays the first outage that the README shows and takes the picture of its history page, with an installed Chromium.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { freePort } from '../local/storage.ts';

const file = 'docs/img/remediation.png';
const scenario = 'missing-acrpull-user-assigned';
const width = 1000;
/** The greatest height of the picture, so that the README stays short. The rest of the timeline is cut off. Pixels. */
const maxHeight = 1300;
const maxBytes = 200_000;
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts the local run and waits until it has played the scenario. */
async function played(port: number): Promise<ChildProcess> {
  const run = spawn(process.execPath, ['local/main.ts', '--real', '--port', String(port), '--scenario', scenario], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    run.once('exit', () => reject(new Error('The local run ended too early.')));
    run.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Press Ctrl-C')) resolve();
    });
  });
  return run;
}

async function takePicture(executablePath: string, port: number): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.click(`text=${scenario}`);
    await page.click('a[href*="/history/"] >> nth=0');
    await page.waitForSelector('ol.timeline');
    // The last entry that fits as a whole ends the picture.
    const height = Number(
      await page.evaluate(
        `Math.max(...[...document.querySelectorAll('ol.timeline > li')].map((li) => li.getBoundingClientRect().bottom).filter((end) => end <= ${maxHeight}))`,
      ),
    );
    await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width, height } });
  } finally {
    await browser.close();
  }
}

const executablePath = browsers.find(existsSync);
if (executablePath === undefined) throw new Error('No Chromium is installed.');
const port = await freePort();
const run = await played(port);
const ended = new Promise((resolve) => run.once('exit', resolve));
try {
  await takePicture(executablePath, port);
} finally {
  run.kill('SIGINT');
  await ended;
}
const { size } = statSync(file);
process.stdout.write(`${file}: ${size} bytes\n`);
if (size > maxBytes) process.exitCode = 1;
