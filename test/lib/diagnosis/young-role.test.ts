// A role that was assigned a short time ago is no proof: text of before or after the sign-in speaks against it, and so does a pull.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Label, labels } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { ContainerFacts, LogRow } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  assignment,
  dnsUnlinked,
  image,
  minute,
  nowMs,
  principalId,
  pulledRow,
  readyReplica,
  registry,
  roleMissing,
  stuckReplica,
  target,
  unauthorized,
  unauthorizedRow,
  vnetId,
} from '../facts.ts';

const ageMs = 5 * minute;
const young: Evidence = { ...roleMissing, roles: known([assignment(ageMs)]), manifest: known({ state: 'exists' }) };
const ofGroup: Evidence = {
  ...young,
  roles: known([assignment(ageMs, { principalId: principalId('c0000000-0000-4000-8000-00000000000c') })]),
};

/** The diagnosis where the log says this. `saidAgoMs`: how old the row is, where that is known. */
function saying(label: Label, { evidence = young, saidAgoMs, words = label }: Saying = {}): Diagnosis {
  const said = saidAgoMs === undefined ? {} : { saidAtMs: nowMs - saidAgoMs };
  return diagnose({ target, evidence, suspicions: [{ ...unauthorized, label, words }], ...said, pulledBefore: false });
}

interface Saying {
  readonly evidence?: Evidence;
  readonly saidAgoMs?: number;
  readonly words?: string;
}

/** Labels of texts that come from before the sign-in or from after it, with the cause that stands then. */
const beside: readonly [Label, string][] = [
  ['network', 'registry-unavailable'],
  ['tls', 'tls-untrusted'],
  ['firewall', 'registry-firewall'],
  ['invalid-reference', 'reference-invalid'],
  ['rate-limited', 'rate-limited'],
  ['platform-mismatch', 'platform-mismatch'],
  ['image-invalid', 'image-invalid'],
  ['no-space', 'no-space'],
];
const others = labels.filter((label) => ![...beside.map(([name]) => name), 'dns', 'manifest-unknown'].includes(label));

describe('a young role', () => {
  it.each(beside)('is overruled by text of before or after the sign-in: %s means %s', (label, cause) => {
    expect(saying(label)).toMatchObject({ causes: [cause], sure: 'suspected' });
    expect(saying(label, { saidAgoMs: ageMs - 1 })).toMatchObject({ causes: [cause], sure: 'suspected' });
  });

  it.each(beside)('is still suspected where that text is older than the role, and may be over: %s', (label) => {
    expect(saying(label, { saidAgoMs: ageMs + 1 })).toMatchObject({
      causes: ['pull-role-propagating'],
      sure: 'suspected',
      roleSinceMs: nowMs - ageMs,
    });
  });

  it.each(others)('explains any other text: %s', (label) => {
    expect(saying(label)).toMatchObject({ causes: ['pull-role-propagating'], sure: 'confirmed' });
  });

  it('is suspected, not proved, where such a text is refuted and nothing else explains it', () => {
    // The registry exists, and the environment has no name servers of its own.
    expect(saying('dns')).toMatchObject({ causes: ['pull-role-propagating'], sure: 'suspected' });
    expect(saying('manifest-unknown', { words: 'MANIFEST_UNKNOWN' })).toMatchObject({
      causes: ['pull-role-propagating'],
      sure: 'suspected',
    });
  });

  it('stands beside the one sentence that the platform writes for "not found" and for "denied"', () => {
    expect(saying('manifest-unknown', { words: 'Image not found or access denied' })).toMatchObject({
      causes: ['pull-role-propagating'],
      sure: 'confirmed',
    });
  });

  it('is overruled by a code of the registry where its images cannot be read', () => {
    const evidence: Evidence = { ...young, manifest: unreadable('forbidden') };

    expect(saying('manifest-unknown', { evidence, words: 'manifest unknown' }).causes).toEqual(['tag-missing']);
  });

  it('of a group is overruled in the same way', () => {
    expect(saying('unauthorized', { evidence: ofGroup })).toMatchObject({ sure: 'confirmed', roleOfGroup: true });
    expect(saying('platform-mismatch', { evidence: ofGroup }).causes).toEqual(['platform-mismatch']);
  });

  it('is never proved beside text that did not come from the sign-in', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...beside),
        fc.integer({ min: 0, max: 29 }),
        fc.integer({ min: 0, max: 60 }),
        ([label], age, ago) => {
          const evidence = { ...young, roles: known([assignment(age * minute)]) };
          const found = saying(label, { evidence, saidAgoMs: ago * minute });

          return !(found.sure === 'confirmed' && found.causes.includes('pull-role-propagating'));
        },
      ),
    );
  });
});

