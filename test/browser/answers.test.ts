// Answers on the page in a real browser: each as an operator, a reader and a browser that is not signed in; and a page of another site.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { registerAnswerForms } from '../../src/functions/answer-forms.ts';
import type { App } from '../../src/functions/app.ts';
import { registerConsole } from '../../src/functions/console.ts';
import { registerMessages } from '../../src/functions/messages.ts';
import { pageOf } from '../../src/lib/answers/answering.ts';
import { addressOf, type Verb, verbs } from '../../src/lib/answers/verbs.ts';
import { type Desk, deskFor, fieldsIn, id, intentFor, open, people } from '../functions/forms.ts';
import { nowMs, targetId } from '../lib/facts.ts';
import { brokenRules, installed, keepPicture, sideways } from './chromium.ts';
import { deskInBrowser, sayIfSkipped } from './desk-in-browser.ts';

sayIfSkipped();

const register = (pullmedic: App): void => {
  registerConsole(pullmedic);
  registerMessages(pullmedic);
  registerAnswerForms(pullmedic);
};
/** The text of the button on the confirmation. */
const buttons: Readonly<Record<Verb, string>> = {
  approve: 'Approve',
  reject: 'Reject',
  ask: 'Have it asked again',
  look: 'Look now',
  undo: 'Take the grant back',
  'undo-anyway': 'Take the grant back',
  forget: 'Forget the refusal',
  replay: 'Send it again',
  dismiss: 'Dismiss it',
  'switch-on': 'Turn it on',
  'switch-off': 'Turn it off',
};

