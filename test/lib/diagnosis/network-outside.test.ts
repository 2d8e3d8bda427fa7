// The way to a registry outside of Azure: what the subnet surely stops is proved, name servers and appliances are suspected, and the name of
// a private registry can lead where no rule for the Internet matters.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import {
  isOutside,
  isUnseen,
  networkOutside,
  networkUnseen,
  probesOutside,
} from '../../../src/lib/diagnosis/network-outside.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Route, SecurityRule } from '../../../src/lib/evidence/network-facts.ts';
import { nextProbes } from '../../../src/lib/look/probes.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { app, appId, nowMs, revision, roleMissing } from '../facts.ts';
import { denyAll, inVnet, route, rule, subnet, toAppliance, vnet } from './network-cases.ts';

const hub = targetOf(appId, 'docker.io/contoso/orders:v1');
const own = targetOf(appId, 'harbor.contoso.example/orders:v1');
const microsoft = targetOf(appId, 'mcr.microsoft.com/dotnet/runtime:9.0');

function world(rules: readonly SecurityRule[] = [], routes?: readonly Route[], more: Partial<Evidence> = {}): Evidence {
  return { atMs: nowMs, app: known(app), environment: inVnet, ...vnet(), ...subnet(rules, routes), ...more };
}

function answer(target: typeof hub, evidence: Evidence): string {
  const verdict = networkOutside(target, evidence);
  return verdict.answer === 'blocks' ? verdict.cause : `${verdict.answer}: ${verdict.why}`;
}

function diagnosed(target: typeof hub, evidence: Evidence, text = '') {
  const row = { atMs: nowMs, revision: revision.name, replica: '', reason: 'ContainerTerminated', severity: '', text };
  const mine = known({ ...app, images: [target.image], registries: [] });
  const revisions = known([{ ...revision, images: [target.image] }]);
  const all: Evidence = { ...evidence, app: mine, revisions, logs: known(text === '' ? [] : [row]) };
  const suspicions = text === '' ? [] : [classify(text)];
  return diagnose({ target, evidence: all, suspicions, pulledBefore: false });
}

describe('a subnet', () => {
  const tags = (...names: string[]) => names.map((name, index) => rule(200 + index, 'allow', name));
  const usual = tags('AzureContainerRegistry', 'AzureActiveDirectory', 'MicrosoftContainerRegistry', 'AzureMonitor');

  it.each<[string, readonly SecurityRule[], string, string, string]>([
    ['without rules', [], 'allows: public', 'allows: public', 'allows: public'],
    ['that denies the Internet', [denyAll], 'egress-blocked', 'cannot-tell: security-rules-unclear', 'egress-blocked'],
    ['that denies everything', [rule(4000, 'deny', '*')], 'egress-blocked', 'egress-blocked', 'egress-blocked'],
    [
      'that lets out what the platform needs, and denies the rest',
      [
        ...usual,
        ...tags('AzureFrontDoor.FirstParty').map((one) => ({ ...one, priority: 300 })),
        rule(4000, 'deny', '*'),
      ],
      'egress-blocked',
      'egress-blocked',
      'allows: public',
    ],
    [
      'that lets some addresses out, and denies the rest',
      [rule(300, 'allow', '52.1.2.0/24'), rule(4000, 'deny', '*')],
      'cannot-tell: security-rules-unclear',
      'cannot-tell: security-rules-unclear',
      'cannot-tell: security-rules-unclear',
    ],
    [
      'that lets private addresses out, and denies the rest',
      [rule(300, 'allow', '10.0.0.0/8'), rule(4000, 'deny', '*')],
      'egress-blocked',
      'cannot-tell: security-rules-unclear',
      'egress-blocked',
    ],
    [
      'that lets its network out, and denies the rest',
      [rule(300, 'allow', 'VirtualNetwork'), rule(4000, 'deny', '*')],
      'egress-blocked',
      'cannot-tell: security-rules-unclear',
      'egress-blocked',
    ],
    ['that denies another service', [rule(300, 'deny', 'Sql')], 'allows: public', 'allows: public', 'allows: public'],
    [
      'that denies a service that hosts registries',
      [rule(300, 'deny', 'AppService')],
      'allows: public',
      'cannot-tell: security-rules-unclear',
      'allows: public',
    ],
  ])('%s', (_, rules, ofHub, ofOwn, ofMicrosoft) => {
    const evidence = world(rules);

    expect([hub, own, microsoft].map((target) => answer(target, evidence))).toEqual([ofHub, ofOwn, ofMicrosoft]);
  });

  it.each<[string, Route, string, string]>([
    ['nowhere', route('0.0.0.0/0', 'none'), 'egress-blocked', 'cannot-tell: routes-unclear'],
    ['to an appliance', toAppliance, 'cannot-tell: routed-to-appliance', 'cannot-tell: routed-to-appliance'],
    ['to the Internet', route('0.0.0.0/0', 'internet'), 'allows: public', 'allows: public'],
  ])('that leads everything %s', (_, one, ofHub, ofOwn) => {
    expect(answer(hub, world([], [one]))).toBe(ofHub);
    expect(answer(own, world([], [one]))).toBe(ofOwn);
  });

  it('that cannot be read, or is not known, says nothing; an environment without one lets everything out', () => {
    expect(answer(hub, world([], undefined, { subnet: unreadable('forbidden') }))).toBe(
      'cannot-tell: subnet-unreadable',
    );
    expect(answer(hub, world([], undefined, { environment: unreadable('throttled') }))).toBe(
      'cannot-tell: environment-unreadable',
    );
    const outside = roleMissing.environment ?? unreadable('not-asked');
    expect(answer(hub, world([denyAll], undefined, { environment: outside }))).toBe('allows: public');
  });

  it('never blocks a registry that a private network can answer for, unless it denies its own network too', () => {
    const destination = fc.constantFrom('Internet', 'AzureCloud', '10.0.0.0/8', '8.8.8.8', 'Storage');
    fc.assert(
      fc.property(fc.array(destination, { maxLength: 5 }), (denied) => {
        const rules = denied.map((one, index) => rule(200 + index, 'deny', one));

        return networkOutside(own, world(rules)).answer !== 'blocks';
      }),
    );
  });
});

