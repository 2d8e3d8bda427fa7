// The report of a log counts its messages by kind, and says of which apps and when.
import { describe, expect, it } from 'vitest';
import type { Origin } from '../../src/cli/columns.ts';
import type { ClassifiedMessage } from '../../src/cli/report.ts';
import { Summary } from '../../src/cli/summary.ts';
import { classify } from '../../src/lib/classify/classify.ts';

const uncoloured = (_style: string, text: string): string => text;

function classified(text: string, of?: Origin): ClassifiedMessage {
  const message = { kind: 'message', line: 1, text, columns: {}, ...(of === undefined ? {} : { of }) } as const;
  return { message, suspicion: classify(text) };
}

const missing = (tag: string): string =>
  `Failed to pull image "acr1.azurecr.io/a:${tag}": acr1.azurecr.io/a:${tag}: not found: manifest unknown`;

describe('the summary', () => {
  it('counts a kind by label, image and rule, and says which message is the first of its kind', () => {
    const summary = new Summary();
    const news = ['v1', 'v1', 'v2'].map((tag) => summary.add(classified(missing(tag))));
    summary.add(classified('listening on port 8080'));

    expect(news).toEqual([true, false, true]);
    expect([summary.messages, summary.pullFailures]).toEqual([4, 3]);
    const [head, ...rows] = summary.text(uncoloured).trimEnd().split('\n');
    expect(head).toBe('4 messages, 3 of them about a pull that failed');
    expect(rows[0]).toMatch(/^ +2 {2}manifest-unknown +acr1\.azurecr\.io\/a:v1$/);
    expect(rows).toHaveLength(3);
  });

  it('of more images than anyone reads counts every message and lists the most frequent kinds', () => {
    const summary = new Summary();
    const news = Array.from({ length: 3_000 }, (_, n) => summary.add(classified(missing(`v${n}`))));
    summary.add(classified(missing('v7')));

    expect(news.filter((isNew) => isNew)).toHaveLength(1_000);
    expect([summary.messages, summary.pullFailures]).toEqual([3_001, 3_001]);
    const rows = summary.text(uncoloured).trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength(101);
    expect(rows[0]).toContain('2000  manifest-unknown  (others)');
    expect(rows[1]).toContain('2  manifest-unknown  acr1.azurecr.io/a:v7');
    expect(rows.at(-1)).toContain('and 901 more kinds');
  });

  it('names the apps, the revisions and the times of the rows', () => {
    const summary = new Summary();
    summary.add(classified(missing('v1'), { app: 'shop', revision: 'shop--r2', time: '2026-11-02T09:40:00Z' }));
    summary.add(classified(missing('v1'), { app: 'shop', revision: 'shop--r2', time: '2026-11-02T09:14:00Z' }));
    summary.add(classified(missing('v1'), { app: 'stock', time: '2026-11-02T09:20:00Z' }));

    expect(summary.text(uncoloured)).toContain('shop shop--r2, stock, 2026-11-02T09:14:00Z to 2026-11-02T09:40:00Z\n');
  });

  it('names five apps at most, and nothing of a row that a terminal would obey', () => {
    const summary = new Summary();
    for (let n = 0; n < 9; n += 1) summary.add(classified(missing('v1'), { app: `app-${n}\u001b[31m` }));

    const text = summary.text(uncoloured);
    expect(text).toContain('app-4 [31m and others');
    expect(text).not.toContain('app-5');
  });
});
