// An image reference that cannot be right is proved by the template; one that only may be wrong is suspected, and only if nothing else is.
import { describe, expect, it } from 'vitest';
import type { Suspicion } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { AppFacts, RegistryEntry } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf, unnamedImage } from '../../../src/lib/words/target.ts';
import { app, appId, roleMissing } from '../facts.ts';

const acr: RegistryEntry = { server: 'acrshop.azurecr.io', identity: 'system' };

function world(image: string, more: Partial<AppFacts> = {}): Evidence {
  const { environment } = roleMissing;
  const template = { ...app, images: [image], registries: [acr], ...more };
  return { atMs: roleMissing.atMs, app: known(template), ...(environment === undefined ? {} : { environment }) };
}

const refused: Suspicion = { label: 'unauthorized', rule: 'pull-access-denied', words: 'pull access denied' };

function diagnosed(image: string, evidence: Evidence, ...suspicions: Suspicion[]) {
  return diagnose({ target: targetOf(appId, image), evidence, suspicions, pulledBefore: false });
}

function adviceFor(image: string, evidence: Evidence, ...suspicions: Suspicion[]): string {
  const diagnosis = diagnosed(image, evidence, ...suspicions);
  const [cause = 'unexplained'] = diagnosis.causes;
  return JSON.stringify(runbookFor({ target: targetOf(appId, image), cause, diagnosis, evidence }));
}

describe('a reference that cannot be right', () => {
  it.each([
    '/albumapp-ui',
    'acrshop.azurecr.io/#{environmentName}:v1',
    'acrshop.azurecr.io/Shop/Orders:v3',
    'docker.io/docker.io/contoso/orders:v1',
    'acrshop.azurecr.io.azurecr.io/orders:v1',
    'acrshop.azurecr.io/orders:v1 beta',
  ])('%s is the cause before any log is read, and whatever a log says', (image) => {
    const silent = diagnosed(image, world(image));

    expect(silent).toMatchObject({ causes: ['reference-invalid'], sure: 'confirmed' });
    expect(silent.for).toContainEqual(expect.objectContaining({ code: 'reference-wrong' }));
    expect(diagnosed(image, world(image), refused)).toMatchObject({ causes: ['reference-invalid'], sure: 'confirmed' });
    expect(diagnosed(image, { atMs: 0, app: unreadable('throttled') }).causes).toEqual(['reference-invalid']);
  });

  it('is answered with the reference that was meant, and never with an entry for a registry that has no name', () => {
    expect(adviceFor('/albumapp-ui', world('/albumapp-ui'))).toContain('--image acrshop.azurecr.io/albumapp-ui');
    for (const image of ['/albumapp-ui', '#{name}', 'a::b', 'x [y]', ''])
      expect(adviceFor(image, world(image, { registries: [] }), refused)).not.toMatch(/unknown/);
  });

  it('is said without the password that it holds', () => {
    const image = 'https://robot:S3cret@acrshop.azurecr.io/orders:v1';
    const said = adviceFor(image, world(image));

    expect(said).toContain('--image acrshop.azurecr.io/orders:v1');
    expect(said).not.toContain('S3cret');
    expect(JSON.stringify(diagnosed(image, world(image)).for)).not.toContain('S3cret');
  });

  it('that does not follow the rules, and breaks none that is known, is suspected where nothing else explains it', () => {
    const image = 'images:ubuntu/24.04';
    const full: Suspicion = { label: 'no-space', rule: 'disk-full', words: 'no space left on device' };

    expect(diagnosed(image, world(image))).toMatchObject({ causes: ['reference-invalid'], sure: 'suspected' });
    expect(diagnosed(image, world(image), full).causes).toEqual(['no-space']);
  });
});

describe('an image that no error of Azure names', () => {
  it('is neither a wrong reference nor a doubted one', () => {
    expect(diagnosed(unnamedImage, world(unnamedImage)).causes).not.toContain('reference-invalid');
    expect(diagnosed(unnamedImage, world(unnamedImage), refused).causes).not.toContain('reference-invalid');
  });
});

describe('a path that repeats its host', () => {
  const image = 'acrshop.azurecr.io/acrshop.azurecr.io/orders:v1';
  const missing = known({ state: 'missing', what: 'repository', tags: [] } as const);

  it('is the cause where the registry says that it has no such image', () => {
    expect(diagnosed(image, { ...world(image), manifest: missing })).toMatchObject({
      causes: ['reference-invalid'],
      sure: 'confirmed',
    });
    expect(adviceFor(image, { ...world(image), manifest: missing })).toContain('--image acrshop.azurecr.io/orders:v1');
  });

  it('may be the name of a real repository: it is no proof where the registry was not asked or has the image', () => {
    const asked = { ...roleMissing, app: known({ ...app, images: [image] }) };

    expect(diagnosed(image, asked).causes).toEqual(['pull-role-missing']);
    expect(diagnosed(image, { ...asked, manifest: known({ state: 'exists' }) }).causes).toEqual(['pull-role-missing']);
  });
});

