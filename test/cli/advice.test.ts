// The advice for a reader who has only the text of a log.
import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../src/cli/advice.ts';
import { classify } from '../../src/lib/classify/classify.ts';
import { labels } from '../../src/lib/classify/labels.ts';

describe('the advice on a push or a build', () => {
  const on = (text: string): string => adviceFor(classify(text));
  const denied = "denied: client with IP '20.1.2.3' is not allowed access";

  it('names what it is, the address and the registry', () => {
    expect(on(`docker push crprod.azurecr.io/web:v3: ${denied}`)).toMatch(
      /^This is a push.+ 20\.1\.2\.3 .+crprod\.azurecr/,
    );
    expect(on(`az acr build -r crprod https://crprod.azurecr.io/v2/: ${denied}`)).toMatch(
      /^This is a build.+crprod\.azurecr\.io refused 20\.1\.2\.3.+agent pool/,
    );
  });

  it('names the role, or the sign-in, where no address was refused', () => {
    expect(on('failed to push crprod.azurecr.io/web:v3: 403 Forbidden')).toContain('AcrPush on crprod.azurecr.io');
    expect(on('failed to solve: crprod.azurecr.io/base:1: 401 Unauthorized')).toContain('Sign in to crprod.azurecr.io');
  });
});

describe('the advice on a pull', () => {
  it.each(labels)('%s ends in a sentence that names only what the text names', (label) => {
    const said = adviceFor({ label, rule: 'x', words: 'x' });

    expect(said).toMatch(/^[A-Z].*\.$/s);
    expect(said).not.toContain('undefined');
  });

  it('names the registry, the tag and the identity of the text', () => {
    const named = { rule: 'x', words: 'x', registry: 'crprod.azurecr.io', tag: 'v9', identity: 'id-orders' };

    expect(adviceFor({ label: 'manifest-unknown', ...named })).toContain('crprod.azurecr.io (wanted: v9)');
    expect(adviceFor({ label: 'identity-token', ...named })).toContain('the identity id-orders');
  });
});
