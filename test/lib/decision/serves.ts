// An app that serves and holds its role since yesterday: what tests of the rules that end a remediation begin with.
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { assignment, minute, nowMs, readyReplica, revision, roleMissing } from '../facts.ts';

const { details: _details, ...quiet } = revision;

export const serving: Evidence = {
  ...roleMissing,
  logs: known([]),
  revisions: known([{ ...quiet, runningState: 'RunningAtMaxScale' }]),
  roles: known([assignment(24 * 60 * minute)]),
  replicas: known([{ ...readyReplica, createdAtMs: nowMs - 40 * minute }]),
};
