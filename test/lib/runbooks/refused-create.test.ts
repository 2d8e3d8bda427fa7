// The runbook of a container group that Azure refused to create, where no check explains why.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import type { Runbook } from '../../../src/lib/runbooks/runbook.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { groupId, image, nowMs, refusedCreate, registry, roleMissing } from '../facts.ts';

function runbookOf(more: Partial<Evidence> = {}, of = image, network: Diagnosis['network'] = 'allows'): Runbook {
  const evidence: Evidence = {
    ...roleMissing,
    app: known({ ...refusedCreate, images: [of] }),
    revisions: known([]),
    replicas: known([]),
    manifest: unreadable('forbidden'),
    atMs: nowMs,
    ...more,
  };
  const diagnosis = {
    causes: ['unexplained'],
    sure: 'unexplained',
    for: [],
    against: [],
    network,
    detail: {},
  } as const;
  return runbookFor({ target: targetOf(groupId, of), cause: 'unexplained', diagnosis, evidence });
}

const textOf = ({ commands }: Runbook): string => commands.map(({ text }) => text).join('\n');

describe('the runbook of a container group that was never created', () => {
  it('names what is left, the role and the password, and how to deploy again', () => {
    const { title, advice, ...rest } = runbookOf();
    const text = textOf({ title, advice, ...rest });

    expect(title).toBe('Azure refused to create cg-orders, because it cannot get the image');
    expect(advice).toContain('It keeps nothing of the write that tells how it was to sign in.');
    expect(advice).toContain('A user-assigned identity needs the role AcrPull on the registry');
    expect(advice).toContain('a user name needs a password that is good');
    expect(advice).toContain('run your deployment again');
    expect(text).toContain(`--role AcrPull --scope ${registry.id}`);
    expect(text).toMatch(
      /^az container create .*--assign-identity IDENTITY_ID --acr-identity IDENTITY_ID --image \S+$/m,
    );
    expect(text).toMatch(/^read -rs NEW\naz container create .*--registry-password "\$NEW" --image \S+$/m);
  });

  it('asks for the image first where it could not be read, and not where the registry has it', () => {
    expect(runbookOf().advice).toContain('could not ask: look at that first');
    expect(textOf(runbookOf())).toContain('az acr repository show-tags');

    const exists = runbookOf({ manifest: known({ state: 'exists' }) });
    expect(exists.advice).toContain(
      'The registry has the image and lets the platform in, so that the sign-in is left.',
    );
    expect(textOf(exists)).not.toContain('show-tags');
  });

  it('claims no way into a registry whose network cannot be judged', () => {
    const { advice } = runbookOf({ manifest: known({ state: 'exists' }) }, image, 'cannot-tell');
    expect(advice).toContain('The registry has the image.');
    expect(advice).not.toContain('lets the platform in');
  });

  it('says that the admin user is switched off only where Azure says so', () => {
    expect(runbookOf({ registry: known({ ...registry, adminUser: false }) }).advice).toContain('which is switched off');
    expect(runbookOf({ registry: known({ ...registry, adminUser: true }) }).advice).not.toContain('switched off');
  });

  it('speaks of the role for repositories where the registry counts no other', () => {
    const { advice, commands } = runbookOf({ registry: known({ ...registry, roleMode: 'abac' }) });
    expect(advice).toContain('needs the role Container Registry Repository Reader');
    expect(commands.map(({ text }) => text).join()).toContain("--role 'Container Registry Repository Reader'");
  });

  it('speaks of an account and a copy for an image of Docker Hub, of no role, and of no limit elsewhere', () => {
    const hub = runbookOf({ registry: known('not-found') }, 'acme/api:1');
    expect(hub.advice).toContain('Docker Hub limits pulls without an account');
    expect(textOf(hub)).not.toContain('role assignment');
    expect(textOf(hub)).toContain('az acr import');
    expect(runbookOf({ registry: known('not-found') }, 'ghcr.io/acme/api:1').advice).not.toContain('limit');
  });
});
