// The runbook and the command beside the advice: pages that exist, and commands in which no text of a log can command anything.
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../src/cli/advice.ts';
import { nextStep } from '../../src/cli/next-step.ts';
import { classify } from '../../src/lib/classify/classify.ts';
import { labels } from '../../src/lib/classify/labels.ts';

const pulls = labels.filter((label) => label !== 'not-a-pull-failure');

describe('the next step', () => {
  it.each(pulls)('after %s is a page that exists and a command', (label) => {
    const step = nextStep({ label, rule: 'x', words: 'x' });

    expect(existsSync(step?.runbook ?? '')).toBe(true);
    expect(step?.command).toMatch(/^(?:az|docker|nslookup|curl|openssl|pullmedic) /);
  });

  it('names a registry with a domain name label by its name', () => {
    const text = 'Failed to pull image "crprod-abc123xy.azurecr.io/team/web:v9": 401 Unauthorized';

    expect(nextStep(classify(text))?.command).toContain('az acr show --name crprod --query id');
  });

  it('names the registry, the repository and the app of the row', () => {
    const missing = classify('Failed to pull image "crprod.azurecr.io/team/web:v9": manifest unknown');
    const denied = classify(
      'Failed to construct registry secret: ACR token exchange endpoint returned error status: 401',
    );

    expect(nextStep(missing)?.command).toBe(
      'az acr repository show-tags --name crprod --repository team/web --orderby time_desc --output table',
    );
    expect(nextStep({ ...denied, label: 'identity-token' }, { app: 'shop' })?.command).toContain('--name shop ');
  });

  it('asks no Azure about a registry of another kind', () => {
    const missing = classify('Failed to pull image "ghcr.io/acme/web:v9": manifest unknown');

    expect(nextStep(missing)?.command).toBe('docker manifest inspect ghcr.io/acme/web:v9');
  });

  it('never puts a name into a command that a shell would obey', () => {
    const hostile = '$(reboot);`id`|x\'"';

    for (const label of pulls) {
      const step = nextStep({ label, rule: 'x', words: 'x', image: hostile, registry: hostile }, { app: hostile });

      expect(step?.command).not.toMatch(/reboot|`/);
    }
  });

  it('is none for a push, a build, and what is not about a pull', () => {
    expect(nextStep({ label: 'unauthorized', rule: 'x', words: 'x', refused: 'push' })).toBeUndefined();
    expect(nextStep({ label: 'not-a-pull-failure', rule: 'x', words: 'x' })).toBeUndefined();
  });
});

describe('a refusal by a registry that is not Azure’s', () => {
  const of = (registry: string) =>
    ({ label: 'unauthorized', rule: 'x', words: 'x', registry, image: `${registry}/a/b:1` }) as const;

  it('leads to the entry of the app, and never to a role', () => {
    expect(nextStep(of('ghcr.io'))?.runbook).toBe('docs/runbooks/credential-rejected.md');
    expect(nextStep(of('acrshop.azurecr.io'))?.runbook).toBe('docs/runbooks/pull-role-missing.md');
    expect(adviceFor(of('ghcr.io'))).not.toContain('AcrPull');
    expect(adviceFor(of('acrshop.azurecr.io'))).toContain('AcrPull');
  });

  it('asks first which registry it was, where the text names none', () => {
    const unnamed = { label: 'unauthorized', rule: 'x', words: 'x' } as const;

    expect(adviceFor(unnamed)).toContain('does not name the registry');
    expect(adviceFor(unnamed)).not.toContain('AcrPull');
    expect(nextStep(unnamed)?.command).toContain('az containerapp show');
  });
});

describe('the step for an image that exists', () => {
  it('writes nothing under its tag, which others may use', () => {
    for (const label of ['image-invalid', 'platform-mismatch'] as const)
      expect(nextStep({ label, rule: 'x', words: 'x', image: 'ghcr.io/a/b:1' })?.command).not.toContain('push');
  });
});
