// The order of the rules: two neighbours change a decision when they are swapped, or they never answer in the same situation.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listRemediations, showRemediation } from '../../../src/lib/console/views.ts';
import { decideBy } from '../../../src/lib/decision/decide.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import type { Rule } from '../../../src/lib/decision/rule.ts';
import { rules, sentenceOfRule } from '../../../src/lib/decision/rules.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { type RuleName, ruleNames } from '../../../src/lib/history/decision.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { pageOf } from '../console-pages.ts';
import {
  app,
  assignment,
  config,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  principalId,
  pulledRow,
  readyReplica,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  target,
  targetId,
  unauthorizedRow,
} from '../facts.ts';
import { memory } from '../memory-ports.ts';
import { decisionInput, type Earlier } from '../situations.ts';

const day = 24 * 60 * minute;
const group = principalId('c0000000-0000-4000-8000-00000000000c');

/** Nothing is wrong with this app but what its replicas and its log show. */
const allRight: Evidence = {
  ...roleMissing,
  roles: known([assignment(30 * day)]),
  manifest: known({ state: 'exists' }),
};
const { details: _details, ...quietRevision } = revision;
const running = known([{ ...quietRevision, runningState: 'Running', healthState: 'Healthy' }]);
const serving: Partial<Evidence> = { revisions: running, replicas: known([readyReplica]) };
const recovered: Evidence = { ...allRight, ...serving, logs: known([unauthorizedRow, pulledRow]) };
/** One of two replicas pulled and is ready, and the other one still cannot pull. */
const halfReady: Partial<Evidence> = {
  replicas: known([readyReplica, { ...stuckReplica, name: 'other' }]),
  logs: known([unauthorizedRow, pulledRow]),
};
const crashRow: LogRow = {
  ...unauthorizedRow,
  reason: 'ContainerCrashing',
  text: 'Container orders terminated with exit code 1.',
};
const busyRow: LogRow = {
  ...unauthorizedRow,
  reason: 'ImagePullFailure',
  text: `Image pull for ${target.image} failed due to registry rate limiting (HTTP 429).`,
};
const crashed: Evidence = { ...allRight, ...serving, logs: known([crashRow]) };
const rejected: Partial<Evidence> = {
  app: known({ ...app, provisioningState: 'Failed' }),
  revisions: known([]),
  replicas: known([]),
  logs: known([]),
};
const pulling: Evidence = {
  ...allRight,
  logs: known([]),
  replicas: known([
    {
      ...stuckReplica,
      containers: [{ name: 'app', image: target.image, ready: false, state: 'Waiting', details: 'PullingImage' }],
    },
  ]),
};

/** A new revision that was asked for, and has another template than was meant. */
const madeDifferently: readonly Earlier[] = [
  {
    agoMs: 3 * minute,
    entry: {
      kind: 'decided',
      decision: { do: 'new-revision', revision: 'r', suffix: 's', template: 't', because: 'write-rejected' },
      dueAtMs: nowMs,
      refusals: [],
    },
  },
  {
    agoMs: 2 * minute,
    entry: { kind: 'outcome', action: 'new-revision', outcome: 'done', because: 'template-differs' } satisfies Entry,
  },
];
/** An earlier look proved that the DNS zone is linked to nothing. */
const wasUnlinked: readonly Earlier[] = [{ agoMs: 3 * minute, saw: dnsUnlinked }];

/** Everything else that explains a refusal was read, and is right. */
const ruledOut: Partial<Evidence> = { manifest: known({ state: 'exists' }), logs: known([unauthorizedRow]) };

