// The runbook of a cache rule that cannot fetch: what is wrong decides which command comes first.
import { describe, expect, it } from 'vitest';
import { known } from '../../../src/lib/words/fact.ts';
import { registry, roleMissing } from '../facts.ts';
import { textOf } from './cases.ts';

const rule = { name: 'hub', source: 'docker.io/shop/*', target: 'shop/*' };
const credentials = { name: 'hub-account', health: 'unhealthy' as const, error: 'expired' };

describe('the commands for a cache that cannot fetch', () => {
  it('show the unhealthy credentials, and import the image meanwhile under its own name', () => {
    const text = textOf('artifact-cache-failed', {
      evidence: { ...roleMissing, cache: known([{ ...rule, credentials }]) },
    });

    expect(text).toContain('az acr credential-set show --registry acrshop');
    expect(text).toContain('--source docker.io/shop/orders:v1 --image shop/orders:v1');
    expect(text).not.toContain('--allow-trusted-services');
  });

  it('let trusted services pass only where that is what is wrong, and say how to take it back', () => {
    const shut = { ...registry, defaultAction: 'deny' as const, trustedServices: false };
    const text = textOf('artifact-cache-failed', {
      evidence: { ...roleMissing, registry: known(shut), cache: known([rule]) },
    });

    expect(text).toContain('--allow-trusted-services true');
    expect(text).toContain('--allow-trusted-services false');
  });

  it('keep hostile names of rules and sources in one word each', () => {
    const hostile = { name: "x'; rm -rf ~", source: 'docker.io/$(id)', target: 'shop/orders' };
    const text = textOf('artifact-cache-failed', { evidence: { ...roleMissing, cache: known([hostile]) } });

    expect(text).toContain(JSON.stringify(`--name 'x'\\''; rm -rf ~'`).slice(1, -1));
    expect(text).toContain(`--source 'docker.io/$(id):v1'`);
  });
});
