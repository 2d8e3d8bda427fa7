import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { declaredIdentity } from '../../../src/lib/evidence/evidence.ts';
import { incidentKey } from '../../../src/lib/incidents/incident.ts';
import { nextProbes } from '../../../src/lib/look/probes.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import {
  app,
  arm,
  assignment,
  config,
  dnsUnlinked,
  identityId,
  image,
  minute,
  nowMs,
  principal,
  principalId,
  roleMissing,
  signal,
  target,
  unauthorized,
} from '../facts.ts';
import { memory } from '../memory-ports.ts';
import { decideOn } from '../situations.ts';

const day = 24 * 60 * minute;

function diagnosed(evidence: Evidence, unknownPrincipal?: ReturnType<typeof principalId>) {
  return diagnose({
    target,
    evidence,
    suspicions: [unauthorized],
    pulledBefore: false,
    ...(unknownPrincipal === undefined ? {} : { unknownPrincipal }),
  });
}

const gone: Evidence = { ...roleMissing, identity: known('gone') };
const listedWithout: Evidence = { ...roleMissing, app: known({ ...app, userIdentities: [{ id: identityId }] }) };

describe('an identity that was deleted', () => {
  it.each<[string, Evidence, string[], string]>([
    ['its resource is not there', gone, ['identity-gone'], 'confirmed'],
    ['it left its role behind', { ...gone, roles: known([assignment(day)]) }, ['identity-gone'], 'confirmed'],
    [
      'the network blocks too',
      { ...dnsUnlinked, identity: known('gone') },
      ['identity-gone', 'private-dns-unlinked'],
      'confirmed',
    ],
    [
      'the app lists it without a principal',
      { ...listedWithout, identity: known('gone') },
      ['identity-gone'],
      'confirmed',
    ],
    [
      'the app lists it without a principal and it cannot be read',
      { ...listedWithout, identity: unreadable('forbidden') },
      ['identity-gone'],
      'suspected',
    ],
    [
      'the app lists it without a principal and it is there',
      { ...listedWithout, identity: known('exists') },
      ['unexplained'],
      'unexplained',
    ],
    ['it cannot be read', { ...roleMissing, identity: unreadable('forbidden') }, ['pull-role-missing'], 'confirmed'],
  ])('%s', (_, evidence, causes, sure) => {
    expect(diagnosed(evidence)).toMatchObject({ causes, sure });
  });

  it('is told apart from one that the app does not have', () => {
    expect(declaredIdentity(target, listedWithout)).toEqual({ kind: 'no-principal', name: identityId });
  });

  it('gets no grant, whatever else is true', () => {
    for (const evidence of [gone, { ...listedWithout, identity: known('gone' as const) }])
      expect(decideOn(evidence).decision).toMatchObject({ do: 'incident', cause: 'identity-gone' });
  });

  it('gets none either while nobody can say whether it is there, unless a person does', () => {
    const evidence = { ...roleMissing, identity: unreadable<never>('forbidden') };

    expect(decideOn(evidence)).toMatchObject({
      decision: { do: 'ask' },
      refusals: [{ guard: 'not-the-declared-identity', why: 'existence-unreadable' }],
    });
  });

  it('is named in the runbook, also where the app lists it without a principal', () => {
    for (const evidence of [gone, { ...listedWithout, identity: known('gone' as const) }]) {
      const runbook = runbookFor({ target, cause: 'identity-gone', diagnosis: diagnosed(evidence), evidence });

      expect(runbook.advice).toContain(identityId);
      expect(diagnosed(evidence).for).toContainEqual({ code: 'identity-gone', detail: { identity: identityId } });
    }
  });

  it('is looked for where the app declares one of its own, not where it is part of the app', () => {
    const { identity: _, ...asked } = roleMissing;
    const system = known({
      ...app,
      registries: [{ server: target.registry, identity: 'system' }],
      systemPrincipalId: principal,
    });

    expect(nextProbes(target, asked)).toEqual(['identity']);
    expect(nextProbes(target, { ...asked, app: system })).toEqual([]);
    const rolesUnread = { ...asked, roles: unreadable<never>('forbidden') };
    expect(nextProbes(target, rolesUnread)).toEqual(['manifest']);
    expect(nextProbes(target, { ...rolesUnread, manifest: known({ state: 'exists' }) })).toEqual(['identity']);
    expect(
      nextProbes(target, { ...rolesUnread, manifest: known({ state: 'missing', what: 'tag', tags: [] }) }),
    ).toEqual([]);
    expect(diagnosed({ ...gone, roles: unreadable('forbidden') }).causes).toEqual(['identity-gone']);
    expect(nextProbes(target, { ...asked, app: listedWithout.app ?? unreadable('not-asked') })).toContain('identity');
  });
});

