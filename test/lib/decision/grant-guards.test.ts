// All guards of a grant together, and which doubts a person may overrule.
import { describe, expect, it } from 'vitest';
import { isApprovable } from '../../../src/lib/decision/grant-guards.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { codeOf, guardNames, type Refusal, reasons } from '../../../src/lib/history/refusals.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { config, dnsUnlinked, identityId, registry, roleMissing } from '../facts.ts';
import { grant, grantRefused, optedInFor, type Told } from './told.ts';

const unclear: Evidence = { ...dnsUnlinked, roles: known([]), zones: unreadable('forbidden') };

describe('a grant', () => {
  it('is made when every guard lets it pass', () => {
    expect(grantRefused({})).toEqual([]);
  });

  it.each<[string, Told, string]>([
    [
      'on a registry that is not opted in',
      { config: config({ PULLMEDIC_REGISTRIES: '[]' }) },
      'registry-not-opted-in: not-configured',
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
    ['while the network blocks the pull', { evidence: { ...dnsUnlinked, roles: known([]) } }, 'network: blocks'],
    ['while it cannot be told whether the network allows the pull', { evidence: unclear }, 'network: cannot-tell'],
    [
      'while a network security perimeter decides who gets into the registry',
      { evidence: { ...roleMissing, registry: known({ ...registry, publicAccess: 'perimeter' }) } },
      'network: cannot-tell',
    ],
    [
      'while deny assignments cannot be read',
      { evidence: { ...roleMissing, denials: unreadable('forbidden') } },
      'deny-assignment: unreadable',
    ],
  ])('is refused %s', (_, told, refusal) => {
    expect(grantRefused(told)).toContain(refusal);
  });

  it('is refused for any role but the pull role of the registry’s mode', () => {
    expect(grantRefused({}, { ...grant, roleId: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' })).toContain(
      'not-the-declared-identity: wrong-role',
    );
  });

  it('may be made where the network cannot be told if the registry’s owner said so', () => {
    expect(grantRefused({ evidence: unclear, ...optedInFor([identityId], { grantWhenNetworkUnknown: true }) })).toEqual(
      [],
    );
  });

  it('that is told all its reasons, not only the first', () => {
    expect(grantRefused({ killSwitch: known(true), evidence: unclear })).toEqual([
      'kill-switch: on',
      'network: cannot-tell',
    ]);
  });
});

describe('a doubt that a person may overrule', () => {
  const all = guardNames.flatMap((guard) => reasons[guard].map((why) => ({ guard, why }) as Refusal));

  it.each([
    'kill-switch',
    'scope',
    'registry-not-opted-in',
    'registry-denies',
    'consumer-not-listed',
    'another-tenant',
    'did-not-last',
    'hourly-limit',
    'breaker',
    'recurrence-limit',
    'evidence-too-old',
  ] as const)('is none of %s', (guard) => {
    expect(all.filter((refusal) => refusal.guard === guard && isApprovable(refusal))).toEqual([]);
  });

  it('is one of these and no other: of each guard only what a person can know better', () => {
    const overruled = all.filter((refusal) => isApprovable(refusal));
    const others = all.filter((refusal) => !overruled.includes(refusal));

    expect(new Set(others.map(isApprovable))).toEqual(new Set([false]));
    expect(overruled.map(codeOf)).toEqual([
      'mode: approval-needed',
      'refused-before: rejected',
      'refused-before: unanswered',
      'cause-not-proved: suspected',
      'not-the-declared-identity: existence-unreadable',
      'identity-shared: cannot-complete',
      'identity-shared: federated',
      'identity-shared: unreadable',
      ...reasons['role-removed'].map((why) => `role-removed: ${why}`),
      'deny-assignment: cannot-tell',
      'deny-assignment: unreadable',
      'network: cannot-tell',
      'failed-before: throttled',
      'slow-start: reached',
    ]);
  });

  it('is what a person can know better: a removal, an unclear network, who else holds the identity', () => {
    expect(isApprovable({ guard: 'role-removed', why: 'taken-away' })).toBe(true);
    expect(isApprovable({ guard: 'network', why: 'cannot-tell' })).toBe(true);
    expect(isApprovable({ guard: 'identity-shared', why: 'cannot-complete' })).toBe(true);
  });

  it('is not what is proved: a network that blocks, a denial that applies, an identity that more apps hold', () => {
    expect(isApprovable({ guard: 'network', why: 'blocks' })).toBe(false);
    expect(isApprovable({ guard: 'deny-assignment', why: 'applies' })).toBe(false);
    expect(isApprovable({ guard: 'identity-shared', why: 'too-many' })).toBe(false);
    expect(isApprovable({ guard: 'mode', why: 'observe' })).toBe(false);
  });
});