/** Situations in which a rule and the next one would decide differently, by the name of the first. */
const overlaps: Partial<Record<RuleName, DecisionInput>> = {
  // The app was deleted while it was looked at.
  'target-withdrawn': decisionInput({ ...recovered, app: known('gone') }),
  'recovery-proven': decisionInput(recovered, { past: madeDifferently }),
  'revision-differs': decisionInput(crashed, { past: madeDifferently }),
  'not-a-pull': decisionInput(crashed),
  'deployment-rejected': decisionInput({ ...dnsLinked, ...rejected }, { past: wasUnlinked }),
  'partly-recovered': decisionInput({ ...dnsLinked, ...halfReady }, { past: wasUnlinked }),
  'cause-put-right': decisionInput({ ...dnsLinked, logs: known([busyRow]) }, { past: wasUnlinked }),
  'registry-in-trouble': decisionInput({ ...allRight, logs: known([busyRow]), denials: unreadable('timed-out') }),
  'could-not-read': decisionInput({ ...allRight, ...serving, manifest: unreadable('throttled') }),
  'token-may-be-stale': decisionInput({ ...allRight, ...ruledOut }),
  'role-is-missing': decisionInput(roleMissing),
};

const anyEvidence: fc.Arbitrary<Evidence> = fc
  .record({
    base: fc.constantFrom(roleMissing, allRight, allRight, dnsUnlinked, dnsLinked),
    app: fc.constantFrom(
      ...Array.from({ length: 4 }, () => known(app)),
      known({ ...app, provisioningState: 'Failed' as const }),
      known({ ...app, images: ['acrshop.azurecr.io/shop/orders:v2'] }),
      known('gone' as const),
      unreadable<typeof app>('timed-out'),
    ),
    revisions: fc.constantFrom(
      known([revision]),
      running,
      known([{ ...revision, runningState: 'ScaledToZero' }]),
      known([{ ...revision, active: false }]),
      known([]),
      unreadable<(typeof revision)[]>('forbidden'),
    ),
    replicas: fc.constantFrom(
      known([stuckReplica]),
      known([readyReplica]),
      halfReady.replicas,
      pulling.replicas,
      known([]),
    ),
    logs: fc.oneof(
      { weight: 5, arbitrary: fc.subarray([unauthorizedRow, crashRow, busyRow, pulledRow]).map((rows) => known(rows)) },
      { weight: 1, arbitrary: fc.constant(unreadable<LogRow[]>('timed-out')) },
    ),
    roles: fc.constantFrom(
      undefined,
      known([]),
      known([assignment(minute)]),
      known([assignment(30 * day)]),
      known([assignment(minute, { principalId: group })]),
      known([assignment(30 * day, { principalId: group })]),
    ),
    manifest: fc.constantFrom(
      known({ state: 'exists' as const }),
      known({ state: 'missing' as const, what: 'tag' as const, tags: [] }),
      unreadable<{ state: 'exists' }>('throttled'),
    ),
  })
  .map(({ base, roles = base.roles ?? known([]), ...facts }) => {
    const { replicas = known([]), ...others } = facts;
    return { ...base, ...others, replicas, roles };
  });

const anyPast = fc.constantFrom<(readonly Earlier[])[]>(
  [],
  [],
  madeDifferently,
  wasUnlinked,
  [{ agoMs: 3 * minute, saw: roleMissing }],
  [{ agoMs: 3 * minute, saw: crashed }],
  [{ agoMs: 3 * minute, saw: { ...dnsUnlinked, ...rejected } }],
);

/** Any evidence after some pasts. What it is made of is small, so that every rule decides some of them. */
const anySituation = fc
  .record({ evidence: anyEvidence, past: anyPast, openedAgoMs: fc.constantFrom(4, 12, 40) })
  .map(({ evidence, past, openedAgoMs }) => decisionInput(evidence, { past, openedAgoMs: openedAgoMs * minute }));

const pairs = rules.slice(0, -1).map((rule, at) => ({ at, rule, next: rules[at + 1] ?? rule }));

function swapped(at: number): readonly Rule[] {
  return rules.map((rule, index) => (index === at ? rules[at + 1] : index === at + 1 ? rules[at] : rule) ?? rule);
}

