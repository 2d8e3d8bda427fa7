// Refusals that an old token explains: only where every other fact was read, and is right.
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  assignment,
  dnsUnlinked,
  execution,
  jobId,
  jobTarget,
  minute,
  nowMs,
  registry,
  roleMissing,
  unauthorized,
  waitingExecutionReplica,
} from '../facts.ts';
import { diagnosed, labelled } from './diagnosed.ts';

const hour = 60 * minute;
const right: Evidence = {
  ...roleMissing,
  roles: known([assignment(24 * hour)]),
  manifest: known({ state: 'exists' }),
};

function verdict(evidence: Evidence, label: Parameters<typeof labelled>[0] = 'unauthorized'): unknown {
  const { causes, sure } = diagnosed(evidence, labelled(label));
  return [causes, sure];
}

const stale = [['platform-token-stale'], 'suspected'];

describe('a stale token of the platform', () => {
  it('is suspected where everything was read and is right, and the text is a refusal', () => {
    expect(verdict(right)).toEqual(stale);
    expect(verdict(right, 'unknown-pull-failure')).not.toEqual(stale);
    expect(verdict(right, 'tls')).not.toEqual(stale);
  });

  it('is not suspected while a fact that explains a refusal is not known', () => {
    expect(verdict({ ...right, manifest: unreadable('forbidden') })).not.toEqual(stale);
    expect(verdict({ ...right, denials: unreadable('forbidden') })).not.toEqual(stale);
    expect(verdict({ ...right, roles: unreadable('forbidden') })).not.toEqual(stale);
    expect(verdict({ ...right, registry: known({ ...registry, publicAccess: 'perimeter' }) })).not.toEqual(stale);
  });

  it('is not suspected where a cause is proved or the role is young', () => {
    expect(verdict({ ...right, roles: known([]) })).not.toEqual(stale);
    expect(verdict({ ...right, roles: known([assignment(minute)]) })).not.toEqual(stale);
    expect(verdict({ ...dnsUnlinked, manifest: known({ state: 'exists' }) })).not.toEqual(stale);
    expect(verdict({ ...right, identity: known('gone') })).not.toEqual(stale);
  });
});

describe('a stale token of a job', () => {
  const failed = { ...execution, ended: true as const, runningState: 'Failed', createdAtMs: nowMs - 25 * hour };
  const between: Evidence = {
    ...right,
    app: known({ ...app, id: jobId, job: { trigger: 'schedule' } }),
    revisions: known([failed]),
    replicas: known([]),
  };
  const causes = (evidence: Evidence, saidAtMs?: number): readonly string[] =>
    diagnose({
      target: jobTarget,
      evidence,
      suspicions: [unauthorized],
      pulledBefore: false,
      ...(saidAtMs === undefined ? {} : { saidAtMs }),
    }).causes;

  it('is not suspected where the refusal came before the role was in effect and no execution has pulled since', () => {
    expect(causes(between, nowMs - 25 * hour)).toEqual(['unexplained']);
    expect(causes(between, nowMs - 24 * hour + 29 * minute)).toEqual(['unexplained']);
  });

  it('is suspected where the refusal came after that, where it is not known when it came, and while an execution waits for its image', () => {
    const waits = { ...between, revisions: known([failed, execution]), replicas: known([waitingExecutionReplica]) };
    expect(causes(between, nowMs - 24 * hour + 30 * minute)).toEqual(['platform-token-stale']);
    expect(causes(between)).toEqual(['platform-token-stale']);
    expect(causes(waits, nowMs - 25 * hour)).toEqual(['platform-token-stale']);
  });
});

describe('a token from before the move to repository permissions', () => {
  const reads = known([
    {
      actions: [],
      notActions: [],
      dataActions: ['Microsoft.ContainerRegistry/registries/repositories/content/read'],
      notDataActions: [],
    },
  ]);
  const moved = (agoMs: number, roleMode: 'abac' | 'legacy' = 'abac'): Evidence => ({
    ...right,
    registry: known({ ...registry, roleMode }),
    roles: known([assignment(24 * hour, roleMode === 'abac' ? { permissions: reads } : {})]),
    changes: known([{ atMs: nowMs - agoMs, by: 'anna@contoso.example' }]),
  });
  const before = [['credentials-from-before-abac'], 'suspected'];

  it('is suspected for six hours after the registry was changed', () => {
    expect(verdict(moved(minute))).toEqual(before);
    expect(verdict(moved(6 * hour - 1))).toEqual(before);
    expect(verdict(moved(6 * hour))).toEqual(stale);
  });

  it('is not suspected on a registry that goes by its own roles, or of another text', () => {
    expect(verdict(moved(minute, 'legacy'))).toEqual(stale);
    expect(verdict(moved(minute), 'rate-limited')).not.toEqual(before);
    expect(verdict({ ...moved(minute), changes: unreadable('forbidden') })).toEqual(stale);
  });
});
