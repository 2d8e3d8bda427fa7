// The tests that measure mutants of the diagnosis: the quick ones, from evidence to cause and decision.
import { defineConfig } from 'vitest/config';

const rules = [
  'access',
  'approval',
  'arm-id',
  'budget',
  'credentials',
  'denials',
  'diagnose',
  'egress',
  'elsewhere',
  'findings',
  'gather',
  'groups',
  'guards',
  'identity-gone',
  'ip',
  'network',
  'probes',
  'recall',
  'recovery',
  'remediation',
  'serving',
  'sweep',
  'text-claims',
  'trouble',
];

export default defineConfig({
  test: {
    include: rules.map((rule) => `test/lib/${rule}.test.ts`),
    setupFiles: ['test/lib/same-cases.ts'],
  },
});
