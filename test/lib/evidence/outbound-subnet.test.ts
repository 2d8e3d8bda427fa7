// An app in an Express environment may leave by a subnet of its own: then that one is judged, and what contradicts itself is not.
import { describe, expect, it } from 'vitest';
import { grantRefusals } from '../../../src/lib/decision/grant-guards.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { networkVerdict } from '../../../src/lib/diagnosis/network.ts';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence, Probe } from '../../../src/lib/evidence/evidence.ts';
import { outboundSubnet, outboundVnet } from '../../../src/lib/evidence/evidence.ts';
import { nextProbes } from '../../../src/lib/look/probes.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  arm,
  dnsUnlinked,
  environmentId,
  principal,
  registryId,
  roleMissing,
  target,
  unauthorized,
  vnetId,
} from '../facts.ts';
import { decisionInput } from '../situations.ts';

const subnet = arm(`${vnetId}/subnets/snet-apps`);
const other = arm(`${vnetId}/subnets/snet-other`);
const express = known({ id: environmentId, logs: { kind: 'workspace', workspaceId: 'w' } } as const);

function leavingBy(own: AppFacts['subnet'], evidence: Evidence = dnsUnlinked): Evidence {
  return { ...evidence, app: known({ ...app, ...(own === undefined ? {} : { subnet: own }) }), environment: express };
}

describe('the subnet that an app leaves by', () => {
  it.each<[string, Evidence, ReturnType<typeof outboundSubnet>]>([
    ['its own', leavingBy(subnet), subnet],
    ["the environment's", dnsUnlinked, subnet],
    ['none', leavingBy(undefined), undefined],
    [
      "its own beside the environment's, which cannot be",
      { ...dnsUnlinked, app: known({ ...app, subnet: other }) },
      'cannot-tell',
    ],
    ['the same one twice', { ...dnsUnlinked, app: known({ ...app, subnet }) }, subnet],
    ['something that is no subnet', leavingBy('unreadable'), 'cannot-tell'],
    ['nobody knows which, without the app', { ...leavingBy(undefined), app: unreadable('forbidden') }, 'cannot-tell'],
    ["the environment's, which is known without the app", { ...dnsUnlinked, app: unreadable('forbidden') }, subnet],
  ])('is %s', (_, evidence, expected) => {
    expect(outboundSubnet(evidence)).toBe(expected);
    expect(outboundVnet(evidence)).toBe(expected === subnet ? vnetId : undefined);
  });
});

describe('the network of an app with a subnet of its own', () => {
  it.each<[string, Evidence]>([
    ['where the environment cannot be read', { ...leavingBy(subnet), environment: unreadable('throttled') }],
    ['where nobody knows which subnet that is', leavingBy('unreadable')],
  ])('is not asked about %s', (_, evidence) => {
    const { vnet: _vnet, zones: _zones, endpoints: _endpoints, subnet: _subnet, ...first } = evidence;

    const network = new Set<Probe>(['vnet', 'zones', 'endpoints', 'subnet']);
    expect(nextProbes(target, first).filter((probe) => network.has(probe))).toEqual([]);
  });

  it('is followed through that subnet', () => {
    const { vnet: _vnet, zones: _zones, endpoints: _endpoints, ...first } = leavingBy(subnet);

    expect(nextProbes(target, first)).toEqual(expect.arrayContaining(['vnet', 'zones', 'endpoints']));
    expect(networkVerdict(leavingBy(subnet))).toMatchObject({ answer: 'blocks', cause: 'private-dns-unlinked' });
  });

  it('has no private path where the app has none', () => {
    expect(networkVerdict(leavingBy(undefined))).toMatchObject({ answer: 'blocks', cause: 'no-private-path' });
  });

  it.each([dnsUnlinked, roleMissing])(
    'cannot be told where the subnet cannot be read, and nothing is granted',
    (evidence) => {
      const unclear = leavingBy('unreadable', { ...evidence, roles: known([]) });
      const diagnosis = diagnose({ target, evidence: unclear, suspicions: [unauthorized], pulledBefore: false });
      const grant = { registryId, principalId: principal, roleId: acrPull };

      expect(networkVerdict(unclear)).toMatchObject({ answer: 'cannot-tell', why: 'subnet-unknown' });
      expect(nextProbes(target, unclear)).not.toContain('subnet');
      expect(grantRefusals(decisionInput(unclear, { diagnosis }), grant)).toContainEqual({
        guard: 'network',
        why: 'cannot-tell',
      });
    },
  );

  it('is named in the incident', () => {
    const evidence = leavingBy(subnet);
    const diagnosis = diagnose({ target, evidence, suspicions: [unauthorized], pulledBefore: false });
    const { commands } = runbookFor({ target, evidence, diagnosis, cause: 'private-dns-unlinked' });

    expect(commands.map(({ text }) => text).join('\n')).toContain('vnet-shop');
  });
});