describe('an image without a host', () => {
  const image = 'orders:v1';

  it('that Docker Hub refuses was perhaps meant for the only registry that the app has an entry for', () => {
    const found = diagnosed(image, world(image), refused);

    expect(found).toMatchObject({ causes: ['reference-invalid'], sure: 'suspected' });
    expect(found.for).toContainEqual({
      code: 'reference-wrong',
      detail: { image, fault: 'no-host', server: 'acrshop.azurecr.io' },
    });
    expect(adviceFor(image, world(image), refused)).toContain('--image acrshop.azurecr.io/orders:v1');
    expect(adviceFor(image, world(image), refused)).toContain('The only registry entry of the app is for acrshop');
  });

  it('and with the name of an account may be private at Docker Hub: both are suspected', () => {
    const ofAccount = 'contoso/private-web:v1';

    expect(diagnosed(ofAccount, world(ofAccount), refused)).toMatchObject({
      causes: ['reference-invalid', 'registry-not-configured'],
      sure: 'suspected',
    });
    const other = world(ofAccount, { registries: [{ server: 'quay.io', username: 'u', secret: 's' }] });
    expect(diagnosed(ofAccount, other, refused).causes).toEqual(['registry-not-configured', 'reference-invalid']);
  });

  it('that begins with the name of the registry has lost the end of the host only', () => {
    const ofName = 'acrshop/shop/orders:v1';

    expect(adviceFor(ofName, world(ofName), refused)).toContain('--image acrshop.azurecr.io/shop/orders:v1');
  });

  it('and with an entry that signs in with a password is suspected beside that password', () => {
    const entry = { server: 'acrshop.azurecr.io', username: 'shop', secret: 'token' };
    const evidence = world(image, { registries: [entry], secrets: ['token'] });
    const subject = { ...targetOf(appId, image), registry: 'acrshop.azurecr.io' };
    const input = { target: subject, evidence, suspicions: [refused], pulledBefore: false };

    expect(diagnose(input)).toMatchObject({ causes: ['reference-invalid', 'credential-rejected'], sure: 'suspected' });
  });

  it('is suspected where no text says why it fails', () => {
    expect(diagnosed(image, world(image))).toMatchObject({ causes: ['reference-invalid'], sure: 'suspected' });
  });

  it.each<[string, Partial<AppFacts>, Partial<Suspicion>]>([
    ['an entry for Docker Hub', { registries: [{ server: 'index.docker.io' }] }, {}],
    ['no entry', { registries: [] }, {}],
    ['two entries', { registries: [acr, { server: 'ghcr.io', username: 'u' }] }, {}],
    ['another image of that registry', { images: [image, 'acrshop.azurecr.io/side:v1'] }, {}],
    ['a refusal by another registry', {}, { registry: 'acrshop.azurecr.io' }],
    ['a limit of Docker Hub', {}, { label: 'rate-limited' }],
    ['a tag that Docker Hub does not have', {}, { label: 'manifest-unknown' }],
  ])('may be of Docker Hub all the same: with %s nothing is proved', (_, more, said) => {
    const { causes, sure } = diagnosed(image, world(image, more), { ...refused, ...said });

    expect([...causes, sure]).not.toEqual(['reference-invalid', 'confirmed']);
  });
});

describe('an official image that Docker Hub refuses', () => {
  it.each(['ngnix:latest', 'docker.io/library/ngnix:latest'])(
    'does not exist, whatever entries the app has: %s',
    (image) => {
      const byHub = { ...refused, registry: 'docker.io', words: 'pull access denied for ngnix' };

      for (const registries of [[], [acr, { server: 'ghcr.io', username: 'u' }]])
        expect(diagnosed(image, world(image, { registries }), byHub)).toMatchObject({
          causes: ['reference-invalid'],
          sure: 'suspected',
        });
      expect(adviceFor(image, world(image, { registries: [] }), byHub)).toContain('probably none is called so');
    },
  );

  it('is no wrong name where its account, its token service or something on the way refuses', () => {
    const said = { ...refused, registry: 'docker.io', words: 'unauthorized: incorrect username or password' };
    const hub = { server: 'docker.io', username: 'bot', secret: 'hub' };
    const causes = (registries: (typeof hub)[]): readonly string[] =>
      diagnosed('nginx:1', world('nginx:1', { registries, secrets: ['hub'] }), said).causes;

    expect(causes([hub])).toEqual(['credential-rejected']);
    expect(causes([])).toEqual(['registry-unavailable']);
  });

  it('is told from a repository of an account, which may be private', () => {
    const image = 'contoso/orders:v1';

    expect(diagnosed(image, world(image, { registries: [] }), refused).causes).toEqual(['registry-not-configured']);
  });

  it('is no wrong name where the limit of Docker Hub or another registry refuses', () => {
    const limited = { ...refused, label: 'rate-limited' } as const;

    expect(diagnosed('nginx:1', world('nginx:1', { registries: [] }), limited).causes).toEqual(['rate-limited']);
  });
});

describe('the registry of Microsoft', () => {
  it('takes no sign-in, so that no entry for it is ever missing', () => {
    const image = 'mcr.microsoft.com/k8se/quickstart:latest';

    expect(diagnosed(image, world(image), refused).causes).not.toContain('registry-not-configured');
    expect(diagnosed('ghcr.io/contoso/a:v1', world('ghcr.io/contoso/a:v1'), refused).causes).toEqual([
      'registry-not-configured',
    ]);
  });
});
