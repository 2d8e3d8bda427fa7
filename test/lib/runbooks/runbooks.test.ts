// Runbooks hold what a person will paste into a shell: every cause has one, and no name can become a command.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cause, causes } from '../../../src/lib/causes/causes.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { type Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { bicepString, type Runbook, type RunbookInput, shellWord } from '../../../src/lib/runbooks/runbook.ts';
import { parseArmId } from '../../../src/lib/words/arm-id.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  appId,
  dnsUnlinked,
  endpointId,
  image,
  principal,
  registry,
  registryId,
  roleMissing,
  target,
  vnetId,
  zoneId,
} from '../facts.ts';
import { azCommand, azCommands, shellWords } from './shell-words.ts';

const detail = {
  zone: zoneId,
  vnet: vnetId,
  endpoint: endpointId,
  record: 'acrshop',
  ip: '10.70.4.5',
  found: '10.70.4.9, 10.70.4.10',
  refusedIp: '20.61.2.9',
  tags: 'v7, v6',
};

const nsgId = vnetId.replace('virtualnetworks/vnet-shop', 'networksecuritygroups/nsg-apps');
const tableId = vnetId.replace('virtualnetworks/vnet-shop', 'routetables/rt-apps');

function diagnosisOf(cause: Cause, more: Diagnosis['detail'] = detail): Diagnosis {
  return { causes: [cause], sure: 'confirmed', for: [], against: [], network: 'blocks', detail: more };
}

function inputFor(cause: Cause, more: Partial<RunbookInput> = {}): RunbookInput {
  const grant = { registryId, principalId: principal, roleId: acrPull };
  return { target, cause, diagnosis: diagnosisOf(cause), evidence: dnsUnlinked, grant, ...more };
}

/** Everything in a runbook that a person may run: the commands, the check and the way back. */
function runnable({ commands, verify, undo }: Runbook): string[] {
  const az = commands.filter((command) => command.language === 'az').map((command) => command.text);
  const others = [verify, undo].filter((text) => text.startsWith('az '));
  return [...az, ...others].flatMap(azCommands);
}

function bicepOf({ commands }: Runbook): string[] {
  return commands.filter((command) => command.language === 'bicep').map((command) => command.text);
}

/** Where nothing is known but the app's name and its image. */
const knowingNothing = (cause: Cause): RunbookInput => ({
  target,
  cause,
  diagnosis: diagnosisOf(cause, {}),
  evidence: { atMs: 0 },
});

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
    'repository-condition',
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

