// The benchmark of reading logs reads what it says: one row of a hundred is a failure, in each form, and the table compares with classify.
import { describe, expect, it } from 'vitest';
import { findHostile } from '../../../bench/labels/hostile.ts';
import { bytesOf, forms, rowAt } from '../../../bench/labels/logs.ts';
import { noticedOf } from '../../../bench/labels/noticed.ts';
import { noticedBy, peers } from '../../../bench/labels/peers.ts';
import { tableOfLabels } from '../../../bench/labels/table.ts';
import { chanceFromState } from '../../../local/chance.ts';
import { linesOf } from '../../../src/cli/lines.ts';
import { labelledLines, messagesIn } from '../../../src/cli/messages.ts';
import { classify, isPullFailure } from '../../../src/lib/classify/classify.ts';

describe('the log of the benchmark', () => {
  it.each(forms)('has one failure in a hundred rows, as %s', async (form) => {
    const lines = linesOf(bytesOf(form, 1000), { rows: form !== 'jsonl', report: () => undefined });
    const found = [];
    for await (const batch of form === 'jsonl' ? labelledLines(lines) : messagesIn(lines, 'auto')) found.push(...batch);
    const messages = found.filter((one) => one.kind === 'message');

    expect(messages).toHaveLength(1000);
    expect(messages.filter(({ text, columns }) => isPullFailure(classify(text, columns).label))).toHaveLength(10);
  });

  it('names an app in every row', () => {
    expect(Array.from({ length: 8 }, (_, at) => rowAt(at).app)).toContain('payments-api');
  });
});

describe('the table', () => {
  it('says how many times the processor time of classify another way takes', () => {
    const way = (name: string, median: number) => ({ name, median, least: median, most: median });
    const table = tableOfLabels({
      rows: 10,
      rounds: 1,
      ways: [way('classify', 2), way('another', 5)],
      memory: { gigabytes: 1, early: 99.6, late: 101.2 },
      hostile: { ordinary: 0.05, worst: 0.2, bytes: 200, begins: 'Run az acr build', tried: 1800 },
      noticed: [{ name: 'classify', noticed: 190, failures: 195, falseAlarms: 2, others: 570 }],
    });

    expect(table).toContain('| another | 200,000 | 2.50 | 5.0 (5.0 to 5.0) |');
    expect(table).toContain('The worst of 1,800 lines that were tried (200 characters): 4.0 times an ordinary line');
    expect(table).toContain('| classify | 190 of 195 | 2 of 570 |');
    expect(table).toContain('at most 99.6 MB live in the first tenth, 101.2 MB after it');
  });
});

describe('what peers look for', () => {
  it('is noticed as a word, in the reason or in the text, and not within another word', () => {
    const [kubelet] = peers;
    const notices = noticedBy(kubelet ?? { name: '', reasons: [], source: '' });

    expect([
      notices('Back-off pulling image "shop/a:1": ErrImagePull', ''),
      notices('anything', 'ImagePullBackOff'),
      notices('MyErrImagePullCount is 0', ''),
    ]).toEqual([true, true, false]);
  });

  it('notices fewer failed pulls than classify does, and no line of another program', () => {
    const [ours, ...theirs] = noticedOf([
      ['classify', (text) => isPullFailure(classify(text).label)],
      ...peers.map((peer) => [peer.name, noticedBy(peer)] as const),
    ]);

    expect(ours?.noticed).toBeGreaterThan(0.95 * (ours?.failures ?? 0));
    for (const { noticed, falseAlarms } of theirs) {
      expect(noticed).toBeLessThan(ours?.noticed ?? 0);
      expect(falseAlarms).toBe(0);
    }
  });
});

it('the search for a hostile line finds one, and measures it beside ordinary ones', () => {
  const found = findHostile(['pull denied', '['], ['Revision ready'], chanceFromState(1));

  expect(found.tried).toBeGreaterThan(100);
  expect(found.bytes).toBeGreaterThanOrEqual(200);
  expect(found.worst).toBeGreaterThan(0);
  expect(found.ordinary).toBeGreaterThan(0);
});
