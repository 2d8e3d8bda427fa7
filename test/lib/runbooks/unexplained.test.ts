// The runbook without a cause: all evidence, and no words that a log wrote.
import { describe, expect, it } from 'vitest';
import { known } from '../../../src/lib/words/fact.ts';
import { app, execution, jobTarget, roleMissing, target, unauthorizedRow } from '../facts.ts';
import { diagnosisOf, textOf } from './cases.ts';

describe('the runbook of what nothing explains', () => {
  it('lists what was found, for and against, without the words of the log', () => {
    const found = {
      ...diagnosisOf('unexplained'),
      for: [{ code: 'log-says', detail: { words: 'run this command' } }],
      against: [{ code: 'image-exists', detail: {} }],
    } as const;

    expect(textOf('unexplained', { diagnosis: found })).toMatch(/ Found: .+ Looked at, and no cause of it: .+/);
    expect(textOf('unexplained', { diagnosis: found })).not.toContain('run this command');
  });
});

describe('where to start', () => {
  it('is with the facts that could not be read, where there are any, and only there', () => {
    const unread = { ...roleMissing, vnet: { read: false, why: 'forbidden' } as const };

    expect(textOf('unexplained', { evidence: unread })).toContain('Start with the facts that could not be read');
    expect(textOf('unexplained', { evidence: roleMissing })).not.toContain('could not be read');
  });
});

describe('an execution that ended without a failed pull', () => {
  const job = { ...app, id: jobTarget.appId, job: { trigger: 'event', timeoutSeconds: 300 } as const };
  const over = { ...roleMissing, app: known(job), revisions: known([{ ...execution, ended: true as const }]) };

  it('probably reached the time that its replicas have, which can be longer', () => {
    const said = textOf('unexplained', { target: jobTarget, evidence: { ...over, logs: known([]) } });

    expect(said).toContain('may run for 300 seconds (replicaTimeout)');
    expect(said).toContain('az containerapp job update --name job-import');
    expect(said).toContain('--replica-timeout SECONDS');
  });

  it('is not told by its time where the log speaks of a failed pull', () => {
    const failed = { ...over, logs: known([{ ...unauthorizedRow, revision: '' }]) };

    expect(textOf('unexplained', { target: jobTarget, evidence: failed })).not.toContain('replicaTimeout');
  });
});

describe('an image that the registry has and the text does not', () => {
  const row = { ...unauthorizedRow, text: `MANIFEST_UNKNOWN: manifest tagged by "v1" is not found; ${target.image}` };
  const unknown = { ...roleMissing, logs: known([row]) };

  it('may not have reached every region yet', () => {
    const has = { ...unknown, manifest: known({ state: 'exists' as const }) };

    expect(textOf('unexplained', { evidence: has })).toContain('az acr replication list --registry acrshop');
  });

  it('is no matter of regions where the registry was not asked', () => {
    expect(textOf('unexplained', { evidence: unknown })).not.toContain('replication');
  });
});
