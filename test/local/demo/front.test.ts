// The start page says what each scenario came to, and links only what can be opened.
import { describe, expect, it } from 'vitest';
import type { AppProcess } from '../../../local/demo/app-process.ts';
import { startFront, startPage } from '../../../local/demo/front.ts';
import { freePort } from '../../../local/storage.ts';
import { histories, recovered, remediation, scenario, told } from './told-facts.ts';

describe('the start page', () => {
  it('shows the cause and the result of a scenario that is over', () => {
    const over = told({ histories: histories([recovered()]) });
    const page = startPage([{ scenario: over.scenario, told: over, href: '/open/0' }]);

    expect(page).toContain('<a href="/open/0"><strong>missing-role</strong></a>');
    expect(page).toContain('As expected. ca-orders: the identity has no role that lets it pull');
  });

  it('says that an expectation did not hold', () => {
    const over = told({ failures: [{ what: 'causes', expected: 'a', seen: 'b' }] });

    expect(startPage([{ scenario: over.scenario, told: over }])).toContain('NOT as expected');
  });

  it('counts the results, and is read again only until all scenarios are over', () => {
    const good = told({ histories: histories([recovered()]) });
    const wrong = told({ failures: [{ what: 'causes', expected: 'a', seen: 'b' }] });
    const shown = [good, wrong, { ...wrong, behindMs: 5000 }].map((one) => ({ scenario: one.scenario, told: one }));
    const whole = startPage(shown);

    expect(whole).toContain('<p>1 as expected, 1 NOT as expected, 1 not judged.</p>');
    expect(whole).not.toContain('http-equiv="refresh"');
    expect(startPage([...shown, { scenario: scenario('later') }])).toContain('http-equiv="refresh"');
  });

  it('links nothing that cannot be opened: what has not begun, and what was played on virtual time', () => {
    const virtual = told({ histories: histories([recovered()]) });
    const page = startPage([{ scenario: scenario('later') }, { scenario: virtual.scenario, told: virtual }]);

    expect(page).not.toContain('<a ');
    expect(page).toContain('Not begun yet.');
  });

  it('says whether an answer to what is over does something', () => {
    expect(startPage([])).toContain('nothing acts on an answer there');
    expect(startPage([], true)).toContain('it acts on the answers that you give');
    expect(startPage([], true)).not.toContain('nothing acts on');
  });

  it('shows text of a history as text', () => {
    const hostile = told({
      histories: histories([remediation({ target: { appName: '<script>', image: 'x' } })]),
    });

    expect(startPage([{ scenario: hostile.scenario, told: hostile }])).not.toContain('<script>');
  });
});

describe('histories that are opened', () => {
  it('make room where they were opened longest ago, and one that is opened again stays', async () => {
    const port = await freePort();
    const scenarios = ['a', 'b', 'c', 'd'].map((name) => scenario(name));
    const front = await startFront(port, scenarios, (at) => `http://127.0.0.1:${port}/history/${at}`);
    const killed: number[] = [];
    const over = told({ histories: histories([recovered()]) });
    for (const at of scenarios.keys())
      front.isOver(at, over, {
        startToRead: async () => undefined,
        kill: async () => void killed.push(at),
      } as unknown as AppProcess);
    try {
      for (const at of [0, 1, 2, 0, 3]) await fetch(`http://127.0.0.1:${port}/open/${at}`, { redirect: 'manual' });

      expect(killed).toEqual([1]);
    } finally {
      await front.stop();
    }
  });
});
