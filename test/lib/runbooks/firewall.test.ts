// The runbook of the registry’s firewall: it adds an address and takes none away.
import { describe, expect, it } from 'vitest';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, dnsUnlinked, registry, target } from '../facts.ts';
import { bicepOf, inputFor, textOf } from './cases.ts';

describe('the commands for the firewall', () => {
  it('keep the addresses that the registry lets in already, because a deployment replaces the whole list', () => {
    const evidence = { ...dnsUnlinked, registry: known({ ...registry, ipRules: ['20.1.2.3'] }) };
    const [bicep = ''] = bicepOf(runbookFor(inputFor('registry-firewall', { evidence })));

    expect(bicep).toContain("'20.1.2.3'");
    expect(bicep).toContain("'10.70.4.5'");
  });

  it('say whose address it is, which no environment has before there is a revision', () => {
    const failed = { ...app, provisioningState: 'Failed' };
    const rejected = { ...dnsUnlinked, app: known(failed), revisions: known([]), replicas: known([]) };

    expect(textOf('registry-firewall', { evidence: rejected })).toContain('one of Azure’s own');
    expect(textOf('registry-firewall')).toContain('by which the environment (or its firewall or NAT gateway) leaves');
    expect(textOf('registry-firewall')).not.toContain('Azure’s own');
  });

  it('use the name of the registry where its host is another', () => {
    const labelled = { ...target, registry: 'acrshop-d7fkc8.azurecr.io' };

    expect(textOf('registry-firewall', { target: labelled })).toContain('--name acrshop ');
  });
});