describe('the order of two neighbouring rules', () => {
  it.each(pairs.filter(({ rule }) => rule.excludesNext !== true).map((pair) => [pair.rule.name, pair.next.name, pair]))(
    'matters: %s comes before %s',
    (name, next, { at }) => {
      const input = overlaps[name];
      if (input === undefined) throw new Error(`Nothing shows that ${name} has to come before ${next}.`);
      const decided = decideBy(rules, input);
      const otherwise = decideBy(swapped(at), input);

      expect([decided.rule, otherwise.rule]).toEqual([name, next]);
      expect(otherwise.decision).not.toEqual(decided.decision);
    },
  );

  const excluding = pairs.filter(({ rule }) => rule.excludesNext === true);

  it.each(excluding.map((pair) => [pair.rule.name, pair.next.name, pair]))(
    'does not matter: %s and %s never answer at once',
    (_, __, { rule, next }) => {
      fc.assert(
        fc.property(anySituation, (input) => rule.decide(input) === undefined || next.decide(input) === undefined),
        { numRuns: 2000 },
      );
    },
  );

  it('is no empty statement: each rule decides somewhere among these situations', () => {
    const decided = new Set(
      fc.sample(anySituation, { numRuns: 6000, seed: 7 }).map((input) => decideBy(rules, input).rule),
    );

    expect([...decided].toSorted()).toEqual(ruleNames.toSorted());
  });
});

describe('a rule', () => {
  it('has a name that is stored and a sentence that is shown, and no other has them', () => {
    expect(rules.map(({ name }) => name)).toEqual(ruleNames);
    expect(new Set(rules.map(({ because }) => because)).size).toBe(rules.length);
    for (const { name, because } of rules)
      expect([sentenceOfRule(name), because]).toEqual([because, expect.stringMatching(/^[A-Z].+\.$/)]);
  });

  it('that this version does not know has no sentence', () => {
    expect(sentenceOfRule('of-a-newer-version')).toBeUndefined();
  });
});

describe('without any rule that answers', () => {
  it('a person is asked', () => {
    expect(decideBy([], decisionInput(roleMissing))).toMatchObject({
      rule: 'ask-a-person',
      decision: { do: 'incident' },
    });
  });
});

describe('the rule that decided', () => {
  async function granted(): Promise<NonNullable<Awaited<ReturnType<typeof showRemediation>>>> {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    const [view] = await listRemediations(running.ports);
    const shown = await showRemediation(running.ports, view?.id ?? '');
    if (shown === undefined) throw new Error('Nothing was decided.');
    return shown;
  }

  it('is in the history, in the summary, and on the page with its sentence', async () => {
    const { remediation, entries } = await granted();

    expect(remediation.decision).toEqual({ do: 'grant', because: 'pull-role-missing', rule: 'role-is-missing' });

    expect(entries.flatMap(({ entry }) => (entry.kind === 'decided' ? [entry.rule] : []))[0]).toBe('role-is-missing');
    expect(pageOf(remediation, entries)).toContain(
      'Rule role-is-missing: The role that allows the pull is proved to be missing.',
    );
  });

  it('is left out where an older version wrote the entry', async () => {
    const { remediation, entries } = await granted();
    const older = entries.map((stored) => {
      if (stored.entry.kind !== 'decided') return stored;
      const { rule: _rule, ...entry } = stored.entry;
      return { ...stored, entry };
    });

    expect(pageOf(remediation, older)).not.toContain('Rule ');
    const [now, then] = [entries, older].map((one) => foldTarget(targetId, one).remediations[0]?.decision);
    const { rule, ...others } = now ?? {};
    expect([rule, then]).toEqual(['role-is-missing', others]);
  });

  it('is named without a sentence where a newer version wrote the entry', async () => {
    const { remediation, entries } = await granted();
    const newer = entries.map((stored) =>
      stored.entry.kind === 'decided'
        ? { ...stored, entry: { ...stored.entry, rule: 'of-a-newer-version' as RuleName } }
        : stored,
    );

    expect(pageOf(remediation, newer)).toContain('Rule of-a-newer-version: not known here.');
  });
});
