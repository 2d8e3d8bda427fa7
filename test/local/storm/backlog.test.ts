import { describe, expect, it } from 'vitest';
import { backlog, mostPeeked, passesWithinMs } from '../../../local/storm/backlog.ts';

describe('a queue', () => {
  it('is passed through while each of its messages is new', () => {
    const queue = backlog();

    expect(queue.isPassing([], 0)).toBe(true);
    expect(queue.isPassing(['a'], 500)).toBe(true);
    expect(queue.isPassing(['b'], 500 + passesWithinMs)).toBe(true);
  });

  it('has a backlog once one message stays', () => {
    const queue = backlog();
    queue.isPassing(['a'], 0);

    expect(queue.isPassing(['a', 'b'], passesWithinMs - 1)).toBe(true);
    expect(queue.isPassing(['a', 'b'], passesWithinMs)).toBe(false);
  });

  it('has a backlog where there may be more than is seen', () => {
    const all = Array.from({ length: mostPeeked }, (_, at) => String(at));

    expect(backlog().isPassing(all, 0)).toBe(false);
    expect(backlog().isPassing(all.slice(1), 0)).toBe(true);
  });

  it('does not remember a message that was taken and comes again later', () => {
    const queue = backlog();
    queue.isPassing(['a'], 0);
    queue.isPassing([], 1000);

    expect(queue.isPassing(['a'], passesWithinMs)).toBe(true);
  });
});
