import { describe, expect, it } from 'vitest';
import { grantRefusals } from '../../../src/lib/decision/grant-guards.ts';
import type { Question } from '../../../src/lib/decision/question.ts';
import { restartRefusals } from '../../../src/lib/decision/retry-guards.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import { type GuardName } from '../../../src/lib/history/refusals.ts';
import { parsePrincipalId } from '../../../src/lib/words/arm-id.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  config,
  dnsUnlinked,
  identityId,
  minute,
  nowMs,
  principal,
  readyReplica,
  registry,
  registryId,
  revision,
  roleMissing,
  stuckReplica,
  target,
  unauthorized,
} from '../facts.ts';
import { question, type Story } from '../situations.ts';

const grant: Grant = { registryId, principalId: principal, roleId: acrPull };
const day = 24 * 60 * minute;

/** What Azure shows, what happened before, and how the deployment stands. */
type Told = Story & { readonly evidence?: Evidence };

function asked({ evidence = roleMissing, ...story }: Told): Question {
  return question(evidence, story);
}

function refused(more: Told, change: Grant = grant): string[] {
  return grantRefusals(asked(more), change).map(({ guard, why }) => `${guard}: ${why}`);
}

function granted(atMs: number, outcome: 'done' | 'unknown' | 'failed', because = 'x'): Entry[] {
  const decided: Entry = {
    kind: 'decided',
    decision: { do: 'grant', grant, because: 'pull-role-missing' },
    dueAtMs: atMs,
    refusals: [],
  };
  return [decided, { kind: 'outcome', action: 'grant', outcome, because }];
}

