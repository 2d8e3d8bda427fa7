// Exceptions that steer are told apart from faults, also in a log that shows only their name, and carry how the work goes on.
import { describe, expect, it } from 'vitest';
import {
  Busy,
  ChangeUnderWay,
  Later,
  Overtaken,
  PutOff,
  Steering,
  Unreachable,
} from '../../../src/lib/ports/steering.ts';

const all: readonly (readonly [string, Steering])[] = [
  ['Overtaken', new Overtaken('x')],
  ['Busy', new Busy('x')],
  ['ChangeUnderWay', new ChangeUnderWay('x')],
  ['PutOff', new PutOff('over-budget')],
  ['Later', new Later(5000)],
  ['Unreachable', new Unreachable('x')],
];

describe('an exception that steers', () => {
  it.each(all)('is an error with its own name: %s', (name, error) => {
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error instanceof Steering]).toEqual([name, true]);
  });

  it.each(all)('is caught by its own class only: %s', (_, error) => {
    const classes = [Overtaken, Busy, ChangeUnderWay, PutOff, Later, Unreachable];

    expect(classes.filter((one) => error instanceof one)).toHaveLength(1);
  });

  it('says why a look was put off, and how long a signal waits', () => {
    expect(new PutOff('over-budget').because).toBe('over-budget');
    expect(new Later(5000).waitMs).toBe(5000);
  });
});
