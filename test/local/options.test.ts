import { describe, expect, it } from 'vitest';
import { BadOption, readOptions } from '../../local/demo/options.ts';

const key = 'sixteen-letters!';

describe('the function key of apps that go on', () => {
  it('is the one that the command line takes too', () => {
    expect(readOptions(['--keep'], { PULLMEDIC_KEY: ` ${key}\n` }).functionKey).toBe(key);
  });

  it('is nobody’s where none is set, and where nothing goes on', () => {
    expect(readOptions(['--keep'], { PULLMEDIC_KEY: '' }).functionKey).toBeUndefined();
    expect(readOptions([], { PULLMEDIC_KEY: key }).functionKey).toBeUndefined();
  });

  it('is refused where the host would not take it, and not quoted', () => {
    const read = () => readOptions(['--keep'], { PULLMEDIC_KEY: key.slice(1) });

    expect(read).toThrow(BadOption);
    expect(read).not.toThrow(new RegExp(key.slice(1)));
  });
});

describe('the engine that plays', () => {
  it.each([
    [['--real'], true],
    [['--keep'], true],
    [['--scenario', 'tag-missing'], false],
    [[], false],
  ])('%j: every chosen scenario on real parts is %s', (args, real) => {
    expect(readOptions(args, {}).real).toBe(real);
  });
});