describe('a grant', () => {
  it('is made when every guard lets it pass', () => {
    expect(refused({})).toEqual([]);
  });

  const registries = (consumers: string[], more: object = {}): Record<string, string> => ({
    PULLMEDIC_REGISTRIES: JSON.stringify([{ id: registryId, consumers, ...more }]),
  });

  it.each<[string, Told, string]>([
    ['in observe mode', { config: config({ PULLMEDIC_MODE: 'observe' }) }, 'mode: observe'],
    ['in approve mode without an approval', { config: config({ PULLMEDIC_MODE: 'approve' }) }, 'mode: approval-needed'],
    ['while the kill switch is on', { killSwitch: known(true) }, 'kill-switch: on'],
    ['while the kill switch cannot be read', { killSwitch: unreadable('unavailable') }, 'kill-switch: unreadable'],
    [
      'for an app outside of the configured scope',
      {
        config: config({
          PULLMEDIC_SCOPES: JSON.stringify([`${registryId.split('/resourcegroups')[0]}/resourceGroups/rg-ap`]),
        }),
      },
      'scope: outside',
    ],
    [
      'on a registry that nobody opted in',
      { config: config({ PULLMEDIC_REGISTRIES: '[]' }) },
      'registry-not-opted-in: not-configured',
    ],
    ['on a registry without consumers', { config: config(registries([])) }, 'consumer-not-listed: nobody-is'],
    [
      'for an app that is no listed consumer',
      { config: config(registries(['/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-other'])) },
      'consumer-not-listed: not-this-app',
    ],
    [
      'on a registry that carries the tag pullmedic=deny',
      { evidence: { ...roleMissing, registry: known({ ...registry, denied: true }) } },
      'registry-denies: tag',
    ],
    [
      'on a registry that could not be read',
      { evidence: { ...roleMissing, registry: unreadable('forbidden') } },
      'registry-denies: unreadable',
    ],
    [
      'when the app declares no identity for the registry',
      { evidence: { ...roleMissing, app: known({ ...app, registries: [] }) } },
      'not-the-declared-identity: not-configured',
    ],
    [
      'when the role was taken away',
      { diagnosis: diagnose({ target, evidence: roleMissing, suspicions: [unauthorized], pulledBefore: true }) },
      'role-removed: taken-away',
    ],
    ['while the network blocks the pull', { evidence: { ...dnsUnlinked, roles: known([]) } }, 'network: blocks'],
    [
      'while nobody can tell whether the network allows the pull',
      { evidence: { ...dnsUnlinked, roles: known([]), zones: unreadable('forbidden') } },
      'network: cannot-tell',
    ],
    [
      'while a network security perimeter decides who gets into the registry',
      { evidence: { ...roleMissing, registry: known({ ...registry, publicAccess: 'perimeter' }) } },
      'network: cannot-tell',
    ],
    [
      'on evidence that is too old',
      { evidence: { ...roleMissing, atMs: nowMs - 4 * minute } },
      'evidence-too-old: minutes',
    ],
    ['when the same grant was made before', { past: granted(nowMs, 'done') }, 'did-not-last: granted-before'],
    ['when the grant failed before', { past: granted(nowMs, 'failed', 'refused') }, 'failed-before: refused'],
    ['beyond the daily limit of the target', { past: granted(nowMs, 'unknown') }, 'target-limit: grants-per-day'],
    [
      'when the limits of the deployment cannot be read',
      { ledger: unreadable('unavailable') },
      'hourly-limit: unreadable',
    ],
    [
      'beyond the hourly limit of the deployment',
      { ledger: known(Array.from({ length: 10 }, () => ({ remediation: 'r', atMs: nowMs - minute, proven: true }))) },
      'hourly-limit: reached',
    ],
    [
      'after three grants that helped nobody',
      {
        ledger: known(
          Array.from({ length: 3 }, () => ({ remediation: 'r', atMs: nowMs - 45 * minute, proven: false })),
        ),
      },
      'breaker: unproven-grants',
    ],
  ])('is refused %s', (_, more, refusal) => {
    expect(refused(more)).toContain(refusal);
  });

  describe('after grants that did not help', () => {
    const unproven = (...agesInMinutes: number[]): Told => ({
      ledger: known(
        agesInMinutes.map((age, at) => ({ remediation: `t.${at}`, atMs: nowMs - age * minute, proven: false })),
      ),
    });

    it('the breaker opens, and lets one through after an hour to see whether they help again', () => {
      expect(refused(unproven(100, 80, 45))).toEqual(['breaker: unproven-grants']);
      expect(refused(unproven(130, 100, 61))).toEqual([]);
    });

    it('no other one follows while nobody knows whether that one helped', () => {
      expect(refused(unproven(180, 160, 120, 5))).toEqual(['breaker: probe-pending']);
      expect(refused(unproven(180, 160, 120, 40))).toEqual(['breaker: unproven-grants']);
    });

    it('one that helped closes it', () => {
      const helped = { remediation: 't.9', atMs: nowMs - 70 * minute, proven: true };
      const before = unproven(180, 160, 120).ledger;

      expect(refused({ ledger: before?.read ? known([...before.value, helped]) : known([]) })).toEqual([]);
    });
  });

  it('is refused for a principal that the app does not declare', () => {
    const other = parsePrincipalId('c0000000-0000-4000-8000-00000000000c');

    const refusals = refused({}, { ...grant, principalId: other ?? principal });

    expect(refusals).toEqual(['not-the-declared-identity: another-principal']);
  });

  it('is refused for any role but the pull role of the registry’s mode', () => {
    expect(refused({}, { ...grant, roleId: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' })).toContain(
      'not-the-declared-identity: wrong-role',
    );
  });

  it('is refused after three recoveries that did not last a week', () => {
    const once: Entry[] = [
      {
        kind: 'decided',
        decision: { do: 'restart', revision: 'r', because: 'cause-is-gone' },
        dueAtMs: nowMs,
        refusals: [],
      },
      { kind: 'outcome', action: 'restart', outcome: 'done' },
      { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' },
    ];
    const opened: Entry = {
      kind: 'opened',
      target,
      signal: { id: 's', via: 'operator', about: { kind: 'app', id: target.appId }, atMs: nowMs },
      mode: 'act',
    };
    const past = [...once, opened, ...once, opened, ...once, opened];

    expect(refused({ past })).toContain('recurrence-limit: came-back');
  });

  it('may be made where the network cannot be told if the registry’s owner said so', () => {
    const evidence: Evidence = { ...dnsUnlinked, roles: known([]), zones: unreadable('forbidden') };
    const consumers = [identityId];

    expect(refused({ evidence, config: config(registries(consumers, { grantWhenNetworkUnknown: true })) })).toEqual([]);
  });

  it('is allowed to a consumer that is listed by its identity', () => {
    expect(refused({ config: config(registries([identityId])) })).toEqual([]);
  });
});

describe('a restart', () => {
  function restartRefused(more: Told): string[] {
    return restartRefusals(asked(more), revision).map(({ guard, why }) => `${guard}: ${why}`);
  }

  function restarted(): Entry[] {
    const decided: Entry = {
      kind: 'decided',
      decision: { do: 'restart', revision: revision.name, because: 'cause-is-gone' },
      dueAtMs: nowMs,
      refusals: [],
    };
    return [decided, { kind: 'outcome', action: 'restart', outcome: 'done' }];
  }

  /** So many revisions of the same image that are newer than the one to restart. */
  function newer(count: number): (typeof revision)[] {
    return Array.from({ length: count }, (_, at) => ({
      ...revision,
      name: `newer-${at}`,
      createdAtMs: revision.createdAtMs + 1 + at,
    }));
  }

  it('is made when every guard lets it pass', () => {
    expect(restartRefused({})).toEqual([]);
  });

  it('is made of the third newest revision, whose replicas are read', () => {
    expect(restartRefused({ evidence: { ...roleMissing, revisions: known([revision, ...newer(2)]) } })).toEqual([]);
  });

  it.each<[string, Told, `${GuardName}: ${string}`]>([
    ['in observe mode', { config: config({ PULLMEDIC_MODE: 'observe' }) }, 'mode: observe'],
    ['while the kill switch is on', { killSwitch: known(true) }, 'kill-switch: on'],
    [
      'of a revision with a replica that serves',
      { evidence: { ...roleMissing, replicas: known([readyReplica]) } },
      'healthy-replicas: serving',
    ],
    [
      'when the replicas cannot be read',
      { evidence: { ...roleMissing, replicas: unreadable('timed-out') } },
      'healthy-replicas: unreadable',
    ],
    [
      'of a revision with one replica that serves among others',
      { evidence: { ...roleMissing, replicas: known([stuckReplica, readyReplica, stuckReplica]) } },
      'healthy-replicas: serving',
    ],
    [
      'of the fourth newest revision, whose replicas are not read',
      { evidence: { ...roleMissing, revisions: known([revision, ...newer(3)]) } },
      'healthy-replicas: unreadable',
    ],
    [
      'a second time within a day',
      {
        past: restarted(),
        openedAgoMs: day / 2,
        nowMs: nowMs + day / 2,
        evidence: { ...roleMissing, atMs: nowMs + day / 2 },
      },
      'restart-limit: revision',
    ],
  ])('is refused %s', (_, more, refusal) => {
    expect(restartRefused(more)).toContain(refusal);
  });
});
