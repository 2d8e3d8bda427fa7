import { defineConfig } from 'vitest/config';

/** The scenarios of the tour on real parts: the deployed bundle, Azurite, TLS and a clock that runs faster than real time. */
export const tour = ['test/scenarios/both-engines.test.ts'];

/** What takes minutes or waits for a clock that runs faster than real time. `npm run test:all` runs it, `npm test` does not. */
export const long = [
  'test/browser/answers.test.ts',
  'test/browser/approval.test.ts',
  'test/browser/history.test.ts',
  'test/browser/pages.test.ts',
  'test/faults/azurite.test.ts',
  'test/faults/wall.test.ts',
  'test/local/host/storage-down.test.ts',
  'test/local/storage-clock.test.ts',
  'test/scenarios/built-in.test.ts',
  'test/scenarios/by-hand.test.ts',
  'test/scenarios/killed.test.ts',
  'test/scenarios/no-secrets.test.ts',
  'test/scenarios/storm.test.ts',
  'test/scenarios/systems-on-real-parts.test.ts',
];

/** The tests of the rooms of `src/lib`. */
const rooms = ['test/lib/**/*.test.ts'];

/** Vitest leaves one core free for itself where it may choose: that would be half of a machine with two. */
const quick = { sequence: { groupOrder: 0 }, maxWorkers: '100%' };

export default defineConfig({
  test: {
    env: { TZ: 'UTC' },
    // Guards against a test that never ends. They say nothing about speed: a busy machine takes long to start a process.
    testTimeout: 300_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 60_000 } },
    coverage: { include: ['src/**'] },
    projects: [
      // The rooms keep no state of their own, so that their tests may share what they import: that halves their time.
      { extends: true, test: { ...quick, name: 'rooms', include: rooms, isolate: false } },
      {
        extends: true,
        test: { ...quick, name: 'quick', include: ['test/**/*.test.ts'], exclude: [...rooms, ...tour, ...long] },
      },
      // A clock that runs faster than real time needs the machine for itself: these run when the rest is done, one after the other.
      { extends: true, test: { name: 'tour', include: tour, sequence: { groupOrder: 1 }, maxWorkers: 1 } },
      { extends: true, test: { name: 'long', include: long, sequence: { groupOrder: 2 }, maxWorkers: 1 } },
    ],
  },
});
