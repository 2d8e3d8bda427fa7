// For everything that can be read of a container group, or not: when it is restarted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awaitGroup } from '../../../src/lib/decision/await-group.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import type { AppFacts, ReplicaFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { config, groupFacts, groupRun, groupTarget, image, minute, nowMs, roleMissing } from '../facts.ts';
import { decisionInput } from '../situations.ts';

const container = fc.record({
  own: fc.boolean(),
  state: fc.constantFrom('Running', 'Waiting', 'Terminated', 'unknown'),
  details: fc.constantFrom('ImagePullBackOff', 'PullingImage', 'CrashLoopBackOff: x', ''),
});

const cases = fc.record({
  life: fc.constantFrom('lives', 'given-up', 'ended', 'never-created', 'unknown'),
  app: fc.constantFrom('read', 'gone', 'unreadable'),
  containers: fc.option(fc.array(container, { maxLength: 3 })),
  mode: fc.constantFrom('observe', 'approve', 'act'),
  consent: fc.boolean(),
  killSwitch: fc.constantFrom(known(false), known(true), unreadable('timed-out')),
  restarts: fc.constantFrom(known([]), unreadable('timed-out')),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function replicasOf({ containers }: Case): readonly ReplicaFacts[] {
  return (containers ?? []).map(({ own, state, details }, at) => {
    const name = own ? groupRun.name : `other-${at}`;
    const facts = {
      name,
      image: own ? image : 'docker.io/library/redis:7',
      ready: state === 'Running',
      state,
      details,
    };
    return { name, revision: name, createdAtMs: nowMs - 10 * minute, containers: [facts] };
  });
}

function appOf({ app, life }: Case): Evidence['app'] {
  const facts: AppFacts = { ...groupFacts, group: { life } };
  return app === 'read' ? known(facts) : app === 'gone' ? known('gone') : unreadable('forbidden');
}

function asked(one: Case): DecisionInput {
  const replicas: Evidence['replicas'] = one.containers === null ? unreadable('timed-out') : known(replicasOf(one));
  const app = appOf(one);
  const evidence: Evidence = {
    ...roleMissing,
    ...(app === undefined ? {} : { app }),
    revisions: known([groupRun]),
    replicas,
  };
  const settings = config({
    PULLMEDIC_MODE: one.mode,
    PULLMEDIC_SETTINGS: JSON.stringify({ retry: { restartGroups: one.consent } }),
  });
  const { killSwitch, restarts } = one;
  return {
    ...decisionInput(evidence),
    target: groupTarget,
    evidence,
    config: settings,
    killSwitch,
    restarts,
  } as DecisionInput;
}

const awaited = {
  cause: 'pull-role-missing',
  because: 'cause-cleared',
  shouldWork: { because: 'cause-is-gone', sinceMs: nowMs - minute },
} as const;

describe('a container group', () => {
  it('is restarted or asked about only if the platform gave up, the settings allow it, and nothing of it runs, ran or may run', () => {
    let restarted = 0;
    fc.assert(
      fc.property(cases, (one) => {
        const { decision } = awaitGroup(asked(one), awaited);
        if (decision.do !== 'restart' && decision.do !== 'ask') return;
        restarted += 1;
        expect(one).toMatchObject({ app: 'read', life: 'given-up', consent: true, killSwitch: known(false) });
        expect(one.mode).toBe(decision.do === 'restart' ? 'act' : 'approve');
        expect(one.restarts.read).toBe(true);
        expect(one.containers?.map(({ state }) => state)).not.toContain('Running');
        expect(one.containers?.map(({ state }) => state)).not.toContain('Terminated');
        expect(one.containers?.some(({ own }) => own)).toBe(true);
      }),
      { numRuns: 12_000, seed: 7 },
    );
    expect(restarted).toBeGreaterThan(0);
  });
});
