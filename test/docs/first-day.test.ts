// The page of the first day has seven checks that can be followed, and each assumption that was not verified has a verdict.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { itemsOf } from './list.ts';

const checks = itemsOf(readFileSync('docs/first-day.md', 'utf8'));
const rows = itemsOf(readFileSync('docs/unverified.md', 'utf8'));

describe('the first day', () => {
  it('has seven checks in order, each with what to do and what it proves', () => {
    expect(checks.map(({ title }) => title.split('.')[0])).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    for (const { said } of checks) expect(Object.keys(said)).toEqual(['do', 'proves']);
  });

  it('names files that are there, and runs the doctor before and after the deployment', () => {
    const done = checks.map(({ said }) => said['do'] ?? '');
    const files = done.flatMap((text) => [...text.matchAll(/\b(infra\/[\w.]+)/g)].map(([, file]) => file ?? ''));

    expect(files.length).toBeGreaterThan(1);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(done.findIndex((text) => text.includes('`pullmedic doctor`'))).toBeLessThan(2);
    expect(done.findIndex((text) => text.includes('pullmedic doctor --url'))).toBe(3);
  });
});

describe('what was not verified', () => {
  it('has a verdict in each row: confirmed by evidence that is named, likely, or open', () => {
    const verdict = /^(?:confirmed by \S|likely\b|open\b)/;

    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter(({ said }) => !verdict.test(said['verdict'] ?? '')).map(({ title }) => title)).toEqual([]);
  });

  it('says in each row how to find out', () => {
    expect(rows.filter(({ said }) => !('verify' in said)).map(({ title }) => title)).toEqual([]);
  });
});
