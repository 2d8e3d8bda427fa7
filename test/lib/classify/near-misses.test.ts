// Every rule knows where it ends: a text that looks like its work, and is read otherwise.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classify, tables } from '../../../src/lib/classify/classify.ts';

interface NearMiss {
  readonly rule: string;
  readonly label: string;
  readonly text: string;
}

function nearMissOn(line: string): NearMiss {
  const [, rule, label, text] = /^([\w-]+) > ([\w-]+): (.+)$/.exec(line) ?? [];
  if (rule === undefined || label === undefined || text === undefined) throw new Error(`no near-miss: ${line}`);
  return { rule, label, text: text.replaceAll(String.raw`\n`, '\n') };
}

const file = new URL('../../fixtures/logs/near-misses.txt', import.meta.url);
const nearMisses = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map(nearMissOn);

const patterns = new Map(tables.rules.map((rule) => [rule.name, rule.pattern.source.toLowerCase()]));

/** Words of the text that stand in the pattern too. */
function wordsShared({ rule, text }: NearMiss): string[] {
  const words = text.toLowerCase().match(/[a-z]{4,}|\d{3}/g) ?? [];
  return words.filter((word) => patterns.get(rule)?.includes(word) === true);
}

describe('a near-miss', () => {
  it.each(nearMisses)('of $rule is $label: $text', ({ rule, label, text }) => {
    const read = classify(text);

    expect(read.rule).not.toBe(rule);
    expect(read.label).toBe(label);
  });

  it.each(nearMisses)('of $rule looks like its work: $text', (nearMiss) => {
    expect(wordsShared(nearMiss)).not.toEqual([]);
  });

  it.each(tables.rules.map(({ name }) => name))('is known for %s', (name) => {
    expect(nearMisses.map(({ rule }) => rule)).toContain(name);
  });

  it('belongs to a rule that exists', () => {
    expect(nearMisses.map(({ rule }) => rule).filter((name) => !patterns.has(name))).toEqual([]);
  });
});
