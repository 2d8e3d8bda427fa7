// What is printed while scenarios are played: in order, no wider than a terminal, without colour in a pipe, safe.
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { painter, plain, widest } from '../../../local/demo/paint.ts';
import { type Hall, liveShow, virtualShow } from '../../../local/demo/show.ts';
import { failures, figures, table } from '../../../local/demo/terminal.ts';
import { at, histories, recovered, remediation, roleMissing, scenario, told } from './told-facts.ts';

const noColour = painter({ isTTY: false }, {});
const escape = String.fromCharCode(27);

function hall(of: number): Hall & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, print: (text) => void lines.push(...text.split('\n')), paint: noColour, of, over: 0 };
}

const long = 'a reason that goes on and on '.repeat(12).trim();

describe('colour', () => {
  it.each<[string, { isTTY?: boolean }, Record<string, string>, boolean]>([
    ['is on a terminal', { isTTY: true }, {}, true],
    ['is not in a pipe or a file', {}, {}, false],
    ['is not where NO_COLOR is set', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['is where NO_COLOR is empty', { isTTY: true }, { NO_COLOR: '' }, true],
  ])('%s', (_, stream, env, colours) => {
    expect(painter(stream, env)('good', 'fine').includes(escape)).toBe(colours);
  });

  it('changes nothing but the colour', () => {
    expect(stripVTControlCharacters(painter({ isTTY: true }, {})('bad', 'broken'))).toBe('broken');
  });
});

describe('stories that are played beside each other', () => {
  const [first, second] = [scenario('first'), scenario('second')];

  it('are told in order of simulated time, whichever was read first', () => {
    const shown = hall(2);
    const show = liveShow(shown, [first, second], 60, () => at('02:02:45'));
    show.onProgress(
      first,
      histories([remediation({ times: { detectedAtMs: at('02:02:20') }, updatedAtMs: at('02:02:20') })]),
    );
    show.onProgress(
      second,
      histories([remediation({ times: { detectedAtMs: at('02:02:10') }, updatedAtMs: at('02:02:10') })]),
    );
    show.onTold(told({ scenario: first, histories: histories([]) }), 0);
    show.onTold(told({ scenario: second, histories: histories([recovered()]) }), 1);

    const times = shown.lines.flatMap((line) => /^\d\d:\d\d:\d\d/.exec(line) ?? []);
    expect(times).toEqual([...times].sort());
    expect(times.length).toBeGreaterThan(4);
    expect(shown.lines[0]).toBe('02:02:10  second  Started by a log alert');
  });

  it('say that a scenario is over after its last line, and how many are', () => {
    const shown = hall(83);
    const show = liveShow(shown, [first], 60, () => at('02:30:00'));
    show.onTold(told({ scenario: first, histories: histories([recovered()]) }), 0);

    expect(shown.lines.at(-1)).toMatch(/^ +1\/83 +first: over, as expected$/);
  });
});

describe('stories on virtual time', () => {
  it('are told in the order of the list, whichever ended first', () => {
    const shown = hall(2);
    const show = virtualShow(shown, 'short');
    show.onTold(told({ scenario: scenario('second') }), 1);
    expect(shown.lines).toEqual([]);
    show.onTold(told({ scenario: scenario('first'), histories: histories([recovered()]) }), 0);

    expect(shown.lines.map((line) => line.trim().split(/ +/).slice(0, 2))).toContainEqual(['1/2', 'first']);
    expect(shown.lines.at(-1)).toMatch(/^2\/2 {2}second +nothing was opened$/);
  });

  it('name the app where there are several', () => {
    const shown = hall(1);
    const several = scenario('several', ['ca-orders', 'ca-stock']);
    virtualShow(shown, 'whole').onTold(told({ scenario: several, histories: histories([remediation()]) }), 0);

    expect(shown.lines).toContain('  02:02:02  ca-orders: Started by a log alert');
  });
});

describe('whatever is printed', () => {
  const hostile = `${escape}[31mred\u202e`;
  const one = roleMissing({ refusals: ['x'] }, { refusals: [long], suspicion: hostile, causes: [long] });
  const wide = told({
    scenario: scenario('a-name-that-is-far-longer-than-any-name-should-be-and-goes-on-and-on-and-on-and-on'),
    histories: histories([one]),
    failures: [{ what: 'ca-orders: causes', expected: long, seen: 'x'.repeat(300) }],
  });

  function printed(): string[] {
    const shown = hall(83);
    liveShow(shown, [wide.scenario], 60, () => at('03:00:00')).onTold(wide, 0);
    virtualShow(shown, 'whole').onTold(wide, 0);
    virtualShow(shown, 'short').onTold(wide, 0);
    for (const text of [figures([wide], noColour), table([wide], noColour), failures([wide], noColour)])
      shown.print(text);
    return shown.lines;
  }

  it('is at most 100 columns wide', () => {
    expect(widest).toBe(100);
    expect(Math.max(...printed().map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('cannot rewrite the terminal', () => {
    expect(printed().join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(plain(hostile)).toBe('?[31mred?');
  });
});
