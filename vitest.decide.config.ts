// The tests that measure mutants of what decides and acts: intake, decision, and remediation.
import { defineConfig } from 'vitest/config';

/** Long random sequences: each mutant would wait for them, and the rules by name notice what they notice. */
const long = ['decision/grant-properties', 'remediation/access-properties'];

export default defineConfig({
  test: {
    include: ['console', 'decision', 'history', 'incidents', 'intake', 'look', 'ports', 'remediation'].map(
      (room) => `test/lib/${room}/**/*.test.ts`,
    ),
    exclude: long.map((rule) => `test/lib/${rule}.test.ts`),
    setupFiles: ['test/lib/same-cases.ts'],
  },
});