describe('the commands', () => {
  const text = (cause: Cause, more: Partial<RunbookInput> = {}): string =>
    JSON.stringify(runbookFor(inputFor(cause, more)));
  const withEntry = (identity: string): Evidence => ({
    ...roleMissing,
    app: known({ ...app, registries: [{ server: target.registry, identity }] }),
  });

  it('name the subscription, because the one that is signed in to may be another', () => {
    for (const cause of causes) {
      for (const command of runnable(runbookFor(inputFor(cause)))) {
        const { options } = azCommand(command);
        if (options.get('--resource-group') === 'GROUP' || !options.has('--resource-group')) continue;
        expect(options.get('--subscription')).toBe(appId.split('/')[2]);
      }
    }
  });

  it('assign the system identity as such, not as a user-assigned one of that name', () => {
    expect(text('identity-not-assigned', { evidence: withEntry('system') })).toContain('--system-assigned');
    expect(text('identity-not-assigned', { evidence: withEntry('system') })).not.toContain('--user-assigned');
  });

  it('assign the identity of the environment to the environment', () => {
    expect(text('identity-not-assigned', { evidence: withEntry('system-environment') })).toContain(
      'az containerapp env identity assign --system-assigned --name cae-shop',
    );
  });

  it('keep the addresses that the registry lets in already, because a deployment replaces the whole list', () => {
    const evidence = { ...dnsUnlinked, registry: known({ ...registry, ipRules: ['20.1.2.3'] }) };
    const [bicep = ''] = bicepOf(runbookFor(inputFor('registry-firewall', { evidence })));

    expect(bicep).toContain("'20.1.2.3'");
    expect(bicep).toContain("'10.70.4.5'");
  });

  it('offer no managed identity for a registry that is not in Azure', () => {
    const hub = { ...target, registry: 'docker.io', image: 'acme/orders:v1' };

    for (const cause of ['credential-rejected', 'registry-not-configured'] as const)
      expect(text(cause, { target: hub })).not.toContain('--identity');
  });

  it('move a registry to Premium first where it has no private endpoints yet', () => {
    const basic = { ...dnsUnlinked, registry: known({ ...registry, sku: 'Basic' }) };

    expect(text('no-private-path', { evidence: basic })).toContain('az acr update --name acrshop');
    expect(text('no-private-path')).not.toContain('--sku');
  });

  it('say that no endpoint helps an environment without a VNet', () => {
    expect(text('no-private-path', { evidence: roleMissing })).toContain('The environment has no VNet');
  });

  it('put every wrong address of a record right', () => {
    const stale = text('private-dns-record-stale');

    expect(stale).toContain('--ipv4-address 10.70.4.9 ');
    expect(stale).toContain('--ipv4-address 10.70.4.10 ');
  });

  it('write every record of a private endpoint, each with its own address', () => {
    const lists = { zone: zoneId, record: 'acrshop, acrshop.westeurope.data', ip: '10.70.4.5, 10.70.4.6' };
    const missing = text('private-dns-record-missing', {
      diagnosis: diagnosisOf('private-dns-record-missing', lists),
    });
    const stale = text('private-dns-record-stale', {
      diagnosis: diagnosisOf('private-dns-record-stale', { ...lists, found: '10.70.9.5, 10.70.9.6' }),
    });

    expect(missing).toContain('--record-set-name acrshop --ipv4-address 10.70.4.5');
    expect(missing).toContain('--record-set-name acrshop.westeurope.data --ipv4-address 10.70.4.6');
    expect(stale).toContain('--record-set-name acrshop.westeurope.data --ipv4-address 10.70.9.6 --keep-empty');
    expect(stale).not.toContain('--record-set-name acrshop --ipv4-address 10.70.9.6');
  });

  it('let a subnet out to what is missing, with a number below the one that denies', () => {
    const denied = { nsg: nsgId, rule: 'deny-all', priority: '399', missing: 'AzureContainerRegistry, 10.70.4.5' };
    const opened = text('egress-blocked', { diagnosis: diagnosisOf('egress-blocked', denied) });

    expect(opened).toContain('--nsg-name nsg-apps');
    expect(opened).toContain('--name allow-AzureContainerRegistry --priority 399');
    expect(opened).toContain('--name allow-10.70.4.5 --priority 398');
    expect(opened).not.toContain('AzureActiveDirectory --priority');
  });

  it('say that only its owner can open an appliance', () => {
    const subnet = `${vnetId}/subnets/snet-apps`;
    const routed = text('egress-blocked', { diagnosis: diagnosisOf('egress-blocked', { subnet }) });

    expect(routed).toContain('Whoever runs the appliance');
    expect(routed).not.toContain('nsg rule create');
  });

  it('name the rule that denies', () => {
    const denied = { nsg: nsgId, rule: 'deny-all', missing: 'AzureContainerRegistry' };

    expect(text('egress-blocked', { diagnosis: diagnosisOf('egress-blocked', denied) })).toContain(
      'The rule deny-all of nsg-apps denies port 443 to AzureContainerRegistry.',
    );
  });

  it('add a route beside the one that drops everything, and leave that one alone', () => {
    const dropped = { table: tableId, route: 'to-nowhere', missing: 'AzureActiveDirectory' };
    const routed = text('identity-egress-blocked', { diagnosis: diagnosisOf('identity-egress-blocked', dropped) });

    expect(routed).toContain('--route-table-name rt-apps');
    expect(routed).toContain('--address-prefix AzureActiveDirectory --next-hop-type Internet');
    expect(routed).not.toContain('--name to-nowhere');
  });

  it('peer both sides, because one alone connects nothing', () => {
    const far = vnetId.replace('vnet-shop', 'vnet-hub');
    const peered = text('no-private-path', {
      diagnosis: diagnosisOf('no-private-path', { lacks: 'peering', vnet: vnetId, endpointVnet: far }),
    });

    expect(peered).toContain(`--vnet-name vnet-shop`);
    expect(peered).toContain(`--vnet-name vnet-hub`);
    expect(peered).toContain(`--remote-vnet ${far}`);
    expect(peered).toContain(`--remote-vnet ${vnetId}`);
  });

  it('name the private zone of the cloud that the registry is in', () => {
    const china = { ...target, registry: 'acrshop.azurecr.cn' };

    expect(text('no-private-path', { target: china })).toContain('privatelink.azurecr.cn');
    expect(text('no-private-path')).toContain('privatelink.azurecr.io');
  });

  it('use the name of the registry where its host is another', () => {
    const labelled = { ...target, registry: 'acrshop-d7fkc8.azurecr.io' };

    expect(text('registry-firewall', { target: labelled })).toContain('--name acrshop ');
  });

  it('send a token to Azure only, whatever scope a deny assignment claims', () => {
    const diagnosis = diagnosisOf('deny-assignment', { scope: '@example.org/' });

    expect(text('deny-assignment', { diagnosis })).toContain(
      `--url '${registryId}/providers/Microsoft.Authorization/denyAssignments`,
    );
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
        // Without its escapes, nothing is left that Bicep would read.
        const bare = inside.replace(/\\(?:['\\nr]|\$\{)/g, '');
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
