import { describe, expect, it } from 'vitest';
import { credentialFaults, usesAdminUser } from '../../../src/lib/diagnosis/credentials.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { AppFacts, RegistryEntry } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { declaredIdentity } from '../../../src/lib/evidence/evidence.ts';
import type { RegistryFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import {
  app,
  appId,
  dnsUnlinked,
  identityId,
  minute,
  nowMs,
  registry,
  roleMissing,
  target,
  unauthorized,
} from '../facts.ts';
import { decideOn } from '../situations.ts';

const host = 'acrshop.azurecr.io';
const admin: RegistryEntry = { server: host, username: 'acrShop', secret: 'acr-password' };
const adminOn: RegistryFacts = { ...registry, adminUser: true };
const adminOff = { ...registry, adminUser: false };

function signedIn(entry: RegistryEntry, more: Partial<AppFacts> = {}, facts = adminOn): Evidence {
  const secrets = ['acr-password', 'db'];
  return { ...roleMissing, app: known({ ...app, registries: [entry], secrets, ...more }), registry: known(facts) };
}

function diagnosed(evidence: Evidence, label: 'unauthorized' | 'manifest-unknown' = 'unauthorized') {
  return diagnose({ target, evidence, suspicions: [{ ...unauthorized, label }], pulledBefore: false });
}

function runbook(evidence: Evidence, cause: 'credential-rejected' | 'registry-not-configured' = 'credential-rejected') {
  return runbookFor({ target, cause, diagnosis: diagnosed(evidence), evidence });
}

function commands(evidence: Evidence, cause?: 'registry-not-configured'): string {
  return runbook(evidence, cause)
    .commands.map(({ text }) => text)
    .join('\n');
}

const { secrets: _, ...withoutSecrets } = app;

describe('beside a user name and a secret', () => {
  const missing = known({ state: 'missing' as const, what: 'tag' as const, tags: ['v2'] });
  const codes = (found: ReturnType<typeof diagnosed>): string[] => found.for.map(({ code }) => code);

  it('an image that is not there is proved, and is the cause', () => {
    const found = diagnosed({ ...signedIn(admin), manifest: missing });

    expect([found.causes, found.sure]).toEqual([['tag-missing'], 'confirmed']);
    expect(codes(found)).toContain('image-missing');
  });

  it('an image that is not there is named after a credential that cannot work', () => {
    expect(diagnosed({ ...signedIn(admin, {}, adminOff), manifest: missing }).causes).toEqual([
      'credential-rejected',
      'tag-missing',
    ]);
  });

  it('an image that is there leaves the credential suspected', () => {
    const found = diagnosed({ ...signedIn(admin), manifest: known({ state: 'exists' }) });

    expect([found.causes, found.sure]).toEqual([['credential-rejected'], 'suspected']);
    expect(found.against).toContainEqual({ code: 'image-exists', detail: {} });
  });

  it('whoever changed the registry last is named', () => {
    const changes = known([{ atMs: nowMs - minute, by: 'ben@contoso.example' }]);

    expect(diagnosed({ ...signedIn(admin, {}, adminOff), changes }).for).toContainEqual({
      code: 'registry-changed-by',
      detail: { by: 'ben@contoso.example', when: '1 minute ago' },
    });
  });
});

describe('a user name and a secret', () => {
  it.each<[string, Evidence, string[], string, string[]]>([
    ['that nothing speaks against are suspected', signedIn(admin), ['credential-rejected'], 'suspected', []],
    [
      'of an admin user who is disabled cannot work',
      signedIn(admin, {}, adminOff),
      ['credential-rejected'],
      'confirmed',
      ['admin-user-disabled'],
    ],
    [
      'of somebody else may work while the admin user is disabled',
      signedIn({ ...admin, username: 'token-1' }, {}, adminOff),
      ['credential-rejected'],
      'suspected',
      [],
    ],
    [
      'of an admin user of whom ARM says nothing are suspected',
      signedIn(admin, {}, registry),
      ['credential-rejected'],
      'suspected',
      [],
    ],
    [
      'cannot work without the secret',
      signedIn({ ...admin, secret: 'acr-pasword' }),
      ['credential-rejected'],
      'confirmed',
      ['secret-missing'],
    ],
    [
      'are suspected where ARM lists no secrets at all',
      { ...roleMissing, app: known({ ...withoutSecrets, registries: [admin] }) },
      ['credential-rejected'],
      'suspected',
      [],
    ],
    [
      'of a login token are suspected: it may have been renewed',
      signedIn({ ...admin, username: '00000000-0000-0000-0000-000000000000' }),
      ['credential-rejected'],
      'suspected',
      ['login-token-used'],
    ],
    [
      'are not blamed for a private way that is broken',
      { ...dnsUnlinked, app: known({ ...app, registries: [admin], secrets: ['acr-password'] }) },
      ['private-dns-unlinked'],
      'confirmed',
      [],
    ],
    [
      'that cannot work are named together with a private way that is broken',
      { ...dnsUnlinked, app: known({ ...app, registries: [admin], secrets: [] }) },
      ['credential-rejected', 'private-dns-unlinked'],
      'confirmed',
      ['secret-missing'],
    ],
  ])('%s', (_name, evidence, causes, sure, findings) => {
    const diagnosis = diagnosed(evidence);

    expect(diagnosis).toMatchObject({ causes, sure });
    const codes = diagnosis.for.map(({ code }) => code);
    expect(codes).toContain('credential-used');
    expect(codes.filter((code) => /secret-missing|admin-user|login-token/.test(code))).toEqual(findings);
  });

  it('that cannot work are the cause whatever the text says, and others are not', () => {
    expect(diagnosed(signedIn(admin, {}, adminOff), 'manifest-unknown').causes).toEqual(['credential-rejected']);
    expect(diagnosed(signedIn(admin), 'manifest-unknown').causes).toEqual(['tag-missing']);
  });

  it('never lead to a grant', () => {
    for (const evidence of [signedIn(admin), signedIn(admin, {}, adminOff), signedIn(admin, { secrets: [] })])
      expect(decideOn(evidence).decision).toMatchObject({ do: 'incident', cause: 'credential-rejected' });
  });

  it('that name no secret lack none', () => {
    expect(credentialFaults(target, signedIn({ server: host, username: 'bot' }))).toEqual([]);
    expect(credentialFaults(target, signedIn({ server: host }, {}, adminOff))).toEqual([]);
  });

  it('of an app or a registry that cannot be read, or of an entry with an identity, have no known fault', () => {
    const token = { ...admin, username: '00000000-0000-0000-0000-000000000000' };
    const ghcr = targetOf(appId, 'ghcr.io/shop/orders:v1');

    expect(credentialFaults(target, { ...signedIn(admin), app: unreadable('forbidden') })).toEqual([]);
    expect(credentialFaults(target, { ...signedIn(admin), app: known('gone') })).toEqual([]);
    expect(credentialFaults(target, { ...signedIn(admin), registry: unreadable('forbidden') })).toEqual([]);
    expect(credentialFaults(target, signedIn({ ...admin, secret: 'none', identity: identityId }))).toEqual([]);
    expect(usesAdminUser(target, { ...signedIn(admin), registry: unreadable('forbidden') })).toBe(false);
    expect(credentialFaults(ghcr, signedIn({ ...token, server: 'ghcr.io' }))).toEqual([]);
  });

  it('of a registry that cannot be read are judged by the secret alone', () => {
    const unread = { ...signedIn(admin, { secrets: [] }), registry: unreadable<never>('forbidden') };

    expect(diagnosed(unread)).toMatchObject({ causes: ['credential-rejected'], sure: 'confirmed' });
    expect(diagnosed({ ...signedIn(admin), registry: unreadable<never>('forbidden') }).sure).toBe('suspected');
  });
});

describe('the runbook of a credential', () => {
  it('gives the app the password that is good now, and then lets it pull', () => {
    const { commands: steps } = runbook(signedIn(admin));
    const at = (text: string): number => steps.findIndex((step) => step.text.includes(text));

    expect(at('az acr credential show')).toBe(at('--secrets acr-password="$NEW"'));
    expect(at('az acr credential show')).toBeLessThan(at('revision restart'));
  });

  it('also says how to move to an identity, in az and in Bicep', () => {
    const { commands: steps } = runbook(signedIn(admin));
    const languages = steps.filter(({ text }) => /identity/.test(text)).map(({ language }) => language);

    expect(new Set(languages)).toEqual(new Set(['az', 'bicep']));
    expect(commands(signedIn(admin))).toContain('--role AcrPull');
    expect(commands(signedIn(admin, {}, { ...adminOn, roleMode: 'abac' }))).toContain(
      "--role 'Container Registry Repository Reader'",
    );
  });

  it('prefers the identity where the admin user is disabled, and changes no password', () => {
    const evidence = signedIn(admin, {}, adminOff);

    expect(runbook(evidence).commands[0]?.text).toContain('az identity show');
    expect(commands({ ...evidence, app: known({ ...app, userIdentities: [], registries: [admin] }) })).toContain(
      'identity assign',
    );
    expect(commands(evidence)).toContain('--admin-enabled true');
    expect(commands(evidence)).not.toContain('credential renew');
    expect(runbook(evidence).undo).toContain('--admin-enabled false');
  });

  it('says which secret is missing and which there are', () => {
    const { advice } = runbook(signedIn({ ...admin, secret: 'acr-pasword' }));

    expect(advice).toContain('acr-pasword');
    expect(advice).toContain('acr-password, db');
  });

  it('renews no admin password for somebody who does not use it', () => {
    expect(commands(signedIn({ ...admin, username: 'token-1' }))).not.toContain('credential renew');
    expect(commands(signedIn({ ...admin, username: 'token-1' }))).toContain('secret set');
  });

  it('of another registry knows no identities', () => {
    const ghcr = targetOf(appId, 'ghcr.io/shop/orders:v1');
    const evidence = signedIn({ server: 'ghcr.io', username: 'bot', secret: 'ghcr' }, { images: [ghcr.image] });
    const diagnosis = diagnose({ target: ghcr, evidence, suspicions: [unauthorized], pulledBefore: false });
    const { commands: steps } = runbookFor({ target: ghcr, cause: 'credential-rejected', diagnosis, evidence });

    expect(diagnosis).toMatchObject({ causes: ['credential-rejected'], sure: 'confirmed' });
    expect(steps.map(({ text }) => text).join('\n')).not.toContain('identity');
  });

  it('is one word for the shell and one string for Bicep, whatever a name holds', () => {
    const evil = signedIn({ ...admin, username: "x' }] $(id) ${a}", secret: "a'; id" }, { secrets: [] });

    expect(commands(evil)).toContain(`--secrets 'a'\\''; id'="$NEW"`);
    expect(commands(evil)).toContain("username: 'x\\' }] $(id) \\${a}'");
  });
});

function entries(...servers: string[]): Evidence {
  const registries = servers.map((server) => ({ server, identity: identityId }));
  return { ...roleMissing, app: known({ ...app, registries }), registry: known({ ...registry, anonymousPull: false }) };
}

describe('an app without an entry for the registry', () => {
  it.each([
    ['https://acrshop.azurecr.io', true],
    ['acrshop.azurecr.io/shop', true],
    ['acrshop.westeurope.geo.azurecr.io', true],
    ['acrshop-a1b2c3.azurecr.io', true],
    ['http://acrshop.azurecr.io', true],
    ['acrshop.azurecr.io:443', true],
    ['ACRSHOP.azurecr.io/', true],
    ['acrshop.azurecr.us', true],
    ['acrshp.azurecr.io', true],
    ['cracrshop.azurecr.io', true],
    ['shop.azurecr.io', false],
    ['acrshop1.azurecr.i', true],
    ['acrshop12.azurecr.i', false],
    ['bcrsoop.azurecr.xx', false],
    ['acrshop.azurecr.io.evil.example', false],
    ['acrshop.example.org', false],
    ['ahttps://acrshop.azurecr.io', false],
    ['', false],
    ['acrsohp.azurecr.io', true],
    ['acrstore.azurecr.io', false],
    ['ghcr.io', false],
  ])('but one for %s: probably meant for it: %s', (server, meant) => {
    const evidence = entries('ghcr.io', server);
    const diagnosis = diagnosed(evidence);

    expect(diagnosis).toMatchObject({ causes: ['registry-not-configured'], sure: 'confirmed' });
    const found = diagnosis.for.filter(({ code }) => code === 'entry-for-another-host');
    expect(found).toEqual(meant ? [{ code: 'entry-for-another-host', detail: { server } }] : []);
    const { advice } = runbook(evidence, 'registry-not-configured');
    expect(advice).toContain(`entries for ghcr.io, ${server}`);
    expect(advice.includes('probably meant')).toBe(meant);
    expect(commands(evidence, 'registry-not-configured')).toContain(`--identity ${identityId}`);
    expect(commands(evidence, 'registry-not-configured').includes('registry remove')).toBe(meant);
  });

  it('cannot pull from a registry that lets nobody pull without signing in, whatever the text says', () => {
    expect(diagnosed(entries(), 'manifest-unknown').causes).toEqual(['registry-not-configured']);
  });

  it('can pull from one that lets everybody pull', () => {
    const open = { ...entries(), registry: known({ ...registry, anonymousPull: true }) };

    expect(diagnosed(open, 'manifest-unknown').causes).toEqual(['tag-missing']);
  });

  it('has two things to put right where the private way is broken too', () => {
    const evidence = { ...dnsUnlinked, app: known({ ...app, registries: [] }) };

    expect(diagnosed(evidence).causes).toEqual(['registry-not-configured', 'private-dns-unlinked']);
  });
});

describe('Docker Hub', () => {
  const hub = targetOf(appId, 'nginx:1.27');

  it.each(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'Docker.IO'])('answers to %s', (server) => {
    const evidence = { ...roleMissing, app: known({ ...app, registries: [{ server, username: 'bot' }] }) };

    expect(declaredIdentity(hub, evidence).kind).toBe('credential');
    expect(declaredIdentity(target, evidence).kind).toBe('not-configured');
  });

  it('limits whoever does not sign in: sign in, or move the image', () => {
    const limited = { label: 'rate-limited', rule: 'x', words: 'x' } as const;
    const evidence = { ...roleMissing, app: known({ ...app, registries: [], images: [hub.image] }) };
    const diagnosis = diagnose({ target: hub, evidence, suspicions: [limited], pulledBefore: false });
    const found = runbookFor({ target: hub, cause: 'rate-limited', diagnosis, evidence });

    expect(diagnosis.causes).toEqual(['rate-limited']);
    expect(found.commands.map(({ text }) => text).join('\n')).toContain(
      '--source docker.io/library/nginx:1.27 --image library/nginx:1.27',
    );
    expect(found.commands.some(({ text }) => text.includes('--server docker.io --username'))).toBe(true);
    const ofAzure = runbookFor({ target, cause: 'rate-limited', diagnosis, evidence });
    expect(JSON.stringify(ofAzure.commands)).not.toMatch(/registry set|acr import|acr cache/);
  });
});
