// What `pullmedic diagnose` prints: the verdict, what shows it and what to do, and nothing that a terminal would obey.
import { describe, expect, it } from 'vitest';
import { diagnosisObject, diagnosisText, type Seen } from '../../src/cli/diagnosis-text.ts';
import { safeJson } from '../../src/cli/terminal.ts';
import { targetOf } from '../../src/lib/words/target.ts';
import { app, appId, jobId, roleMissing, target } from '../lib/facts.ts';

const uncoloured = (_style: string, text: string): string => text;

const failing: Seen = {
  target,
  evidence: roleMissing,
  diagnosis: {
    causes: ['pull-role-missing'],
    sure: 'confirmed',
    network: 'allows',
    detail: {},
    for: [{ code: 'role-missing', detail: { identity: 'id-orders' } }],
    against: [],
  },
  verdict: { kind: 'fails', family: 'identity' },
  calls: 13,
};

describe('a diagnosis', () => {
  it('says the verdict, what shows it, what to do, and how many requests it took', () => {
    const said = diagnosisText(failing, uncoloured);

    expect(said).toMatch(/^\S+ cannot be pulled: .* \(confirmed\)\.\n/);
    expect(said).toContain('What to do (');
    expect(said).toContain('\n  az role assignment create ');
    expect(said).toContain('13 requests to Azure, all of them reads.\n');
  });

  it('of an app that serves says so, and what could not be told is no verdict', () => {
    const pulls: Seen = { ...failing, verdict: { kind: 'pulls' }, diagnosis: { ...failing.diagnosis, serves: true } };
    const cannotTell: Seen = { ...failing, verdict: { kind: 'cannot-tell', missing: ['whether the image is there'] } };

    expect(diagnosisText(pulls, uncoloured)).toContain(
      'can be pulled: role, network and image are there. The app serves',
    );
    expect(diagnosisText(pulls, uncoloured)).not.toContain('What to do');
    expect(diagnosisText(cannotTell, uncoloured)).toContain('could not tell whether the image is there.');
  });

  it('of a job speaks of the job', () => {
    const ofJob: Seen = {
      ...failing,
      target: targetOf(jobId, target.image),
      verdict: { kind: 'pulls' },
      diagnosis: { ...failing.diagnosis, serves: true },
    };
    expect(diagnosisText(ofJob, uncoloured)).toContain('The job works');
  });

  it('without a cause lists a silent log beside what speaks against a failure', () => {
    const quiet: Seen = {
      ...failing,
      verdict: { kind: 'cannot-tell', missing: ['x'] },
      diagnosis: { ...failing.diagnosis, for: [{ code: 'log-silent', detail: {} }] },
    };
    const said = diagnosisText(quiet, uncoloured);
    expect(said).toContain('or has nothing to do with it\n  - The log says nothing about a pull');
    expect(said).not.toContain('What speaks of a failure');
  });

  it('lets no name of Azure and no text of a log command the terminal', () => {
    const hostile = 'acrshop.azurecr.io/x\u001b[2J\u009b31m\u202e:v1';
    const seen: Seen = {
      ...failing,
      target: targetOf(appId, hostile),
      evidence: { ...roleMissing, app: { read: true, value: { ...app, images: [hostile] } } },
      diagnosis: {
        ...failing.diagnosis,
        causes: ['tag-missing'],
        for: [{ code: 'log-says', detail: { words: 'x\u001b]0;y\u0007\nTrust me' } }],
      },
    };

    expect(diagnosisText(seen, uncoloured).replaceAll('\n', '')).toMatch(/^\P{C}+$/u);
    expect(diagnosisText(seen, uncoloured).split('\n')).not.toContain('Trust me');
    expect(safeJson(diagnosisObject(seen), 2).replaceAll('\n', '')).toMatch(/^\P{C}+$/u);
  });
});
