// Runbooks of a registry in trouble: another tenant’s, throttled, or not trusted.
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf, unnamedImage } from '../../../src/lib/words/target.ts';
import { app, groupFacts, groupId, nowMs, registry, roleMissing, target } from '../facts.ts';
import { inputFor, textOf } from './cases.ts';

describe('the runbook of a registry in trouble', () => {
  it('speaks of another tenant only where no subscription has the registry', () => {
    const evidence = { ...roleMissing, registry: known('not-found' as const) };

    expect(textOf('name-wrong', { evidence })).toContain('If it is another tenant’s');
    expect(textOf('name-wrong')).not.toContain('another tenant');
  });

  it('sends a replaced certificate of a registry of Azure to the network team, and any other to the owner of the registry', () => {
    const own = { ...target, registry: 'registry.contoso.example', image: 'registry.contoso.example/shop/orders:v1' };
    const ofAzure = runbookFor(inputFor('tls-untrusted'));
    const ofOwn = runbookFor(inputFor('tls-untrusted', { target: own }));

    expect([ofAzure.owner, ofOwn.owner]).toEqual(['network team', 'registry owner']);
    expect(ofAzure.advice).toContain(`Leave ${target.registry} and its data endpoints out of that inspection`);
    expect(ofOwn.advice).not.toContain('inspection');
  });

  it('says that the platform tries again, except where Azure rejected the write', () => {
    const failed = { ...app, provisioningState: 'Failed' };
    const rejected = { ...roleMissing, app: known(failed), revisions: known([]), replicas: known([]) };

    for (const cause of ['rate-limited', 'registry-unavailable', 'tag-missing', 'repository-missing'] as const) {
      expect(textOf(cause, { evidence: roleMissing })).toContain('on its next try');
      expect(textOf(cause, { evidence: rejected })).toContain('run your deployment again');
      expect(textOf(cause, { evidence: rejected })).not.toContain('next try');
    }
  });

  it('speaks of plans only where Docker Hub counts by them', () => {
    const of = (host: string) => {
      const entry = { server: host, username: 'acme', secret: 's' };
      const evidence = { ...roleMissing, app: known({ ...app, registries: [entry] }) };
      return textOf('rate-limited', {
        target: { ...target, registry: host, image: `${host}/acme/orders:v1` },
        evidence,
      });
    };

    expect(of('docker.io')).toContain('a plan with a higher limit');
    expect(of('ghcr.io')).not.toContain('plan');
  });

  it('of Azure throttles by its tier, whoever asks: no sign-in and no copy helps, and its owner decides about the tier', () => {
    const tier = (sku: string) =>
      runbookFor(inputFor('rate-limited', { evidence: { ...roleMissing, registry: known({ ...registry, sku }) } }));
    const commands = (sku: string): string => JSON.stringify(tier(sku).commands);

    expect(tier('Basic').owner).toBe('registry owner');
    expect(tier('Basic').advice).toContain('its tier Basic');
    expect(commands('Basic')).toContain('--sku Standard');
    expect(commands('Standard')).toContain('--sku Premium');
    expect(commands('Premium')).not.toContain('--sku ');
    expect(`${tier('Basic').advice}${commands('Basic')}`).not.toMatch(/registry set|acr import|Sign in/);
  });

  describe('of a container group whose write Azure refused', () => {
    const refused = (host: string) => {
      const text = `{"error":{"code":"RegistryErrorResponse","message":"An error response is received from the docker registry '${host}'. Please retry later."}}`;
      const failed: AppFacts = {
        ...groupFacts,
        provisioningState: 'Failed',
        images: [unnamedImage],
        writeError: { text, atMs: nowMs - 60_000 },
        group: { life: 'never-created' },
      };
      const evidence = { ...roleMissing, app: known(failed), revisions: known([]), replicas: known([]) };
      return runbookFor(inputFor('registry-unavailable', { target: targetOf(groupId, unnamedImage), evidence }));
    };

    it('names the registry that the error names, where no image is known, and says what Docker Hub limits', () => {
      const { title, owner, advice, commands } = refused('index.docker.io');

      expect(title).toBe('cg-orders cannot pull because docker.io answers with errors');
      expect(owner).toBe('app team');
      expect(advice).toContain('its limit for pulls without an account');
      expect(commands.map(({ text }) => text).join('\n')).toMatch(
        /^read -rs TOKEN\naz container create .*--registry-password "\$TOKEN" --image IMAGE$/m,
      );
    });

    it('speaks of no limit of Docker Hub where another registry answered, and of no unknown registry', () => {
      const { title, advice, commands } = refused('ghcr.io');

      expect(title).toBe('cg-orders cannot pull because ghcr.io answers with errors');
      expect(advice).not.toContain('limit');
      expect(commands).toEqual([]);
      expect(refused('').title).toBe('cg-orders cannot pull because the registry of its image answers with errors');
    });
  });

  it('keeps the copy in the registry that the app has an entry for, where it has one', () => {
    const hub = { ...target, registry: 'docker.io', image: 'acme/orders:v1' };
    const two = { ...app, registries: [...app.registries, { server: 'acrtools.azurecr.io' }] };

    expect(textOf('rate-limited', { target: hub, evidence: roleMissing })).toContain('az acr import --name acrshop ');
    expect(textOf('rate-limited', { target: hub, evidence: { ...roleMissing, app: known(two) } })).toContain(
      'az acr import --name REGISTRY ',
    );
  });

  it('proposes the image at the only entry of the app, where its own host is another one', () => {
    const typo = { ...target, registry: 'acrsohp.azurecr.io', image: 'acrsohp.azurecr.io/shop/orders:v1' };

    expect(textOf('name-wrong', { target: typo, evidence: roleMissing })).toContain(
      '--image acrshop.azurecr.io/shop/orders:v1',
    );
    expect(textOf('name-wrong', { evidence: roleMissing })).toContain('--image IMAGE');
  });

  it('advises to sign in to Docker Hub, which counts those together who do not', () => {
    const hub = { target: { ...target, registry: 'docker.io', image: 'acme/orders:v1' } };

    expect(textOf('rate-limited', hub)).toContain('--server docker.io');
    expect(textOf('rate-limited')).not.toContain('docker.io');
  });
});

