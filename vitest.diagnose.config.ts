// The tests that measure mutants of the diagnosis: the quick ones, from evidence to cause and decision.
import { defineConfig } from 'vitest/config';

const rules = [
  'decision/alert-state',
  'decision/guards',
  'decision/serving',
  'diagnosis/access',
  'diagnosis/credential-causes',
  'diagnosis/credentials',
  'diagnosis/denials',
  'diagnosis/diagnose',
  'diagnosis/egress',
  'diagnosis/elsewhere',
  'diagnosis/findings',
  'diagnosis/groups',
  'diagnosis/identity-causes',
  'diagnosis/identity-gone',
  'diagnosis/network',
  'diagnosis/recovery',
  'diagnosis/text-claims',
  'diagnosis/tokens',
  'diagnosis/trouble',
  'diagnosis/verdict',
  'evidence/budget',
  'evidence/outbound-subnet',
  'history/cause-reads',
  'intake/sweep',
  'look/gather',
  'look/probes',
  'look/recall',
  'remediation/approval',
  'remediation/handle-step',
  'words/arm-id',
  'words/ip',
];

export default defineConfig({
  test: {
    include: rules.map((rule) => `test/lib/${rule}.test.ts`),
    setupFiles: ['test/lib/same-cases.ts'],
  },
});
