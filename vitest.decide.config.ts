// The tests that measure mutants of what decides and acts: intake, decision, and remediation.
import { defineConfig } from 'vitest/config';

/** Long random sequences: each change would wait for them, and the rules by name notice what they notice. */
const long = ['test/lib/**/*-properties.test.ts'];

export default defineConfig({
  test: {
    include: [
      'answers',
      'console',
      'decision',
      'history',
      'incidents',
      'intake',
      'look',
      'ports',
      'remediation',
      'telling',
    ].map((room) => `test/lib/${room}/**/*.test.ts`),
    exclude: long,
    // As for the rooms in vitest.config.ts: their tests share what they import, and a slow machine is no reason to fail.
    isolate: false,
    testTimeout: 120_000,
    setupFiles: ['test/lib/same-cases.ts'],
  },
});