describe('a limit of Docker Hub', () => {
  const hub = { ...target, registry: 'docker.io', image: 'acme/orders:v1' };
  const signedIn = {
    ...roleMissing,
    app: known({ ...app, registries: [{ server: 'docker.io', username: 'bot', secret: 'hub' }] }),
  };

  it('of an account that signs in is that account’s own: it is not asked to sign in', () => {
    const said = textOf('rate-limited', { target: hub, evidence: signedIn });

    expect(said).toContain('The app signs in as bot');
    expect(said).not.toContain('anonymous');
    expect(said).not.toContain('--server docker.io');
    expect(said).toContain('--username bot --password');
  });

  it('of anonymous pulls is left by signing in', () => {
    expect(textOf('rate-limited', { target: hub, evidence: roleMissing })).toContain('registry set');
  });
});

describe('a registry that does not answer', () => {
  it('is told from one that answers with errors, by what the log says', () => {
    const silent = { code: 'log-says', detail: { label: 'network', words: 'x', rule: 'x' } } as const;
    const diagnosis = { ...inputFor('registry-unavailable').diagnosis, for: [silent] };

    expect(textOf('registry-unavailable', { diagnosis })).toContain('does not answer');
    expect(textOf('registry-unavailable')).toContain('answers with errors');
  });
});

describe('a registry that public DNS does not know', () => {
  it('was deleted or is misspelt, and is not another tenant’s', () => {
    const row = { atMs: 0, revision: '', replica: '', reason: '', severity: '', text: 'lookup x: no such host' };
    const gone = { ...roleMissing, registry: known('not-found' as const), logs: known([row]) };

    expect(textOf('name-wrong', { evidence: gone })).toContain('it was deleted, or the name is wrong');
    expect(textOf('name-wrong', { evidence: gone })).not.toContain('another tenant');
  });
});

describe('too many failed sign-ins', () => {
  const hub = { ...target, registry: 'docker.io', image: 'docker.io/acme/orders:v1' };
  const text = '429 Too Many Requests - toomanyrequests: too many failed login attempts for username or IP address';
  const row = { atMs: 0, revision: '', replica: '', reason: '', severity: '', text };
  const entry = { server: 'docker.io', username: 'bot', secret: 'hub' };
  const locked = { ...roleMissing, app: known({ ...app, registries: [entry] }), logs: known([row]) };

  it('are no used-up limit: the password is corrected, and the lock waited for', () => {
    const said = textOf('rate-limited', { target: hub, evidence: locked });

    expect(said).toContain('The user name bot or its password is wrong');
    expect(said).toContain('az containerapp secret set');
    expect(said).not.toMatch(/limit of that account is used up|az acr import/);
  });

  it('are those of another program where the app signs in with no name', () => {
    const said = textOf('rate-limited', {
      target: hub,
      evidence: { ...locked, app: known({ ...app, registries: [] }) },
    });

    expect(said).toContain('another program behind the same address');
    expect(said).not.toContain('secret set');
  });

  it('are not meant by an ordinary limit of pulls', () => {
    const limit = { ...locked, logs: known([{ ...row, text: 'toomanyrequests: pull rate limit as bot' }]) };

    expect(textOf('rate-limited', { target: hub, evidence: limit })).toContain('the limit of that account is used up');
  });
});
