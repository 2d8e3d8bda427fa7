// The tests that measure mutants of what decides and acts: intake, decision, and remediation.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['decision', 'history', 'intake', 'remediation'].map((room) => `test/lib/${room}/**/*.test.ts`),
    setupFiles: ['test/lib/same-cases.ts'],
  },
});
