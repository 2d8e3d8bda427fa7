// What speaks for the cause and what against it: each finding with the values that the page shows.
import { describe, expect, it } from 'vitest';

import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { RegistryChange } from '../../../src/lib/evidence/registry-facts.ts';
import { type Finding } from '../../../src/lib/history/diagnosis.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  assignment,
  dnsUnlinked,
  endpointId,
  environmentId,
  identityId,
  minute,
  nowMs,
  principal,
  principalId,
  registry,
  registryId,
  roleMissing,
  target,
  unauthorized,
  unauthorizedRow,
  vnetId,
  zoneId,
} from '../facts.ts';
import { diagnosed, labelled, saysUnauthorized } from './diagnosed.ts';

const day = 24 * 60 * minute;
const group = principalId('c0000000-0000-4000-8000-00000000000c');
const stranger = principalId('d0000000-0000-4000-8000-00000000000d');
const declared: Finding = { code: 'identity-declared', detail: { identity: identityId } };
const present: Finding = {
  code: 'role-present',
  detail: { assignment: assignment(day).id, identity: identityId },
};
const open: Finding = { code: 'network-allows', detail: { why: 'public' } };
const unlinked: Finding = {
  code: 'network-blocks',
  detail: { cause: 'private-dns-unlinked', zone: zoneId, vnet: vnetId },
};
const healthy: Evidence = { ...roleMissing, roles: known([assignment(day)]) };

describe('the whole diagnosis', () => {
  it('of a missing role', () => {
    expect(diagnosed(roleMissing)).toStrictEqual({
      causes: ['pull-role-missing'],
      sure: 'confirmed',
      for: [saysUnauthorized, { code: 'role-missing', detail: { identity: identityId } }],
      against: [declared, open],
      network: 'allows',
      detail: {},
    });
  });

  it('of a network that blocks, with what the runbook fills in', () => {
    expect(diagnosed(dnsUnlinked)).toStrictEqual({
      causes: ['private-dns-unlinked'],
      sure: 'confirmed',
      for: [saysUnauthorized, unlinked],
      against: [declared, present],
      network: 'blocks',
      detail: { zone: zoneId, vnet: vnetId },
    });
  });

  it('of a network that cannot be judged', () => {
    const servers = ['10.1.1.1', '10.1.1.2'];
    const evidence = { ...dnsUnlinked, vnet: known({ id: vnetId, dnsServers: servers, peerings: [], gateway: false }) };
    const detail = { vnet: vnetId, servers: '10.1.1.1, 10.1.1.2' };

    expect(diagnosed(evidence)).toStrictEqual({
      causes: ['custom-dns'],
      sure: 'suspected',
      for: [saysUnauthorized],
      against: [declared, present, { code: 'network-cannot-tell', detail: { why: 'custom-dns', ...detail } }],
      network: 'cannot-tell',
      detail,
    });
  });

  it('of a young role, which then speaks for the cause', () => {
    expect(diagnosed({ ...roleMissing, roles: known([assignment(minute)]) })).toStrictEqual({
      causes: ['pull-role-propagating'],
      sure: 'confirmed',
      for: [saysUnauthorized, present],
      against: [declared, open],
      network: 'allows',
      detail: {},
      roleSinceMs: nowMs - minute,
    });
  });

  it('of a young role of a group, for which nobody can wait', () => {
    const held = assignment(day - 1, { principalId: group });

    expect(diagnosed({ ...roleMissing, roles: known([held]) })).toStrictEqual({
      causes: ['pull-role-propagating'],
      sure: 'confirmed',
      for: [saysUnauthorized, { code: 'role-of-group', detail: { assignment: held.id, identity: identityId, group } }],
      against: [declared, open],
      network: 'allows',
      detail: {},
      roleOfGroup: true,
    });
  });

  it('of an old role of a group, which is suspected only where the text says unauthorized', () => {
    const roles = known([assignment(2 * day, { principalId: group })]);

    expect(diagnosed({ ...roleMissing, roles })).toMatchObject({
      causes: ['pull-role-propagating'],
      sure: 'suspected',
      roleOfGroup: true,
    });
    expect(diagnosed({ ...roleMissing, roles }, labelled('unknown-pull-failure')).causes).toStrictEqual([
      'unexplained',
    ]);
    expect(diagnosed({ ...roleMissing, roles }, []).causes).toEqual(['unexplained']);
    expect(diagnosed({ ...roleMissing, roles }, labelled('tls')).for.map(({ code }) => code)).toStrictEqual([
      'log-says',
    ]);
  });

  it('of nothing that explains the failure', () => {
    expect(diagnosed(healthy)).toStrictEqual({
      causes: ['unexplained'],
      sure: 'unexplained',
      for: [saysUnauthorized],
      against: [declared, present, open],
      network: 'allows',
      detail: {},
    });
  });
});

