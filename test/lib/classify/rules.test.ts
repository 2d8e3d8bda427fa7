// No row of the tables is there for nothing: without it, at least one message is read otherwise.
import { describe, expect, it } from 'vitest';
import type { Suspicion, Tables } from '../../../src/lib/classify/classify.ts';
import { classify, classifyBy, tables } from '../../../src/lib/classify/classify.ts';
import { messages } from './messages.ts';

const usual = messages.map(({ text }) => classify(text));

function isOther(now: Suspicion, before: Suspicion | undefined): boolean {
  return now.label !== before?.label || now.rule !== before.rule;
}

function textsThatNeed(without: Tables): string[] {
  return messages.filter(({ text }, at) => isOther(classifyBy(without, text), usual[at])).map(({ text }) => text);
}

function without<T>(rows: readonly T[], row: T): T[] {
  return rows.filter((other) => other !== row);
}

const cases: readonly [string, Tables][] = [
  ...tables.rules.map((row): [string, Tables] => [
    `the rule ${row.name}`,
    { ...tables, rules: without(tables.rules, row) },
  ]),
  ...tables.clues.map((row): [string, Tables] => [
    `the clue ${row.name}`,
    { ...tables, clues: without(tables.clues, row) },
  ]),
  ...tables.lookAlikes.map((row): [string, Tables] => [
    `the look-alike ${row.name}`,
    { ...tables, lookAlikes: without(tables.lookAlikes, row) },
  ]),
  ...tables.asides.map((row): [string, Tables] => [
    `the aside ${row.name}`,
    { ...tables, asides: without(tables.asides, row) },
  ]),
  ...tables.hearsay.map((row): [string, Tables] => [
    `the hearsay ${row.name}`,
    { ...tables, hearsay: without(tables.hearsay, row) },
  ]),
];

describe('a message is read otherwise without', () => {
  it.each(cases)('%s', (_, tablesWithoutRow) => {
    expect(textsThatNeed(tablesWithoutRow)).not.toEqual([]);
  });
});

describe('the tables', () => {
  it('name every row once', () => {
    const names = [...tables.rules, ...tables.clues, ...tables.lookAlikes, ...tables.asides, ...tables.hearsay].map(
      (row) => row.name,
    );

    expect(names).toEqual([...new Set(names)]);
  });

  it('have a rule for every label with a cause', () => {
    const decided = new Set<string>(tables.rules.map((rule) => rule.label));

    expect(decided).toEqual(new Set(messages.map(({ label }) => label).filter((l) => l !== 'not-a-pull-failure')));
  });
});
