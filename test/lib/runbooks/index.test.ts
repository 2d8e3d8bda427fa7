// Every cause has a runbook, with something to run or the sentence that there is nothing, and no name in it can become a command.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cause, causes } from '../../../src/lib/causes/causes.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { bicepString, shellWord } from '../../../src/lib/runbooks/runbook.ts';
import { parseArmId } from '../../../src/lib/words/arm-id.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { acrPull, app, appId, dnsUnlinked, image, principal, registry, registryId } from '../facts.ts';
import { bicepOf, detail, diagnosisOf, inputFor, knowingNothing, runnable } from './cases.ts';
import { azCommand, shellWords } from './shell-words.ts';

describe.each(causes)('the runbook of %s', (cause) => {
  it.each([
    ['with every fact', inputFor(cause)],
    ['with none', knowingNothing(cause)],
  ])('has something to run or says that there is nothing, %s', (_, input) => {
    const runbook = runbookFor(input);

    expect(runbook.commands.length > 0 || runbook.advice.includes('no command')).toBe(true);
    expect(runnable(runbook).length).toBeGreaterThan(0);
  });

  it.each([
    ['with every fact', inputFor(cause)],
    ['with none', knowingNothing(cause)],
  ])('leaves no value out and writes none that is not there, %s', (_, input) => {
    const runbook = runbookFor(input);

    for (const command of runnable(runbook)) {
      const { verbs, options } = azCommand(command);
      expect(verbs.length).toBeGreaterThan(0);
      expect([...options.values()]).not.toContain('');
    }
    for (const text of [...runnable(runbook), ...bicepOf(runbook), runbook.title, runbook.advice])
      expect(text).not.toMatch(/undefined|null|\[object|NaN/);
    for (const text of bicepOf(runbook)) expect(text).not.toContain(": ''");
  });
});

describe('what Bicep can do is offered as Bicep too', () => {
  it.each<Cause>([
    'pull-role-missing',
    'pull-role-removed',
    'registry-became-abac',
    'identity-not-assigned',
    'identity-gone',
    'registry-not-configured',
    'arm-audience-disabled',
    'credential-rejected',
    'registry-firewall',
    'no-private-path',
    'private-dns-unlinked',
    'private-dns-zone-group-missing',
    'private-dns-record-missing',
    'private-dns-record-stale',
    'egress-blocked',
    'identity-egress-blocked',
  ])('%s', (cause) => {
    expect(bicepOf(runbookFor(inputFor(cause)))).not.toEqual([]);
  });
});

describe('what else was found', () => {
  const both = {
    ...diagnosisOf('reference-invalid'),
    causes: ['reference-invalid', 'registry-not-configured'] as const,
  };
  const found = (named: string) => {
    const evidence = { ...dnsUnlinked, app: known({ ...app, images: [named] }) };
    return runbookFor({ ...inputFor('reference-invalid'), target: targetOf(appId, named), diagnosis: both, evidence });
  };

  it('is no missing entry for Docker Hub where the image only lost its host', () => {
    expect(found('shop/orders:v1').advice).not.toContain('Also found');
  });

  it('is a missing entry where the image names its host', () => {
    expect(found('ghcr.io/shop/orders:v1').advice).toContain('Also found: registry-not-configured. Fix it next.');
  });
});

describe('a command that overwrites something that works', () => {
  /** What a command takes the place of, and the words of a title that say so. */
  const overwrites: readonly (readonly [RegExp, RegExp])[] = [
    [/role assignment update/, /replace/i],
    [/(?:containerapp(?: job)?|keyvault) secret set/, /password|secret|another/i],
    [/acr credential renew|ad app credential reset(?!.*--append)|acr import.*--force/, /replace|stops/i],
    [/acr build.*--image \S+:(?!NEW_TAG)/, /replace|overwrite/i],
    [/network private-endpoint delete/, /^Delete/],
    [/acr update.*--admin-enabled true/, /admin user/],
  ];
  const hasSaid = (title: string, text: string): boolean =>
    overwrites.every(([command, words]) => !command.test(text) || words.test(title));

  it.each(causes)('says so in its title in the runbook of %s', (cause) => {
    for (const input of [inputFor(cause), knowingNothing(cause)])
      for (const { title, text } of runbookFor(input).commands)
        expect([title, hasSaid(title, text)]).toEqual([title, true]);
  });

  it('is told from one that adds', () => {
    expect(hasSaid('Renew it', 'az acr credential renew --name a')).toBe(false);
    expect(hasSaid('Build it', 'az acr build --registry a --image shop/web:v1 .')).toBe(false);
    expect(hasSaid('Build it', 'az acr build --registry a --image shop/web:NEW_TAG .')).toBe(true);
  });
});

describe('the commands', () => {
  it('name the subscription, because the one that is signed in to may be another', () => {
    for (const cause of causes) {
      for (const command of runnable(runbookFor(inputFor(cause)))) {
        const { options } = azCommand(command);
        if (options.get('--resource-group') === 'GROUP' || !options.has('--resource-group')) continue;
        expect(options.get('--subscription')).toBe(appId.split('/')[2]);
      }
    }
  });
});

describe('hostile names', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "'",
      '"',
      '`',
      '$(id)',
      '${x}',
      ';',
      '&&',
      '|',
      '>',
      '\\',
      '\n',
      ' ',
      '*',
      '~',
      '#',
      '!',
      "'''",
      '()',
      '{}',
      "\\'",
      '%',
      '\t',
    ),
    fc.constantFrom('acr', 'shop', '-', '--', '.', '/', ':', '@', 'azurecr.io', '10.0.0.4'),
    fc.string({ maxLength: 4 }),
  );
  const hostile = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
  const lacks = fc.constantFrom('peering', 'endpoint');
  const armName = fc.stringMatching(/^[0-9a-z._()-]{1,20}$/);
  const worlds = fc
    .record({ name: armName, image: hostile, host: hostile, user: hostile, identity: hostile, value: hostile, lacks })
    .map(({ name, image: named, host, user, identity, value, lacks: missing }) => {
      const id = parseArmId(`${appId.slice(0, appId.lastIndexOf('/'))}/${name}`) ?? appId;
      const evil = { appId: id, appName: name, image: named, registry: host };
      const entry = { server: host.toLowerCase(), identity, username: user };
      const evidence: Evidence = {
        ...dnsUnlinked,
        app: known({ ...app, id, userIdentities: [], registries: [entry] }),
        registry: known({ ...registry, loginServer: host, ipRules: [value] }),
      };
      const more = ['missing', 'nsg', 'table', 'endpointVnet', 'servers', 'denial', 'scope', 'priority'];
      const spoiled = {
        ...Object.fromEntries([...Object.keys(detail), ...more].map((key) => [key, value])),
        lacks: missing,
      };
      return { target: evil, evidence, diagnosis: { ...diagnosisOf('unexplained'), detail: spoiled } };
    });

  it('stay one word each: no value ends its quotes, becomes a second word or reaches the shell bare', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...causes), (world, cause) => {
        const grant = { registryId, principalId: principal, roleId: acrPull, repository: world.target.image };
        for (const command of runnable(runbookFor({ ...world, cause, grant })))
          expect([...azCommand(command).options.values()]).not.toContain('');
      }),
      { numRuns: 1000 },
    );
  });

  it('a value goes through the shell unchanged', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(shellWords(`az --x ${shellWord(value)}`)).toEqual(['az', '--x', value]);
      }),
    );
  });

  it('a value stays inside its Bicep string: no quote ends it, nothing in it is evaluated', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const inside = bicepString(value).slice(1, -1);
        // Without its escapes, nothing is left that Bicep would read. A blank keeps what stood around one apart.
        const bare = inside.replace(/\\(?:['\\nr]|\$\{)/g, ' ');
        expect(bare).not.toMatch(/['\\\n\r]|\$\{/);
      }),
    );
  });

  it('no image and no host is written into Bicep but as a string', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...causes), (world, cause) => {
        const grant = { registryId, principalId: principal, roleId: acrPull, repository: world.target.image };
        for (const text of bicepOf(runbookFor({ ...world, cause, grant }))) {
          const outside = text
            .replace(/^\/\/[^\n]*\n(?:@secure\(\)\n)?/, '')
            .replace(/'(?:[^'\\\n$]|\\.|\$(?!\{))*'/g, '');
          expect(outside).toMatch(/^[\w\s{}[\]()=:,.]*$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('an image that is a harmless name is written as it is', () => {
    expect(shellWord(image)).toBe(image);
  });
});