describe.skipIf(installed === undefined)('answers in a browser', () => {
  const shown = deskInBrowser();
  let page: Page;
  let complaints: readonly string[];
  beforeEach(() => {
    ({ page, complaints } = shown);
  });

  async function deskOf(verb: Verb): Promise<Desk> {
    const desk = await deskFor(verb, register);
    shown.server.show(desk);
    return desk;
  }

  it.each(verbs)('%s: an operator reads what would be done, clicks twice, and it is done once', async (verb) => {
    const desk = await deskOf(verb);
    const intent = intentFor(verb);
    await page.goto(`${shown.server.url}${addressOf(intent)}`);

    expect(await sideways(page)).toEqual([]);
    expect(await brokenRules(page)).toEqual([]);
    await keepPicture(page, `confirm-${verb}`);
    await page.fill('textarea', '"><img src=x onerror=alert(1)>');
    await page.dblclick(`button:has-text("${buttons[verb]}")`);
    await page.waitForURL((url) => url.pathname === pageOf(intent));
    await expect.poll(() => desk.written.length).toBeGreaterThan(0);
    const alone = await deskFor(verb, register);
    const { text } = await open(alone, intent);
    await alone.send('answer', {
      address: `/api/answers/${verb}`,
      params: { verb },
      headers: { ...people.ada, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...fieldsIn(text) }).toString(),
    });
    expect(desk.written).toEqual(alone.written);
    expect(complaints.filter((one) => !one.includes('404'))).toEqual([]);
  });

  it.each(verbs)('%s: a reader reads why not, and finds no button', async (verb) => {
    const desk = await deskOf(verb);
    await shown.play('reader');
    await page.goto(`${shown.server.url}${addressOf(intentFor(verb))}`);

    expect(await page.innerText('main')).toContain('without the app role Operator');
    expect(await page.locator('form, button').count()).toBe(0);
    expect(await brokenRules(page)).toEqual([]);
    expect(desk.written).toEqual([]);
  });

  it.each(verbs)(
    '%s: a browser that is not signed in is brought to the sign-in, and back to the form',
    async (verb) => {
      const desk = await deskOf(verb);
      await shown.play('nobody');
      await page.goto(`${shown.server.url}${addressOf(intentFor(verb))}`);

      expect(new URL(page.url()).pathname).toBe('/.auth/login/aad');
      await page.click('text=an operator, who may answer');
      expect(page.url()).toBe(`${shown.server.url}${addressOf(intentFor(verb))}`);
      expect(await page.locator(`button:has-text("${buttons[verb]}")`).count()).toBe(1);
      expect(desk.written).toEqual([]);
    },
  );

  it('from the link in a message: sign in, read the question, approve, and read on the page that it is recorded', async () => {
    const desk = await deskOf('approve');
    await shown.play('nobody');
    // An incident system gets the address of the remediation's page (incident-facts.ts).
    await page.goto(`${shown.server.url}/api/history/${id}`);
    await page.click('text=an operator, who may answer');
    expect(await page.innerText('#question')).toContain('May pullmedic grant AcrPull');
    await keepPicture(page, 'question');
    await page.click('#question >> text=Approve…');
    expect(await page.innerText('main')).toContain('pullmedic will grant AcrPull');
    await page.click('button:has-text("Approve")');

    expect(await page.innerText('[role=status]')).toContain('Recorded: you approved it.');
    expect(await brokenRules(page)).toEqual([]);
    await keepPicture(page, 'approved');
    const last = (await desk.running.histories.read(targetId)).at(-1);
    expect(last?.entry).toMatchObject({ kind: 'answered', answer: 'approved', question: 2 });
    // Reading the page again sends nothing.
    const before = [...desk.written];
    await page.reload();
    expect(desk.written).toEqual(before);
    expect(complaints).toEqual([]);
  });

  it('under the kill switch: the form and the page say that nothing will happen until it is off', async () => {
    const desk = await deskOf('approve');
    await desk.running.ports.controls.turnOn({ by: 'bo', atMs: nowMs });
    await page.goto(`${shown.server.url}${addressOf(intentFor('approve'))}`);

    expect(await page.innerText('main')).toContain(
      'The kill switch is on. The answer is recorded, and nothing is changed until it is off.',
    );
    await keepPicture(page, 'confirm-under-kill-switch');
    await page.click('button:has-text("Approve")');
    expect(await page.innerText('[role=status]')).toContain('nothing is changed until it is off');
  });

  it('of the kill switch begin on the page Now, and a reason is asked for where one is needed', async () => {
    const desk = await deskOf('switch-off');
    await page.goto(`${shown.server.url}/api/now`);
    await page.click('text=Turn the kill switch off…');
    await page.click('button:has-text("Turn it off")');
    // The browser keeps the form until the reason is there.
    expect(new URL(page.url()).pathname).toBe('/api/answers/switch-off');
    await page.fill('textarea', 'the storm is over');
    await page.click('button:has-text("Turn it off")');

    expect(await page.innerText('[role=status]')).toContain('You turned the kill switch off');
    expect(desk.running.world.setting).toMatchObject({ on: false, why: 'the storm is over' });
    expect(complaints).toEqual([]);
  });

  it('to a kept message begin on the page of messages', async () => {
    const desk = await deskOf('replay');
    await page.goto(`${shown.server.url}/api/messages`);
    await page.click('text=Send it again…');
    await page.click('button:has-text("Send it again")');

    expect(await page.innerText('[role=status]')).toContain('The message was sent again.');
    expect([...desk.upkeep.letters.values()]).toMatchObject([{ state: 'replayed' }]);
    expect(complaints).toEqual([]);
  });

  it('can be given with the keyboard alone', async () => {
    const desk = await deskOf('approve');
    await page.goto(`${shown.server.url}${addressOf(intentFor('approve'))}`);
    await page.focus('textarea');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname.startsWith('/api/history/'));

    expect(desk.written).toContain('history.append');
  });

  it('show hostile names as text', async () => {
    const desk = await deskOf('replay');
    const [letter] = desk.upkeep.letters.values();
    if (letter === undefined) throw new Error('no letter');
    desk.upkeep.letters.set(letter.id, {
      ...letter,
      message: '</dd><script>alert(1)</script><img src=x onerror=alert(2)>',
    });
    await page.goto(`${shown.server.url}${addressOf(intentFor('replay'))}`);

    expect(await page.innerText('main')).toContain('<script>alert(1)</script><img src=x onerror=alert(2)>');
    expect(await page.locator('main script, main img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('are not given for a page of another site, with a right seal and the operator’s own session', async () => {
    const desk = await deskOf('switch-on');
    const fields = fieldsIn((await open(desk, intentFor('switch-on'))).text);
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
    const form = `<form method="post" action="${shown.server.url}/api/answers/switch-on">${inputs.join('')}<button>Win</button></form>`;
    const other: Server = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(form),
    );
    await new Promise<void>((resolve) => void other.listen(0, 'localhost', () => resolve()));
    try {
      await page.goto(`http://localhost:${(other.address() as AddressInfo).port}/`);
      await page.click('text=Win');

      expect(await page.innerText('main')).toContain('This form came from elsewhere');
      expect(desk.written).toEqual([]);
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});
