// What stands around a line and is not of the program that wrote it.
import { describe, expect, it } from 'vitest';
import { plainLines } from '../../src/cli/plain-lines.ts';
import { collect } from './streams.ts';

async function plain(...texts: readonly string[]): Promise<string[]> {
  async function* lines() {
    for (const [at, text] of texts.entries()) yield [{ number: at + 1, text }];
  }
  return (await collect(plainLines(lines()))).map(({ text }) => text);
}

describe('a line loses', () => {
  it.each([
    ['the codes of colours', '\u001b[31mFailed\u001b[0m to pull'],
    ['colours in caret notation', '^[[31mFailed^[[0m to pull'],
    ['a caret for the return', 'Failed to pull^M'],
    ['blanks that do not break', 'Failed\u00a0to\u202fpull'],
    ['marks without width', '\ufeffFailed\u200b to pull'],
  ])('%s', async (_what, text) => {
    expect(await plain(text)).toEqual(['Failed to pull']);
  });

  it.each([
    ['docker compose', 'web-1  | Failed to pull'],
    ['an older docker compose', 'shop_web_1 | Failed to pull'],
    ['docker service logs', 'web.1.x7yz@node-2    | Failed to pull'],
    ['kubectl logs --prefix', '[pod/web-6f/app] Failed to pull'],
  ])('the name of its container, by %s', async (_by, text) => {
    expect(await plain(text)).toEqual(['', 'Failed to pull']);
  });
});

describe('a line keeps', () => {
  it.each([
    'ERROR | Failed to pull',
    '2026-11-02 09:14:11 | orders--r1 | ContainerBackOff | x',
    'a || b',
    '[error] Failed to pull',
    '  "Msg": "web-1 | x",',
  ])('what its program wrote: %s', async (text) => {
    expect(await plain(text)).toEqual([text]);
  });
});

describe('lines of two containers', () => {
  it('have an empty line between them, and lines of one have none', async () => {
    expect(await plain('web-1  | one', 'web-1  | two', 'db-1   | three')).toEqual(['', 'one', 'two', '', 'three']);
  });
});
