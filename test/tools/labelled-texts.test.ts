// Texts with their right labels are read from the files of the repository and from JSON lines.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ownFiles, ownSamples, samplesOf } from '../../tools/labelled-texts.ts';

const folder = mkdtempSync(join(tmpdir(), 'labelled-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('labelled texts', () => {
  it.each(ownFiles)('of %s have a text and the line on which they stand', (name) => {
    const samples = ownSamples(name);

    expect(samples.length).toBeGreaterThan(60);
    expect(new Set(samples.map(({ id }) => id)).size).toBe(samples.length);
    expect(samples.filter(({ text }) => text.trim() === '')).toEqual([]);
  });

  it('may have more than one right label', () => {
    expect(ownSamples('held-out.txt').filter(({ also }) => also.length > 0)).not.toEqual([]);
  });

  it('of another corpus come as JSON lines, and a label that does not exist is an error', () => {
    const file = join(folder, 'corpus.jsonl');
    writeFileSync(file, '{"id":"a","text":"no such host","category":"dns"}\n');
    expect(samplesOf(file)).toEqual([{ id: 'a', text: 'no such host', category: 'dns', also: [], source: '' }]);

    writeFileSync(file, '{"id":"a","text":"x","category":"weather"}\n');
    expect(() => samplesOf(file)).toThrow(/category/);
  });
});