describe('the text', () => {
  it('that could not be read, or that says nothing, is a finding', () => {
    expect(diagnosed({ ...roleMissing, logs: unreadable('throttled') }).for[0]).toEqual({
      code: 'log-unreadable',
      detail: { why: 'throttled' },
    });
    expect(diagnosed(roleMissing, []).for[0]).toEqual({ code: 'log-silent', detail: {} });
  });

  it('that was not asked for yet is not unreadable', () => {
    const { logs: _, ...before } = roleMissing;

    expect(diagnosed(before).for[0]).toEqual(saysUnauthorized);
  });

  it('that names the refused address hands it on', () => {
    const refused = { ...unauthorized, label: 'firewall', refusedIp: '20.1.2.3' } as const;
    const listed = known({ ...registry, defaultAction: 'deny' as const, ipRules: ['20.9.0.0/16'] });

    expect(diagnosed({ ...healthy, registry: listed }, [refused])).toMatchObject({
      causes: ['registry-firewall'],
      sure: 'confirmed',
      detail: { ip: '20.1.2.3', refusedIp: '20.1.2.3' },
    });
    expect(diagnosed({ ...healthy, registry: listed }, [{ ...refused, refusedIp: '20.9.2.3' }])).toMatchObject({
      sure: 'suspected',
      detail: { refusedIp: '20.9.2.3' },
    });
  });
});

describe('a missing role and an address that the registry refused', () => {
  const refused = { ...unauthorized, label: 'firewall', refusedIp: '20.1.2.3' } as const;
  const listed = { ...roleMissing, registry: known({ ...registry, defaultAction: 'deny' as const }) };

  it('are both causes, whichever text came last', () => {
    for (const said of [
      [refused, unauthorized],
      [unauthorized, refused],
    ])
      expect(diagnosed(listed, said)).toMatchObject({
        causes: ['pull-role-missing', 'registry-firewall'],
        sure: 'confirmed',
        detail: { ip: '20.1.2.3' },
      });
  });

  it('are not where the address was refused for a push', () => {
    expect(diagnosed(listed, [{ ...refused, refused: 'push' }, unauthorized]).causes).toEqual(['pull-role-missing']);
  });
});

describe('the role', () => {
  it('that cannot be judged says why, and speaks against any cause', () => {
    expect(diagnosed({ ...roleMissing, roles: unreadable('forbidden') }).against).toContainEqual({
      code: 'role-cannot-tell',
      detail: { why: 'roles-unreadable' },
    });
  });

  it('whose condition names other repositories is the cause, with its assignment', () => {
    const reader = assignment(day, {
      condition:
        "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'})) OR (@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEquals 'shop/other'))",
    });
    const found = diagnosed({ ...roleMissing, roles: known([reader]) });

    expect(found.causes).toEqual(['repository-condition']);
    expect(found.for).toContainEqual({
      code: 'condition-excludes',
      detail: { identity: identityId, assignment: reader.id },
    });
  });

  it('of the app’s system identity is named so', () => {
    const system: Partial<AppFacts> = {
      systemPrincipalId: principal,
      registries: [{ server: target.registry, identity: 'system' }],
    };

    expect(diagnosed({ ...roleMissing, app: known({ ...app, ...system }) }).for).toContainEqual({
      code: 'role-missing',
      detail: { identity: 'system' },
    });
  });

  it('that somebody else holds instead is a hint', () => {
    const elsewhere = known([{ principalId: stranger, scope: registryId, roleId: acrPull }]);
    const withClient = { ...app, userIdentities: [{ id: identityId, principalId: principal, clientId: stranger }] };
    const hint = {
      code: 'role-elsewhere',
      detail: { holder: 'client-id', identity: identityId, principal: stranger, role: acrPull, scope: registryId },
    };

    expect(diagnosed({ ...roleMissing, app: known(withClient), elsewhere }).for).toContainEqual(hint);
    expect(diagnosed({ ...healthy, app: known(withClient), elsewhere }).for).not.toContainEqual(hint);
  });
});

describe('deny assignments', () => {
  it('that were not asked for yet are no finding', () => {
    const { denials: _, ...before } = healthy;

    expect(diagnosed(before).against).toEqual([declared, present, open]);
  });
});

