import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../src/cli/verdict.ts';
import { diagnose } from '../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../src/lib/words/fact.ts';
import { assignment, minute, roleMissing, target } from '../lib/facts.ts';

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
