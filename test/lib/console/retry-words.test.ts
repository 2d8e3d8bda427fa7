// The sentence of a restart, as the timeline shows it.
import { expect, it } from 'vitest';
import { sayRestart } from '../../../src/lib/console/retry-words.ts';
import { nowMs } from '../facts.ts';

const revision = 'ca-orders--0000001';
const retry = { rung: 2, number: 2, most: 6, sinceMs: nowMs, afterMs: 97_400 };

it('says which retry it is, how long after the grant, and when the platform would have tried', () => {
  expect(
    sayRestart({ do: 'restart', revision, because: 'role-should-work', retry: { ...retry, nextTryInMs: 61_000 } }),
  ).toBe(
    'Restarts ca-orders--0000001, retry 2 of at most 6, 97 seconds after the role was assigned: nothing of the revision serves, and the platform’s own next try would come about 61 seconds later.',
  );
});

it('says so where the log does not tell of the platform, and where a cause was put right', () => {
  expect(sayRestart({ do: 'restart', revision, because: 'cause-is-gone', retry })).toBe(
    'Restarts ca-orders--0000001, retry 2 of at most 6, 97 seconds after the cause was seen to be gone: nothing of the revision serves, and the platform’s own next try is not known.',
  );
});

it('reads a restart of an older version, which does not say which retry it was', () => {
  expect(sayRestart({ do: 'restart', revision, because: 'role-should-work' })).toBe(
    'Restarts ca-orders--0000001: the role should be in effect by now and the platform’s next try is far away.',
  );
});
