import { defineConfig } from 'vitest/config';

const whole = ['test/scenarios/**/*.test.ts', 'test/browser/**/*.test.ts'];

export default defineConfig({
  test: {
    env: { TZ: 'UTC' },
    testTimeout: 20_000,
    // Storage takes its time to start on a busy machine.
    hookTimeout: 60_000,
    coverage: { include: ['src/**'] },
    projects: [
      {
        extends: true,
        test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: whole, sequence: { groupOrder: 0 } },
      },
      // The whole thing on a scaled clock needs the machine for itself: it runs when the rest is done.
      { extends: true, test: { name: 'whole', include: whole, sequence: { groupOrder: 1 }, maxWorkers: 1 } },
    ],
  },
});
