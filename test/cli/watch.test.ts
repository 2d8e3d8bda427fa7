// A watch, on a clock that does not wait: what is printed of each reading, and when it ends.
import { describe, expect, it } from 'vitest';
import { Declined } from '../../src/cli/declined.ts';
import { interrupted, pauseMs, type Seen, watch } from '../../src/cli/watch.ts';
import { keepPrinted } from './ran.ts';

type Reading = Seen | Error;
const seen = (goesOn: boolean, ...lines: string[]): Seen => ({ lines, state: [`state: ${lines.at(-1)}`], goesOn });

/** Watches these readings, one for each time that the app is asked. The last one stays. */
async function watched(readings: readonly Reading[], pauses = 50) {
  const printed: string[] = [];
  const waited: number[] = [];
  let next = 0;
  const read = async (): Promise<Seen> => {
    const reading = readings[Math.min(next, readings.length - 1)];
    next += 1;
    if (reading === undefined || reading instanceof Error) throw reading ?? new Error('There is no reading.');
    return reading;
  };
  const pause = async (ms: number) => {
    waited.push(ms);
    return waited.length > pauses ? ('interrupted' as const) : ('over' as const);
  };
  const { error } = keepPrinted();
  const code = await watch(read, (lines) => printed.push(...lines), pause);
  return { code, printed, waited, reads: next, error: error() };
}

describe('a watch', () => {
  it('of what has ended already is one reading, without a pause', async () => {
    expect(await watched([seen(false, 'a')])).toMatchObject({ code: 0, printed: ['a'], waited: [], reads: 1 });
  });

  it('prints what is new, waits between readings, and ends with the state', async () => {
    const { code, printed, waited } = await watched([
      seen(true, 'a'),
      seen(true, 'a', 'b'),
      seen(false, 'a', 'b', 'c'),
    ]);

    expect(printed).toEqual(['a', 'b', 'c', 'state: c']);
    expect([code, waited]).toEqual([0, [pauseMs, pauseMs]]);
  });

  it('prints a line again that was gone meanwhile, or that stands there once more', async () => {
    const { printed } = await watched([seen(true, 'a'), seen(true), seen(true, 'a'), seen(false, 'a', 'a')]);

    expect(printed).toEqual(['a', 'a', 'a', 'state: a']);
  });

  it('prints nothing while nothing changes, and ends with Ctrl-C', async () => {
    expect(await watched([seen(true, 'a')], 9)).toMatchObject({ code: interrupted, printed: ['a'], reads: 10 });
    expect(await watched([seen(true, 'a'), seen(true, 'b')], 3)).toMatchObject({ printed: ['a', 'b', 'state: b'] });
  });

  it('goes on where the app does not answer for a moment, and says so once', async () => {
    const gone = new Declined('The app does not answer at this address.');
    const { printed, error } = await watched([seen(true, 'a'), gone, gone, seen(false, 'b')]);

    expect(printed).toEqual(['a', 'b', 'state: b']);
    expect(error.match(/does not answer/g)).toHaveLength(1);
  });

  it('ends where the app does not answer at first, or for a minute', async () => {
    const gone = new Declined('The app does not answer at this address.');

    await expect(watched([gone])).rejects.toThrow(Declined);
    await expect(watched([seen(true, 'a'), gone])).rejects.toThrow(Declined);
  });

  it('goes on for no other error', async () => {
    await expect(watched([seen(true, 'a'), new Error('x'), seen(false, 'b')])).rejects.toThrow('x');
  });
});