describe('a grant that Azure refuses because it does not know the principal', () => {
  const unreadIdentity: Evidence = { ...roleMissing, identity: unreadable('forbidden') };
  const { identity: _, ...noResource } = roleMissing;
  const ofSystem: Evidence = {
    ...noResource,
    app: known({ ...app, registries: [{ server: target.registry, identity: 'system' }], systemPrincipalId: principal }),
  };

  it('says that the identity is gone', () => {
    expect(diagnosed(unreadIdentity, principal).causes).toEqual(['identity-gone']);
  });

  it('says so of that principal alone', () => {
    const other = principalId('d0000000-0000-4000-8000-00000000000d');

    expect(diagnosed(unreadIdentity, other).causes).toEqual(['pull-role-missing']);
  });

  it('says nothing where the identity can be read and is there: the directory lags', () => {
    expect(diagnosed(roleMissing, principal).causes).toEqual(['pull-role-missing']);
  });

  it('is not tried again, and becomes an incident', async () => {
    const azure = memory(config(), ofSystem, nowMs);
    azure.world.grantAnswer = { outcome: 'failed', because: 'principal-not-found', detail: '400 PrincipalNotFound' };
    await azure.deliver(signal);
    await azure.pass(10 * minute);

    expect(azure.world.granted).toHaveLength(1);
    const [id] = await azure.ports.index.incidents();
    const entries = await azure.ports.incidents.read(id ?? ('' as never));
    expect(entries.map(({ entry }) => entry)).toContainEqual(expect.objectContaining({ cause: 'identity-gone' }));
  });
});

describe('a registry that no readable subscription has', () => {
  const nowhere: Evidence = { ...roleMissing, registry: known('not-found') };

  it('may be another tenant’s: no grant, and the advice says so', () => {
    const diagnosis = diagnosed(nowhere);

    expect(diagnosis).toMatchObject({ causes: ['name-wrong'], sure: 'suspected' });
    expect(diagnosis.for).toContainEqual({ code: 'registry-not-found', detail: { host: target.registry } });
    expect(decideOn(nowhere).decision).toMatchObject({ do: 'incident', cause: 'name-wrong' });
    const { advice } = runbookFor({ target, cause: 'name-wrong', diagnosis, evidence: nowhere });
    expect(advice).toContain('another tenant');
  });

  it('is not called wrong where it could not be looked for, or where the text names something else', () => {
    const missing = { label: 'manifest-unknown', rule: 'x', words: 'x' } as const;

    expect(diagnosed({ ...roleMissing, registry: unreadable('forbidden') }).causes).toEqual(['unexplained']);
    expect(diagnose({ target, evidence: nowhere, suspicions: [missing], pulledBefore: false }).causes).toEqual([
      'tag-missing',
    ]);
  });
});

describe('an incident about one app’s own configuration', () => {
  it('is not shared with another app', () => {
    const other = targetOf(arm(`${target.appId}-other`), image);

    expect(incidentKey(target, 'identity-gone', diagnosed(gone), gone)).not.toBe(
      incidentKey(other, 'identity-gone', diagnosed(gone), gone),
    );
    expect(incidentKey(target, 'pull-role-missing', diagnosed(roleMissing), roleMissing)).toBe(
      incidentKey(other, 'pull-role-missing', diagnosed(roleMissing), roleMissing),
    );
  });
});