describe('a young role that has let the app pull', () => {
  const causes = (more: Partial<Evidence>): readonly string[] =>
    saying('unauthorized', { evidence: { ...young, ...more } }).causes;
  const pulled = (more: Partial<LogRow> = {}): Pick<Evidence, 'logs'> => ({
    logs: known([unauthorizedRow, { ...pulledRow, ...more }]),
  });
  const replica = (container: Partial<ContainerFacts>, createdAgoMs: number): Pick<Evidence, 'replicas'> => ({
    replicas: known([
      {
        ...stuckReplica,
        createdAtMs: nowMs - createdAgoMs,
        containers: [{ name: 'app', image, ready: false, state: 'Waiting', ...container }],
      },
    ]),
  });

  it('is in effect, whatever the log says later', () => {
    expect(causes(pulled())).toEqual(['platform-token-stale']);
    expect(causes(pulled({ text: 'Successfully pulled image "acrshop.azurecr.io/shop/cart:v9" in 2s.' }))).toEqual([
      'platform-token-stale',
    ]);
  });

  it.each<[string, Partial<ContainerFacts>]>([
    ['is ready', { ready: true, state: 'Running' }],
    ['runs and is not ready', { state: 'Running' }],
    ['has exited', { state: 'Terminated' }],
    ['crashes again and again', { details: 'Container is waiting with reason: CrashLoopBackOff on legion.' }],
  ])('is in effect where a younger replica %s, also without a log', (_, container) => {
    expect(causes({ ...replica(container, ageMs - 1), logs: unreadable('throttled') })).toEqual([
      'platform-token-stale',
    ]);
    expect(causes({ ...replica(container, ageMs), logs: unreadable('throttled') })).toEqual(['pull-role-propagating']);
  });

  it.each<[string, Partial<Evidence>]>([
    ['of before the assignment', pulled({ atMs: nowMs - ageMs - 1 })],
    ['of another registry', pulled({ text: 'Successfully pulled image "acrtools.azurecr.io/tools/proxy:v1" in 2s.' })],
    ['of another revision', pulled({ revision: 'ca-orders--0000000' })],
    ['that is only spoken of', pulled({ reason: 'ContainerTerminated' })],
  ])('is not proved to be in effect by a pull %s', (_, more) => {
    expect(causes(more)).toEqual(['pull-role-propagating']);
  });

  it.each<[string, Partial<ContainerFacts>]>([
    ['waits for its image', { details: 'Container is waiting with reason: ImagePullBackOff on legion.' }],
    [
      'has an image of another registry',
      { image: 'acrtools.azurecr.io/tools/proxy:v1', ready: true, state: 'Running' },
    ],
    ['is not known to have which image', { image: undefined as never, ready: true }],
  ])('is not proved to be in effect by a replica that %s', (_, container) => {
    expect(causes(replica(container, 0))).toEqual(['pull-role-propagating']);
  });

  it('of one repository is proved by a pull from that repository alone', () => {
    const abac = known({ ...registry, roleMode: 'abac' as const });
    const reader = known([
      assignment(ageMs, {
        roleId: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
        permissions: known([
          {
            actions: [],
            notActions: [],
            dataActions: ['Microsoft.ContainerRegistry/registries/repositories/content/read'],
            notDataActions: [],
          },
        ]),
      }),
    ]);
    const other = 'Successfully pulled image "acrshop.azurecr.io/shop/cart:v9" in 2s.';

    expect(causes({ registry: abac, roles: reader, ...pulled() })).toEqual(['platform-token-stale']);
    expect(causes({ registry: abac, roles: reader, ...pulled({ text: other }) })).toEqual(['pull-role-propagating']);
  });

  it('leaves no doubt about the network or the token either, unless a refusal is younger than the pull', () => {
    const vnet = known({ id: vnetId, dnsServers: ['10.1.1.1'], peerings: [], gateway: false });
    const own = {
      ...dnsUnlinked,
      roles: young.roles ?? known([]),
      manifest: known({ state: 'exists' as const }),
      vnet,
    };
    // The row of the pull is a minute old.
    const causesOf = (evidence: Evidence, saidAgoMs: number): readonly string[] =>
      saying('unauthorized', { evidence, saidAgoMs }).causes;

    expect(causesOf({ ...own, roles: known([assignment(60 * minute)]) }, 2 * minute)).toEqual(['custom-dns']);
    expect(causesOf({ ...own, ...pulled() }, 2 * minute)).toEqual(['unexplained']);
    expect(causesOf({ ...young, ...pulled() }, 2 * minute)).toEqual(['unexplained']);
    expect(causesOf({ ...young, ...pulled() }, 0)).toEqual(['platform-token-stale']);
  });

  it('of a group may let one replica pull and not another', () => {
    expect(
      saying('unauthorized', { evidence: { ...ofGroup, replicas: known([readyReplica]), ...pulled() } }),
    ).toMatchObject({
      causes: ['pull-role-propagating'],
      roleOfGroup: true,
    });
  });
});

describe('a rejected write beside a young role', () => {
  const rejected: Evidence = {
    ...young,
    app: known({ ...app, provisioningState: 'Failed', writeError: { text: 'Operation expired.', atMs: nowMs } }),
    revisions: known([]),
    replicas: known([]),
  };

  it('that tells of a sign-in is explained by it', () => {
    for (const label of ['unauthorized', 'identity-token'] as const)
      expect(saying(label, { evidence: rejected })).toMatchObject({
        causes: ['pull-role-propagating'],
        sure: 'confirmed',
      });
  });

  it('that tells of none is only suspected of it', () => {
    expect(saying('not-a-pull-failure', { evidence: rejected })).toMatchObject({
      causes: ['pull-role-propagating'],
      sure: 'suspected',
    });
  });
});
