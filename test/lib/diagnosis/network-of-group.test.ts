// The way of a container group into a registry that lets in only some: trusted services and an identity, never an address.
import { describe, expect, it } from 'vitest';
import { networkOfGroup } from '../../../src/lib/diagnosis/network-of-group.ts';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { RegistryFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { groupFacts, groupTarget, nowMs, registry } from '../facts.ts';

const restricted: RegistryFacts = { ...registry, publicAccess: 'closed', trustedServices: true };
const listed: RegistryFacts = { ...registry, defaultAction: 'deny', ipRules: ['20.1.2.0/24'], trustedServices: true };
const byPassword: AppFacts = { ...groupFacts, registries: [{ server: 'acrshop.azurecr.io', username: 'acrshop' }] };
const withoutEntry: AppFacts = { ...groupFacts, registries: [] };
const neverCreated: AppFacts = { ...withoutEntry, group: { life: 'never-created' } };

function evidence(facts: RegistryFacts, app: AppFacts = groupFacts): Evidence {
  return { atMs: nowMs, app: known(app), registry: known(facts) };
}

function verdict(of: Evidence, refusedIp?: string): string {
  const found = networkOfGroup(groupTarget, of, refusedIp);
  switch (found.answer) {
    case 'allows':
      return `allows: ${found.why}`;
    case 'blocks':
      return `blocks: ${found.cause}, needs ${found.detail['needs']}`;
    case 'cannot-tell':
      return `cannot tell: ${found.why}`;
  }
}

describe('a registry and a container group', () => {
  it.each<[string, Evidence, string]>([
    ['open to all', evidence(registry), 'allows: public'],
    ['closed, and trusted services pass', evidence(restricted), 'allows: trusted-service'],
    ['of listed addresses, and trusted services pass', evidence(listed), 'allows: trusted-service'],
    [
      'closed to trusted services too',
      evidence({ ...restricted, trustedServices: false }),
      'blocks: registry-firewall, needs trusted-services',
    ],
    [
      'closed, and a user name and password pull',
      evidence(restricted, byPassword),
      'blocks: registry-firewall, needs identity',
    ],
    ['closed, and nothing signs in', evidence(restricted, withoutEntry), 'blocks: registry-firewall, needs identity'],
    [
      'of no address at all, and a password pulls',
      evidence({ ...listed, ipRules: [] }, byPassword),
      'blocks: registry-firewall, needs identity',
    ],
    [
      'of listed addresses, and a password pulls: no rule lets a group in that lasts',
      evidence(listed, byPassword),
      'blocks: registry-firewall, needs identity',
    ],
    [
      'closed, and the group was never created',
      evidence(restricted, neverCreated),
      'cannot tell: pull-identity-unknown',
    ],
    [
      'closed, and ARM does not say who passes',
      evidence({ ...registry, publicAccess: 'closed' }),
      'cannot tell: trusted-services-unknown',
    ],
    ['of a perimeter', evidence({ ...restricted, publicAccess: 'perimeter' }), 'cannot tell: network-perimeter'],
    [
      'of a new kind of access',
      evidence({ ...restricted, publicAccess: 'unknown' }),
      'cannot tell: public-access-unknown',
    ],
    [
      'that was not read',
      { ...evidence(restricted), registry: unreadable('forbidden') },
      'cannot tell: registry-unreadable',
    ],
  ])('%s', (_, of, expected) => {
    expect(verdict(of)).toBe(expected);
  });

  it('that refused an address says which', () => {
    expect(networkOfGroup(groupTarget, evidence(listed, byPassword), '20.9.9.9')).toMatchObject({
      detail: { needs: 'identity', ip: '20.9.9.9' },
    });
  });
});
