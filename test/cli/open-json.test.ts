// A value of JSON over many lines gives its rows, and what is no JSON, or never ends, takes nothing with it.
import { describe, expect, it } from 'vitest';
import type { Found } from '../../src/cli/found.ts';
import { linesOf } from '../../src/cli/lines.ts';
import { messagesIn } from '../../src/cli/messages.ts';
import { opensJson } from '../../src/cli/open-json.ts';
import { collect, containing, streamOf } from './streams.ts';

async function found(text: string): Promise<Found[]> {
  return collect(messagesIn(linesOf(streamOf(text), { rows: true, report: () => undefined }), 'auto'));
}

const failure = (n: number): string => `Failed to pull image "shop.azurecr.io/orders:${n}": manifest unknown`;
const log = Array.from({ length: 10_000 }, (_, n) => (n % 4_000 === 10 ? failure(n) : `request ${n} took 3 ms`));

function failures(all: readonly Found[]): string[] {
  return all.flatMap((one) =>
    one.kind === 'message' && one.text.startsWith('Failed') ? [one.text.split('\n')[0] ?? ''] : [],
  );
}

describe('a bracket that never closes', () => {
  it.each([
    ['at the start of a log', '{'],
    ['with a member', '{"level":"info",'],
    ['inside a text', '{"Msg":"cut'],
    ['of an array', '[{"Msg":"a"'],
    ['of another language', "{ code: 'ENOTFOUND',"],
  ])('%s does not swallow the failures after it', async (_where, open) => {
    expect(failures(await found([open, ...log].join('\n')))).toEqual([failure(10), failure(4010), failure(8010)]);
  });

  it('is said, where it is JSON that was cut', async () => {
    expect(await found(`{"Msg":"cut\n2026-11-02T09:14:11Z ${failure(1)}`)).toMatchObject([
      { kind: 'problem', line: 1, what: containing('never ends') },
      { kind: 'message', line: 1 },
      { kind: 'message', line: 2, text: `2026-11-02T09:14:11Z ${failure(1)}` },
    ]);
    expect((await found("{ code: 'X'\nlast")).filter(({ kind }) => kind === 'problem')).toEqual([]);
  });

  it('in a log of rows that are complete on their lines costs only itself', async () => {
    const rows = [1, 2, 3].map((n) => JSON.stringify({ Msg: failure(n) }));

    expect(failures(await found(['{', ...rows.map((row) => ` ${row}`)].join('\n')))).toEqual([1, 2, 3].map(failure));
  });
});

describe('a long value over many lines', () => {
  const items = Array.from({ length: 3_000 }, (_, n) => ({ reason: 'Failed', message: failure(n) }));

  it('gives its rows with the lines of their texts', async () => {
    const all = await found(JSON.stringify({ kind: 'List', items, last: 1 }, null, 2));

    expect(failures(all)).toEqual(items.map(({ message }) => message));
    expect(all.map((one) => one.line).slice(0, 2)).toEqual([6, 10]);
    expect(all.at(-1)).toMatchObject({ line: 6 + 4 * 2_999, columns: { reason: 'Failed' } });
  });

  it('that is cut gives the rows before the cut', async () => {
    const text = JSON.stringify({ kind: 'List', items }, null, 2);
    const all = await found(`${text.slice(0, text.length / 2)}\n2026-11-02 ${failure(1)}`);

    expect(failures(all).length).toBeGreaterThan(1_400);
    expect(all.filter(({ kind }) => kind === 'problem')).toHaveLength(1);
    expect(all.at(-1)).toMatchObject({ text: `2026-11-02 ${failure(1)}` });
  });
});

describe('a value of 20,000 levels', () => {
  it.each([
    ['arrays', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['rows within rows', `${'{"items":['.repeat(20_000)}1${']}'.repeat(20_000)}`],
  ])('of %s is read, and the line after it too', async (_of, deep) => {
    const all = await found(`${deep}\n${failure(1)}`);

    expect(failures(all)).toEqual([failure(1)]);
    expect(all[0]).toMatchObject({ line: 1 });
  });
});

describe('a line opens a value', () => {
  it.each(['{', '{"a":1}', '  {', '[{"a":1},', '{}', '[ {'])('with %s', (text) => {
    expect(opensJson(text)).toBe(true);
  });

  it.each(['{ code: 1 }', '{app} failed', '[error] x', 'a {', '[1,2]'])('not with %s', (text) => {
    expect(opensJson(text)).toBe(false);
  });
});
