// Every page as people see it who may not answer: a reader, a person without a role, and a browser that is not signed in. What is shown is
// hostile where a stranger can choose it.
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registerAnswerForms } from '../../src/functions/answer-forms.ts';
import type { App } from '../../src/functions/app.ts';
import { registerConsole } from '../../src/functions/console.ts';
import { registerMeasures } from '../../src/functions/measures.ts';
import { registerMessages } from '../../src/functions/messages.ts';
import { registerReports } from '../../src/functions/reports.ts';
import { registerRunbooks } from '../../src/functions/runbooks.ts';
import { registerSettings } from '../../src/functions/settings.ts';
import { listIncidents } from '../../src/lib/console/views.ts';
import { type Doors, doors } from '../functions/doors.ts';
import { appId, dnsUnlinked, signal } from '../lib/facts.ts';
import { deadStep } from '../lib/memory-upkeep.ts';
import { brokenRules, installed, keepPicture, sideways } from './chromium.ts';
import { deskInBrowser, sayIfSkipped } from './desk-in-browser.ts';

sayIfSkipped();

const hostile = '"><img src=x onerror=alert(1)>';

const register = (pullmedic: App): void => {
  for (const one of [
    registerConsole,
    registerMeasures,
    registerMessages,
    registerReports,
    registerRunbooks,
    registerSettings,
    registerAnswerForms,
  ])
    one(pullmedic);
};

const addresses = [
  'now',
  'history',
  `history?q=${encodeURIComponent(`app:${hostile}`)}`,
  'history/ID',
  'history/ID/report',
  'incidents/PROBLEM',
  'measures',
  'runbooks',
  'runbooks/private-dns-unlinked',
  'settings',
  'messages',
] as const;

describe.skipIf(installed === undefined)('every page in a browser', () => {
  const shown = deskInBrowser();
  let desk: Doors;
  let page: Page;
  let complaints: readonly string[];
  let incident: string;

  beforeAll(async () => {
    desk = doors(register);
    desk.running.world.evidence = dnsUnlinked;
    desk.running.world.subscriptionNames.set(appId.split('/')[2] ?? '', hostile);
    await desk.running.deliver(signal);
    desk.upkeep.letters.set(deadStep.id, deadStep);
    incident = (await listIncidents(desk.running.ports))[0]?.id ?? '';
    shown.server.show({ ...desk, written: [] });
  });
  beforeEach(() => {
    ({ page, complaints } = shown);
  });

  const pathOf = (address: string): string => {
    const [row] = desk.running.rows.values();
    return `/api/${address.replace('ID', row?.remediation ?? '').replace('PROBLEM', incident)}`;
  };

  it.each(addresses)('%s: a reader reads it, and is offered no answer', async (address) => {
    await shown.play('reader');
    const response = await page.goto(`${shown.server.url}${pathOf(address)}`);

    expect(response?.status()).toBe(200);
    expect(await page.locator('form:not(.search), a[href^="/api/answers/"]').count()).toBe(0);
    expect(await page.locator('img').count()).toBe(0);
    expect(await sideways(page)).toEqual([]);
    expect(await brokenRules(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await keepPicture(page, `reader-${address.replaceAll(/\W+/g, '-')}`);
  });

  it.each(addresses)('%s: an operator reads it, and no value of a stranger becomes markup', async (address) => {
    await shown.play('operator');
    const response = await page.goto(`${shown.server.url}${pathOf(address)}`);

    expect(response?.status()).toBe(200);
    expect(await page.locator('img').count()).toBe(0);
    expect(await sideways(page)).toEqual([]);
    expect(await brokenRules(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it.each(addresses)('%s: a person without a role is told so, and sees nothing of it', async (address) => {
    await shown.play('guest');
    const response = await page.goto(`${shown.server.url}${pathOf(address)}`);

    expect(response?.status()).toBe(403);
    expect(await page.innerText('main')).toContain('without the role Reader or Operator');
    expect(await page.content()).not.toContain('ca-orders');
    expect(await brokenRules(page)).toEqual([]);
  });

  it.each(addresses)(
    '%s: a browser that is not signed in goes to the sign-in, and comes back to it',
    async (address) => {
      await shown.play('nobody');
      await page.goto(`${shown.server.url}${pathOf(address)}`);

      expect(new URL(page.url()).pathname).toBe('/.auth/login/aad');
      await page.click('text=a reader, who may look');
      // A click ends before the last of several redirects.
      await page.waitForURL(({ pathname }) => !pathname.startsWith('/.auth/'));
      const [at, wanted] = [new URL(page.url()), new URL(pathOf(address), shown.server.url)];
      expect([at.pathname, [...at.searchParams]]).toEqual([wanted.pathname, [...wanted.searchParams]]);
      expect(await page.locator('main h1').count()).toBe(1);
    },
  );
});