describe('the image', () => {
  const tags = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6'];

  it('that is missing is the cause, with the tags that come nearest', () => {
    const found = diagnosed({ ...healthy, manifest: known({ state: 'missing', what: 'tag', tags }) });

    expect(found.causes).toEqual(['tag-missing']);
    expect(found.for).toContainEqual({ code: 'image-missing', detail: { what: 'tag', tags: 'v1, v2, v3, v4, v5' } });
    expect(found.detail).toEqual({ what: 'tag', tags: 'v1, v2, v3, v4, v5' });
  });

  it('that is missing without any tag near it names none', () => {
    const found = diagnosed({ ...healthy, manifest: known({ state: 'missing', what: 'repository', tags: [] }) });

    expect(found.detail).toEqual({ what: 'repository' });
  });

  it('whose tags could not be listed is missing, and the diagnosis keeps that the repository may be missing too', () => {
    const manifest = known({ state: 'missing', what: 'tag', tags: [], unlisted: true } as const);

    expect(diagnosed({ ...healthy, manifest }).causes).toEqual(['tag-missing']);
    expect(diagnosed({ ...healthy, manifest }).detail).toEqual({ what: 'tag', unlisted: 'yes' });
  });

  it('that exists speaks against the text that says otherwise', () => {
    const found = diagnosed({ ...healthy, manifest: known({ state: 'exists' }) });

    expect(found.against).toContainEqual({ code: 'image-exists', detail: {} });
    expect(found.detail).toEqual({});
  });

  it('of a write that was rejected is nobody’s to pull', () => {
    const evidence = { ...roleMissing, app: known({ ...app, provisioningState: 'Failed' }), revisions: known([]) };

    expect(diagnosed(evidence).for).toContainEqual({ code: 'write-rejected', detail: {} });
    expect(diagnosed(roleMissing).for.map(({ code }) => code)).not.toContain('write-rejected');
  });
});

describe('a write that was rejected', () => {
  const saying = (text: string, more: Partial<Evidence> = {}): Evidence => ({
    ...roleMissing,
    app: known({ ...app, provisioningState: 'Failed', writeError: { text, atMs: nowMs } }),
    revisions: known([]),
    ...more,
  });
  const words = (evidence: Evidence): (string | undefined)[] =>
    diagnosed(evidence)
      .for.filter(({ code }) => code === 'write-says')
      .map(({ detail }) => detail['words']);

  it.each<[string, Partial<Evidence>]>([
    ['with a log', {}],
    ['without a log', { logs: unreadable('forbidden') }],
    ['of an app that declares nothing for the registry', { environment: unreadable('forbidden') }],
  ])('is shown in its own words: %s', (_, more) => {
    expect(words(saying('Quota exceeded for subscription.', more))).toEqual(['Quota exceeded for subscription.']);
  });

  it('says each text once, the last three, and none of it longer than the page can show', () => {
    const write = (text: string) => ({ ...unauthorizedRow, revision: '', text });
    const writes = known([write('one'), write('two'), write('three'), write('two')]);

    expect(words(saying('one', { writes }))).toEqual(['one', 'two', 'three']);
    expect(words(saying('zero', { writes }))).toEqual(['one', 'two', 'three']);
    expect(words(saying('x'.repeat(5000)))[0]).toHaveLength(600);
    expect(words(saying(' \u0007 \n '))).toEqual([]);
    expect(words(saying('one\n\u001b[31mred\u001b[0m'))).toEqual(['one red']);
  });

  it('has no words where the write went well, whatever an earlier one said', () => {
    expect(words({ ...saying('old'), revisions: roleMissing.revisions ?? known([]) })).toEqual([]);
  });
});

describe('a change of the registry', () => {
  const named = (...changes: RegistryChange[]) =>
    diagnosed({ ...roleMissing, changes: known(changes) })
      .for.filter(({ code }) => code === 'registry-changed-by')
      .map(({ detail }) => detail);

  it('is named with who made it, and when', () => {
    expect(named({ atMs: nowMs - 90 * minute, by: 'anna' }, { atMs: nowMs - 2 * minute, by: 'ben' })).toEqual([
      { by: 'anna', when: '1 hour ago' },
      { by: 'ben', when: '2 minutes ago' },
    ]);
  });

  it('is one of the last three', () => {
    const changes = ['anna', 'ben', 'cleo', 'dan'].map((by, index) => ({ atMs: nowMs - (9 - index) * minute, by }));

    expect(named(...changes).map(({ by }) => by)).toEqual(['ben', 'cleo', 'dan']);
  });

  it('is not named where nobody made one', () => {
    expect(named()).toEqual([]);
    expect(diagnosed(roleMissing).for.map(({ code }) => code)).not.toContain('registry-changed-by');
  });
});

describe('a private endpoint that waits for its approval', () => {
  it('is named with the endpoint', () => {
    const pending = known({
      ...registry,
      publicAccess: 'closed' as const,
      endpoints: [{ id: endpointId, status: 'pending' }],
    });

    expect(diagnosed({ ...dnsUnlinked, registry: pending })).toMatchObject({
      causes: ['private-endpoint-pending'],
      detail: { endpoint: endpointId },
    });
  });
});

describe('an environment without a network of its own', () => {
  it('cannot reach a closed registry, and that is what lacks', () => {
    const alone = known({ id: environmentId, logs: { kind: 'none' as const } });

    expect(diagnosed({ ...dnsUnlinked, environment: alone }).detail).toEqual({ lacks: 'vnet' });
  });
});
