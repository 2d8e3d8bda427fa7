// The tests that measure mutants of the diagnosis: the quick ones, from evidence to cause and decision.
import { defineConfig } from 'vitest/config';

const rooms = ['diagnosis', 'evidence', 'look'];
const others = [
  'decision/alert-state',
  'decision/climb',
  'decision/ending-rules',
  'decision/grant-guards',
  'decision/grant-identity-guards',
  'decision/retry-changes',
  'decision/retry-rules',
  'history/cause-reads',
  'intake/sweep',
  'remediation/approval',
  'remediation/handle-step',
  'words/ago',
  'words/arm-id',
  'words/fact',
  'words/ip',
];

export default defineConfig({
  test: {
    include: [...rooms.map((room) => `${room}/*`), ...others].map((tests) => `test/lib/${tests}.test.ts`),
    setupFiles: ['test/lib/same-cases.ts'],
  },
});
