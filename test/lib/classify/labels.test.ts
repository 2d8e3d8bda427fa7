import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labels } from '../../../src/lib/classify/labels.ts';

const page = readFileSync(new URL('../../../docs/classify.md', import.meta.url), 'utf8');

describe('the labels', () => {
  it('are named once each', () => {
    expect(labels).toEqual([...new Set(labels)]);
  });

  it('are explained in the documentation, in the same order', () => {
    const explained = [...page.matchAll(/^- `([a-z-]+)`: /gm)].map(([, label]) => label);

    expect(explained.slice(0, labels.length)).toEqual([...labels]);
  });
});
