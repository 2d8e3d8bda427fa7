import { describe, expect, it } from 'vitest';
import { findingTitles, isFailing, verdictOf } from '../../src/cli/verdict.ts';
import { classify } from '../../src/lib/classify/classify.ts';
import { diagnose } from '../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import type { Diagnosis } from '../../src/lib/history/diagnosis.ts';
import { known, unreadable } from '../../src/lib/words/fact.ts';
import { app, assignment, minute, nowMs, readyReplica, revision, roleMissing, target } from '../lib/facts.ts';

const day = 24 * 60 * minute;
const allows: Evidence = {
  ...roleMissing,
  roles: known([assignment(day)]),
  manifest: known({ state: 'exists' }),
};

function verdict(evidence: Evidence) {
  return verdictOf(target, evidence, diagnose({ target, evidence, suspicions: [], pulledBefore: false }), false);
}

describe('would this image pull?', () => {
  it('yes, where role, network and image are there and nothing forbids it', () => {
    expect(verdict(allows)).toEqual({ kind: 'pulls' });
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['deny assignments', { denials: unreadable('forbidden') }, 'whether it is denied the pull'],
    ['the identity', { identity: unreadable('forbidden') }, 'whether the identity still exists'],
    ['the roles', { roles: unreadable('forbidden') }, 'whether the identity may pull'],
    ['the image', { manifest: unreadable('forbidden') }, 'whether the registry has the image'],
  ])('nobody can tell, where %s cannot be read', (_, lost, missing) => {
    expect(verdict({ ...allows, ...lost })).toEqual({ kind: 'cannot-tell', missing: [missing] });
  });

  it.each<[string, Partial<Evidence>]>([
    ['the identity is gone', { identity: known('gone') }],
    ['the role is missing', { roles: known([]) }],
  ])('no, where %s', (_, more) => {
    expect(verdict({ ...allows, ...more })).toEqual({ kind: 'fails', family: 'identity' });
  });
});

describe('the findings below a verdict', () => {
  it('of an app that pulls are not headed as reasons for a failure', () => {
    expect(findingTitles({ kind: 'pulls' })).toEqual({
      for: 'What spoke of a failure',
      against: 'What lets the app pull',
    });
  });

  it('of an app that fails are headed by what they show', () => {
    expect(findingTitles({ kind: 'fails', family: 'identity' }).for).toBe('What shows the cause');
  });
});

describe('an app that serves with a young role', () => {
  const serving: Evidence = {
    ...allows,
    // The replica is older than the role.
    roles: known([assignment(9 * minute)]),
    replicas: known([readyReplica]),
  };
  const row = { revision: '', replica: '', severity: 'Normal', reason: 'PulledImage', text: `Pulled ${target.image}` };
  const pulled = (minutesAgo: number) => known([{ ...row, atMs: nowMs - minutesAgo * minute }]);

  it('pulls, once a row says that the image was pulled with the role', () => {
    expect(verdict({ ...serving, logs: pulled(5) })).toEqual({ kind: 'pulls' });
  });

  it('may only have had the image before, where no row says so', () => {
    const missing = ['whether the young role is in effect yet'];

    expect(verdict({ ...serving, logs: pulled(20) })).toEqual({ kind: 'cannot-tell', missing });
    expect(verdict({ ...serving, logs: known([]) })).toEqual({ kind: 'cannot-tell', missing });
  });

  it('pulls, where the replica is younger than the role', () => {
    expect(verdict({ ...serving, roles: known([assignment(18 * minute)]) })).toEqual({ kind: 'pulls' });
  });

  it('fails while a replica waits', () => {
    expect(verdict({ ...allows, roles: known([assignment(18 * minute)]) })).toEqual({
      kind: 'fails',
      family: 'identity',
    });
  });
});

describe('an app fails', () => {
  const none: Diagnosis = {
    causes: ['unexplained'],
    sure: 'unexplained',
    for: [],
    against: [],
    network: 'allows',
    detail: {},
  };
  const failing = (evidence: Evidence, text: string, diagnosis = none): boolean =>
    isFailing(target, evidence, diagnosis, text === '' ? [] : [classify(text)]);
  const rejected = (text: string): Evidence => ({
    ...roleMissing,
    app: known({ ...app, provisioningState: 'Failed', writeError: { text, atMs: nowMs } }),
    revisions: known([]),
    replicas: known([]),
    logs: known([]),
  });
  const { details: _, ...quiet } = revision;
  const serves: Evidence = { ...roleMissing, revisions: known([quiet]), replicas: known([readyReplica]) };
  const pull = `Failed to pull image "${target.image}": manifest unknown`;
  const policy = "RequestDisallowedByPolicy: Resource 'ca-orders' was disallowed by policy. Policy: require-tags";

  it.each<[string, boolean, boolean]>([
    ['where ARM shows that a pull fails', failing(roleMissing, ''), true],
    ['where Azure rejected the write for its image', failing(rejected(pull), pull), true],
    ['not where Azure rejected the write for something else', failing(rejected(policy), policy), false],
    ['not where it serves, whatever old rows say', failing(serves, pull), false],
    [
      'where it gets no replica',
      failing(rejected('quota'), 'quota', { ...none, causes: ['no-replica-scheduled'] }),
      true,
    ],
    [
      'not with an image that it does not run',
      failing({ ...roleMissing, app: known({ ...app, images: [] }) }, pull),
      false,
    ],
  ])('%s', (_words, seen, expected) => {
    expect(seen).toBe(expected);
  });
});