describe('name servers of the network', () => {
  const servers = vnet({ dnsServers: ['10.1.0.4'] });

  it('are a doubt, and a subnet that blocks is more than a doubt', () => {
    expect(answer(hub, world([], undefined, servers))).toBe('cannot-tell: custom-dns');
    expect(answer(hub, world([denyAll], undefined, servers))).toBe('egress-blocked');
    expect(answer(hub, world([], undefined, vnet({ dnsServers: ['168.63.129.16'] })))).toBe('allows: public');
    expect(answer(hub, world([], undefined, { vnet: unreadable('forbidden') }))).toBe('cannot-tell: vnet-unreadable');
  });

  it('alone explain no failure of another kind', () => {
    const limited = 'Image pull for docker.io/contoso/orders:v1 failed due to registry rate limiting (HTTP 429).';

    expect(diagnosed(hub, world([], undefined, servers), limited).causes).toEqual(['rate-limited']);
    expect(diagnosed(hub, world([], undefined, servers)).causes).toEqual(['unexplained']);
  });
});

describe('a diagnosis', () => {
  const timedOut =
    'Head "https://registry-1.docker.io/v2/contoso/orders/manifests/v1": dial tcp 1.2.3.4:443: i/o timeout';

  it('is proved where the subnet blocks, whatever the text says or leaves out', () => {
    for (const text of ['', timedOut, 'pull access denied for contoso/orders, repository does not exist'])
      expect(diagnosed(hub, world([denyAll]), text)).toMatchObject({ causes: ['egress-blocked'], sure: 'confirmed' });
  });

  it('suspects an appliance where nothing else explains the failure', () => {
    const routed = world([], [toAppliance]);

    expect(diagnosed(hub, routed)).toMatchObject({ causes: ['egress-blocked'], sure: 'suspected' });
    expect(diagnosed(hub, routed, timedOut)).toMatchObject({ causes: ['egress-blocked'], sure: 'suspected' });
    expect(diagnosed(hub, routed, 'no match for platform in manifest: not found').causes).toEqual([
      'platform-mismatch',
    ]);
  });

  it('shows what the network says', () => {
    const codes = ({ against, for: speaks }: ReturnType<typeof diagnosed>) =>
      [...speaks, ...against].map((one) => one.code);

    expect(codes(diagnosed(hub, world([denyAll])))).toContain('network-blocks');
    expect(codes(diagnosed(hub, world()))).toContain('network-allows');
  });
});

describe('the facts that are asked for', () => {
  const begun: Evidence = { atMs: nowMs, app: known(app), revisions: known([]), environment: inVnet };

  it('are the network and the subnet, for registries outside of Azure', () => {
    expect(probesOutside(hub, begun)).toEqual(['vnet', 'subnet']);
    // The app has an entry for another registry, so the log comes first: it may name that one.
    expect(nextProbes(hub, { ...begun, logs: known([]) })).toEqual(expect.arrayContaining(['vnet', 'subnet']));
    expect(nextProbes(hub, world())).not.toContain('vnet');
  });

  it('are none for a registry of Azure, a name that cannot be parsed, or an environment without a network', () => {
    const alone = { ...begun, environment: roleMissing.environment ?? unreadable('not-asked') };

    expect(probesOutside(targetOf(appId, 'acrshop.azurecr.io/a:1'), begun)).toEqual([]);
    expect(probesOutside(targetOf(appId, '/orders'), begun)).toEqual([]);
    expect(isOutside(targetOf(appId, '/orders'))).toBe(false);
    expect(probesOutside(hub, alone)).toEqual([]);
    expect(probesOutside(hub, { ...begun, environment: unreadable('forbidden') })).toEqual([]);
  });
});

describe('a registry of Azure that no readable subscription has', () => {
  const acr = targetOf(appId, 'acrhub.azurecr.io/shop/web:v1');
  const unseen = { registry: known('not-found' as const) };
  const said = (evidence: Evidence): string => {
    const verdict = networkUnseen(acr, evidence);
    return verdict.answer === 'blocks' ? verdict.cause : `${verdict.answer}: ${verdict.why}`;
  };

  it('gets a look at the network of the app, and only where it is not found', () => {
    expect(probesOutside(acr, world([], undefined, unseen))).toEqual(['vnet', 'subnet']);
    expect(isUnseen(acr, world())).toBe(false);
    expect(isUnseen(acr, world([], undefined, { registry: unreadable('throttled') }))).toBe(false);
    expect(isUnseen(hub, world([], undefined, unseen))).toBe(false);
  });

  it('has the doubts of that network', () => {
    expect(said(world([], undefined, { ...unseen, ...vnet({ dnsServers: ['10.0.0.4'] }) }))).toBe(
      'cannot-tell: custom-dns',
    );
    expect(said(world([], [toAppliance], unseen))).toBe('cannot-tell: routed-to-appliance');
  });

  it('is never said to be reached, and nothing is a proof: a private endpoint may lead there', () => {
    expect(said(world([], undefined, unseen))).toBe('cannot-tell: registry-unreadable');
    expect(said(world([denyAll], undefined, unseen))).toBe('cannot-tell: registry-unreadable');
  });
});
