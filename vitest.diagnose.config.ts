// The tests that measure mutants of the diagnosis: the quick ones, from evidence to cause and decision.
import { defineConfig } from 'vitest/config';

const rules = [
  'access',
  'alert-state',
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
  'outbound-subnet',
  'probes',
  'recall',
  'recovery',
  'remediation',
  'serving',
  'sweep',
  'text-claims',
  'tokens',
  'trouble',
];

export default defineConfig({
  test: {
    include: rules.map((rule) => `test/lib/${rule}.test.ts`),
    setupFiles: ['test/lib/same-cases.ts'],
  },
});
