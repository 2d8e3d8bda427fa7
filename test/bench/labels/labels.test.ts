// The benchmark of reading logs reads what it says: one row of a hundred is a failure, in each form, and the table compares with classify.
import { describe, expect, it } from 'vitest';
import { bytesOf, forms, rowAt } from '../../../bench/labels/logs.ts';
import { tableOfLabels } from '../../../bench/labels/table.ts';
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
    });

    expect(table).toContain('| another | 200,000 | 2.50 | 5.0 (5.0 to 5.0) |');
    expect(table).toContain('at most 100 MB of memory in the first tenth, 101 MB after it');
  });
});
