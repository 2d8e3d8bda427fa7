// Commands of a container group: `az container`, and no command of an app is left.
import { describe, expect, it } from 'vitest';
import { type Cause, causes } from '../../../src/lib/causes/causes.ts';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import type { Runbook } from '../../../src/lib/runbooks/runbook.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { groupFacts, groupTarget, image, roleMissing, target } from '../facts.ts';

const byPassword: AppFacts = { ...groupFacts, registries: [{ server: 'acrshop.azurecr.io', username: 'acrshop' }] };

function input(cause: Cause, app: AppFacts, detail: Readonly<Record<string, string>> = {}) {
  const diagnosis = { causes: [cause], sure: 'confirmed', for: [], against: [], network: 'allows', detail } as const;
  const evidence: Evidence = { ...roleMissing, app: known(app) };
  return { target: groupTarget, cause, diagnosis, evidence };
}

function runbookOf(cause: Cause, app = groupFacts, detail: Readonly<Record<string, string>> = {}): Runbook {
  return runbookFor(input(cause, app, detail));
}

describe('the runbook of a container group', () => {
  it.each(causes)('for %s has no command for a container app or a job', (cause) => {
    const { commands, verify, undo } = runbookOf(cause);

    // Environments are of Container Apps, and so are executions: a group has neither, and those causes are never found for it.
    for (const text of [...commands.map((one) => one.text), verify, undo])
      expect(text).not.toMatch(/az containerapp (?!env |job )/);
    expect(`${verify}`).not.toContain('--revision');
  });

  it('hands over with the command that deploys it again, and checks its containers', () => {
    const { commands, verify, title } = runbookOf('group-ended');

    expect(title).toContain('has to be deployed again');
    expect(commands.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^az container create --name cg-orders --resource-group rg-apps --subscription \\S+ --image ${image}$`,
        ),
      ),
    ]);
    expect(verify).toMatch(/^az container show --name cg-orders .*--query "containers\[\]\.\{container:name/);
    expect(verify).toMatch(
      /instanceView\.events.*\n# Proof: a container that started since the fix, and an event Pulled/,
    );
  });

  it('names a user-assigned identity twice where it is to pull: for the group, and for its registry', () => {
    const texts = runbookOf('registry-not-configured').commands.map(({ text }) => text);

    expect(texts[0]).toMatch(
      /^az container create --registry-login-server acrshop\.azurecr\.io --assign-identity (\S+) --acr-identity \1 --name cg-orders /,
    );
    expect(texts.join('\n')).toContain('properties.imageRegistryCredentials in the template of the container group');
  });

  it('says that only an identity of the group itself, which a user assigned, can pull', () => {
    expect(runbookOf('identity-not-assigned').advice).toContain('Only a user-assigned identity');
  });
});

describe('a registry that is restricted to networks', () => {
  it('is opened for trusted services, never for an address, even if the text names one', () => {
    const { commands, undo, advice } = runbookOf('registry-firewall', groupFacts, {
      needs: 'trusted-services',
      ip: '20.1.2.3',
    });

    expect(commands.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^az acr update --name acrshop .*--allow-trusted-services true$/),
    ]);
    expect(`${advice}${undo}`).not.toContain('20.1.2.3');
  });

  it('needs an identity where a password pulls, and trusted services only where those are not let in', () => {
    const [only, ...others] = runbookOf('registry-firewall', byPassword, { needs: 'identity' }).commands;
    expect(only?.text).toContain(
      '--registry-login-server acrshop.azurecr.io --assign-identity IDENTITY_ID --acr-identity IDENTITY_ID',
    );
    expect(others).toEqual([]);
    expect(runbookOf('registry-firewall', byPassword, { needs: 'trusted-services' }).commands).toHaveLength(2);
  });

  it('of a container app is still answered with a rule for the address', () => {
    const of = { ...input('registry-firewall', groupFacts, { ip: '20.1.2.3' }), evidence: roleMissing, target };
    expect(runbookFor(of).commands[0]?.text).toContain('--ip-address 20.1.2.3');
  });
});

it.each([
  'registry-firewall',
  'credential-rejected',
  'identity-gone',
  'identity-not-assigned',
  'registry-not-configured',
] as const)('answers %s for a container group in the same way where the group could not be read', (cause) => {
  const nothingRead: Evidence = { atMs: 0, app: unreadable('throttled') };
  const unread = { ...input(cause, groupFacts), evidence: nothingRead };
  const { commands, advice } = runbookFor(unread);
  const texts = commands.map(({ text }) => text).join('\n');

  expect(`${advice}${texts}`).not.toMatch(/containerapp|--ip-address|--system-assigned|'system'|container restart/);
  expect(commands.length).toBeGreaterThan(0);
});

describe('a container group whose password is rejected', () => {
  const runbook = runbookOf('credential-rejected', byPassword);
  const texts = runbook.commands.map(({ text }) => text).join('\n');

  it('is deployed with its whole entry, and is told what that leaves out', () => {
    expect(texts).toMatch(/az container create .*--registry-username acrshop --registry-password "\$NEW"/);
    expect(texts).toContain(`--image ${image}`);
    expect(runbook.advice).toContain('every other option that it was created with');
  });

  it('is offered no identity of its own, which cannot pull, and no template of an app', () => {
    expect(texts).not.toMatch(/containerapp|system-assigned|'system'|passwordSecretRef|container restart/);
  });
});

it('names a user-assigned identity in the template of a container group whose identity is gone', () => {
  const bicep = runbookOf('identity-gone').commands.filter(({ language }) => language === 'bicep');

  expect(bicep).not.toEqual([]);
  for (const { text } of bicep) expect(text).not.toContain("'system'");
});
