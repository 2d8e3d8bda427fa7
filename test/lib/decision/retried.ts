// What tests of retries have in common: a role that is assigned, a deployment that Azure rejected, restarts, and questions about them.
import type { decide } from '../../../src/lib/decision/decide.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Asked } from '../../../src/lib/history/asked.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import type { Entry, OutcomeKind } from '../../../src/lib/history/entries.ts';
import type { Refusal } from '../../../src/lib/history/refusals.ts';
import type { AnnouncedRestart } from '../../../src/lib/history/restarts.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import { app, assignment, config, minute, nowMs, revision, roleMissing, targetId, unauthorizedRow } from '../facts.ts';
import { type Earlier } from '../situations.ts';

export type Answer = ReturnType<typeof decide>;

export const second = 1000;
export const day = 24 * 60 * minute;
export const approving = config({ PULLMEDIC_MODE: 'approve' });
export const redeploying = config({ PULLMEDIC_SETTINGS: '{"retry":{"newRevision":true}}' });
export const approvingRedeploys = config({
  PULLMEDIC_MODE: 'approve',
  PULLMEDIC_SETTINGS: '{"retry":{"newRevision":true}}',
});
export const needsApproval: Refusal = { guard: 'mode', why: 'approval-needed' };
export const expectedMs = config().settings.expectedPropagationSeconds * second;

/** The role was assigned so long ago, and the pull still fails. */
export const held = (ageMs: number, more: Partial<Evidence> = {}): Evidence => ({
  ...roleMissing,
  roles: known([assignment(ageMs)]),
  ...more,
});

/** Azure rejected the deployment, and the role was assigned so long ago. */
export const rejected = (ageMs: number, more: Partial<Evidence> = {}): Evidence =>
  held(ageMs, {
    app: known({ ...app, provisioningState: 'Failed', template: 'its-template' }),
    revisions: known([]),
    replicas: known([]),
    logs: known([]),
    ...more,
  });

export const restarted = (agoMs: number, more: Partial<AnnouncedRestart> = {}): AnnouncedRestart => ({
  revision: revision.name,
  by: 'restart',
  remediation: remediationIdOf(targetId, 1),
  atMs: nowMs - agoMs,
  ...more,
});

export function attempted(
  action: 'restart' | 'new-revision',
  outcome: OutcomeKind | undefined,
  because = 'x',
): Entry[] {
  const decision =
    action === 'restart'
      ? ({ do: 'restart', revision: revision.name, because: 'cause-is-gone' } as const)
      : ({ do: 'new-revision', revision: 'r', suffix: 's', template: 't', because: 'write-rejected' } as const);
  const decided: Entry = { kind: 'decided', decision, dueAtMs: nowMs, refusals: [] };
  return outcome === undefined ? [decided] : [decided, { kind: 'outcome', action, outcome, because }];
}

/** A person was asked about this, an hour before the question ends, and answered. */
export function questioned(
  about: Asked,
  answer?: 'approved' | 'rejected',
  cause: Diagnosis['causes'][number] = youngRole,
): Earlier[] {
  const decision = { do: 'ask', ...about, cause, because: 'needs-approval', expiresAtMs: nowMs + 60 * minute } as const;
  const asked: Entry = { kind: 'decided', decision, dueAtMs: nowMs, refusals: [needsApproval] };
  const past: Earlier[] = [{ agoMs: 4 * second, entry: asked }];
  return answer === undefined
    ? past
    : [...past, { agoMs: 3 * second, entry: { kind: 'answered', answer, ...about, by: 'anna' } }];
}
export const youngRole = 'pull-role-propagating';

/** The proved conclusion that the role of the app itself was assigned twenty seconds ago. */
export const ownRole = (more: Partial<Diagnosis> = {}): Diagnosis => ({
  causes: [youngRole],
  sure: 'confirmed',
  for: [],
  against: [],
  network: 'allows',
  roleSinceMs: nowMs - 32 * second,
  detail: {},
  ...more,
});

export const wait = (because: string) => ({ do: 'wait', because });
export const brief = ({ decision }: Answer): string => `${decision.do}: ${decision.because}`;

/** The log row of a pull that began so long ago. */
export const pullRow = (...agesMs: number[]) =>
  known(
    agesMs.map((age) => ({ ...unauthorizedRow, reason: 'PullingImage', text: 'Pulling image', atMs: nowMs - age })),
  );
