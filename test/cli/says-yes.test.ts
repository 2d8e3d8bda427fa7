// A yes comes from a person at a terminal, and from nowhere else.
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { saysYes } from '../../src/cli/says-yes.ts';

const real = Object.getOwnPropertyDescriptor(process, 'stdin');
afterEach(() => {
  if (real !== undefined) Object.defineProperty(process, 'stdin', real);
  vi.restoreAllMocks();
});

function typed(text: string, isTTY: boolean): void {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  stdin.end(`${text}\n`);
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
}

describe('a question at the terminal', () => {
  it.each([
    ['y', true],
    ['Yes', true],
    [' y ', true],
    ['', false],
    ['n', false],
    ['yes please', false],
  ])('is answered by "%s": %s', async (text, expected) => {
    typed(text, true);

    expect(await saysYes('Turn it off?')).toBe(expected);
  });

  it('is not asked of a program that pipes a yes', async () => {
    typed('y', false);

    expect(await saysYes('Turn it off?')).toBe(false);
  });
});
