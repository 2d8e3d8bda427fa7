// An alternative says so in its title, and the first command of a runbook is never one.
import { describe, expect, it } from 'vitest';
import { causes } from '../../../src/lib/causes/causes.ts';
import { asAlternative, withFirstStep } from '../../../src/lib/runbooks/alternatives.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, groupId, image, jobId, registry, roleMissing, target } from '../facts.ts';
import { inputFor, knowingNothing } from './cases.ts';

const command = (title: string) => ({ title, language: 'az', text: 'az account show' }) as const;

describe('the first command', () => {
  it('is called by what it does, where the one before it fell away', () => {
    expect(withFirstStep([command('Or move it'), command('Or wait')]).map(({ title }) => title)).toEqual([
      'Move it',
      'Or wait',
    ]);
    expect(withFirstStep([command('Order another')])).toEqual([command('Order another')]);
    expect(withFirstStep([])).toEqual([]);
  });

  it('is no alternative in the runbook of any cause, for any kind of workload', () => {
    const disabled = {
      ...roleMissing,
      app: known({ ...app, registries: [{ server: target.registry, username: 'acrshop', secret: 'pw' }] }),
      registry: known({ ...registry, adminUser: false }),
    };
    const inputs = causes.flatMap((cause) => [
      inputFor(cause),
      knowingNothing(cause),
      inputFor(cause, { evidence: disabled }),
      inputFor(cause, { evidence: disabled, target: { ...target, appId: jobId, image } }),
      inputFor(cause, { evidence: disabled, target: { ...target, appId: groupId, image } }),
    ]);
    const firsts = inputs.map((input) => [input.cause, runbookFor(input).commands[0]?.title ?? '']);

    expect(firsts.filter(([, title]) => title?.startsWith('Or '))).toEqual([]);
    expect(firsts.map(([, title]) => title)).toContain(
      'Move to a managed identity, which needs no secret: give it the role first',
    );
  });
});

describe('an alternative', () => {
  it('begins with the word', () => {
    expect(asAlternative('Keep a copy')).toBe('Or keep a copy');
  });
});
