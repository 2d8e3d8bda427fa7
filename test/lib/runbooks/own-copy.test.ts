// A copy of a public image helps only once the workload may pull it and names it.
import { describe, expect, it } from 'vitest';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { keepCopy, ownRegistry, pullFromCopy } from '../../../src/lib/runbooks/own-copy.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { app, appId, groupFacts, groupId, jobId, roleMissing } from '../facts.ts';
import { inputFor } from './cases.ts';

const hub = targetOf(appId, 'acme/orders:v1');
const containers = [{ name: 'main', image: 'acme/orders:v1' }];
const bare = { ...roleMissing, app: known({ ...app, images: ['acme/orders:v1'], containers, registries: [] }) };
const limited = (more: object) => inputFor('rate-limited', { target: hub, evidence: bare, ...more });

describe('a copy of a public image', () => {
  it('is deployed after the identity may pull it and the registry has an entry', () => {
    const texts = pullFromCopy(limited({})).map(({ text }) => text);

    expect(texts[0]).toContain('az role assignment create');
    expect(texts[1]).toContain('az containerapp registry set --server REGISTRY.azurecr.io --identity ');
    expect(texts[2]).toContain('--container-name main --image REGISTRY.azurecr.io/acme/orders:v1');
    expect(texts).toHaveLength(3);
  });

  it('is only deployed where the app has an entry for the registry of the copy', () => {
    const [only, ...others] = pullFromCopy(limited({ evidence: { ...roleMissing } }));

    expect(only?.text).toContain('--image acrshop.azurecr.io/acme/orders:v1');
    expect(others).toEqual([]);
  });

  it('follows every import that a runbook advises', () => {
    for (const cause of ['rate-limited', 'egress-blocked'] as const) {
      const { commands, undo } = runbookFor(inputFor(cause, { target: hub, evidence: bare }));
      const imports = commands.findIndex(({ text }) => text.includes('az acr import'));
      const deploys = commands.findIndex(({ text }) => text.includes('--image REGISTRY.azurecr.io/acme/orders:v1'));

      expect(imports).toBeGreaterThanOrEqual(0);
      expect(deploys).toBeGreaterThan(imports);
      expect(undo).toContain('Deploy the previous image again');
    }
  });

  it('is deployed by the commands of a job, and in one deployment of a group', () => {
    const ofJob = runbookFor(limited({ target: targetOf(jobId, 'acme/orders:v1') })).commands.map(({ text }) => text);
    const evidence = { ...bare, app: known({ ...groupFacts, registries: [] }) };
    const ofGroup = runbookFor(limited({ target: targetOf(groupId, 'acme/orders:v1'), evidence })).commands;

    expect(ofJob.join('\n')).toContain('az containerapp job update ');
    expect(ofJob.join('\n')).not.toMatch(/az containerapp (?:update|identity|registry)/);
    expect(ofGroup.at(-1)?.text).toMatch(/^az container create .*--acr-identity IDENTITY_ID$/);
  });

  it('is made of no image of Azure, and of none that is named by its digest', () => {
    const digest = targetOf(appId, `docker.io/acme/orders@sha256:${'a'.repeat(64)}`);

    for (const target of [inputFor('rate-limited').target, digest]) {
      expect(keepCopy(limited({ target }))).toEqual([]);
      expect(pullFromCopy(limited({ target }))).toEqual([]);
    }
  });

  it('is kept in the only registry of Azure that the app has an entry for', () => {
    const two = { ...app, registries: [...app.registries, { server: 'acrtools.azurecr.io' }] };

    expect(ownRegistry({ evidence: roleMissing })).toEqual({
      name: 'acrshop',
      host: 'acrshop.azurecr.io',
      isKnown: true,
    });
    expect(ownRegistry({ evidence: { ...roleMissing, app: known(two) } }).isKnown).toBe(false);
  });
});
