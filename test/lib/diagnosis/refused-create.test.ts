// What is concluded of a container group that Azure refused to create: the image and the way to its registry are known, the sign-in is not.
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { RegistryFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { nextProbes } from '../../../src/lib/look/probes.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { groupFacts, groupTarget, nowMs, refusedCreate, registry, roleMissing } from '../facts.ts';
import { decisionInput } from '../situations.ts';

const open: RegistryFacts = { ...registry, publicAccess: 'open', defaultAction: 'allow', trustedServices: true };
const restricted: RegistryFacts = { ...open, defaultAction: 'deny' };
const tagMissing = known({ state: 'missing', what: 'tag', tags: ['v2'] } as const);

interface Case {
  readonly app?: AppFacts;
  readonly registry?: Evidence['registry'];
  readonly manifest?: Evidence['manifest'];
}

function evidenceOf({ app = refusedCreate, manifest, ...more }: Case): Evidence {
  const { logs: _logs, roles: _roles, cache: _cache, ...rest } = roleMissing;
  const base: Evidence = {
    ...rest,
    atMs: nowMs,
    app: known(app),
    revisions: known([]),
    replicas: known([]),
    registry: more.registry ?? known(open),
    logs: known([]),
  };
  return manifest === undefined ? base : { ...base, manifest };
}

function found(one: Case): string {
  const evidence = evidenceOf(one);
  const { suspicions } = decisionInput(evidence).remediation.look;
  const { causes, sure } = diagnose({ target: groupTarget, evidence, suspicions, pulledBefore: false });
  return `${causes.join(' and ')}, ${sure}`;
}

describe('a container group that was never created', () => {
  it('lacks its image, where the registry says so', () => {
    expect(found({ manifest: tagMissing })).toBe('tag-missing, confirmed');
    expect(found({ manifest: known({ state: 'missing', what: 'repository', tags: [] }) })).toBe(
      'repository-missing, confirmed',
    );
  });

  it('is kept out by a registry that lets no trusted service pass', () => {
    expect(found({ registry: known({ ...restricted, trustedServices: false }) })).toBe('registry-firewall, confirmed');
    expect(found({ registry: known({ ...restricted, trustedServices: false }), manifest: tagMissing })).toBe(
      'tag-missing and registry-firewall, confirmed',
    );
  });

  it('is suspected to come without an identity, where a restricted registry lets only those in', () => {
    expect(found({ registry: known(restricted) })).toBe('registry-firewall, suspected');
    const { trustedServices: _unknown, ...unsaid } = restricted;
    expect(found({ registry: known(unsaid) })).toBe('unexplained, unexplained');
  });

  it('names a registry that no subscription has', () => {
    expect(found({ registry: known('not-found') })).toBe('name-wrong, suspected');
    expect(found({ registry: unreadable('forbidden') })).toBe('unexplained, unexplained');
  });

  it('is unexplained where the registry is open and has the image: its sign-in is not known', () => {
    expect(found({ manifest: known({ state: 'exists' }) })).toBe('unexplained, unexplained');
    expect(found({ manifest: unreadable('forbidden') })).toBe('unexplained, unexplained');
  });

  it('keeps the reason that the code of Azure gives, whatever else is found', () => {
    const text = `{"error":{"code":"InvalidImageRegistryIdentity","message":"The identity in the 'imageRegistryCredentials' of container group 'cg-orders' not found in container group identity list."}}`;
    const app = { ...refusedCreate, writeError: { text, atMs: nowMs - 60_000 } };
    expect(found({ app, manifest: known({ state: 'exists' }) })).toBe('identity-not-assigned, suspected');
  });
});

describe('a look at it', () => {
  const asks = (one: Case): readonly string[] => nextProbes(groupTarget, evidenceOf(one));

  it('asks the registry for the image, after its cache rules', () => {
    expect(asks({})).toContain('cache');
    expect(nextProbes(groupTarget, { ...evidenceOf({}), cache: known([]) })).toContain('manifest');
  });

  it('asks for no role, and for no image of a registry that is not seen', () => {
    expect(asks({})).not.toContain('roles');
    expect(asks({ registry: known('not-found') })).not.toContain('cache');
  });
});

describe('a running group whose write was refused', () => {
  const byPassword: AppFacts = {
    ...groupFacts,
    registries: [{ server: 'acrshop.azurecr.io', username: 'pipeline' }],
    images: refusedCreate.images,
    provisioningState: 'Failed',
    ...(refusedCreate.writeError === undefined ? {} : { writeError: refusedCreate.writeError }),
  };

  it('is suspected to have a wrong password only where the registry has the image and lets it in', () => {
    expect(found({ app: byPassword, manifest: known({ state: 'exists' }) })).toBe('credential-rejected, suspected');
    expect(found({ app: byPassword, manifest: unreadable('forbidden') })).toBe('unexplained, unexplained');
    expect(found({ app: byPassword, manifest: tagMissing })).toBe('tag-missing, confirmed');
  });
});
