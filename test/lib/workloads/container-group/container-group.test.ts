// What the table says of container groups: their ids, their operations, and how alerts name them.
import { describe, expect, it } from 'vitest';
import { aboutOf, revisionOf } from '../../../../src/lib/signals/alert.ts';
import { eventOperations } from '../../../../src/lib/signals/event.ts';
import { containerGroup } from '../../../../src/lib/workloads/container-group/container-group.ts';
import { sayFor } from '../../../../src/lib/workloads/sentences.ts';
import { kindOf, parseWorkloadId, workloadIn } from '../../../../src/lib/workloads/workloads.ts';
import { arm, groupId } from '../../facts.ts';

describe('a container group', () => {
  it('is known by its type, in any case, and as a part of an id', () => {
    expect(kindOf(groupId).kind).toBe('container-group');
    expect(parseWorkloadId(groupId.toUpperCase())).toBe(groupId);
    expect(workloadIn(arm(`${groupId}/containers/app`))).toBe(groupId);
  });

  it('is an own kind: a container app of the same name is another workload', () => {
    expect(
      kindOf(arm(groupId.replace('microsoft.containerinstance/containergroups', 'microsoft.app/containerapps'))).kind,
    ).toBe('container-app');
  });

  it('has events for each operation after which it may fail or work again', () => {
    for (const operation of containerGroup.operations) expect(eventOperations).toContain(operation);
  });

  it('is named by the columns of its own log table, and by the prefix that the deployed rule writes', () => {
    const named = { kind: 'app-name', name: 'cg-orders', workload: 'container-group' };
    const dimensions = [
      { name: 'ContainerGroup_s', value: 'cg-orders' },
      { name: 'ContainerName_s', value: 'app' },
    ];
    expect(aboutOf(dimensions)).toEqual(named);
    expect(revisionOf(dimensions)).toBe('app');
    expect(aboutOf([{ name: 'App', value: 'group/cg-orders' }])).toEqual(named);
  });

  it.each([
    ['The app is gone.', 'The container group is gone.'],
    ['An app pulls, and a revision runs.', 'A container group pulls, and a container runs.'],
    [
      'The revision was restarted a short time ago; waits for its effect.',
      'The container group was restarted a short time ago; waits for its effect.',
    ],
    ['The revisions with this image were deactivated.', 'The container group was stopped.'],
    ['the revision has replicas that serve', 'a container of the group runs, and a restart would stop it'],
    ['Restart the revision, so that it pulls.', 'Restart the container group, so that it pulls.'],
  ])('“%s” is “%s” of it', (ofApp, ofGroup) => {
    expect(sayFor(groupId, ofApp)).toBe(ofGroup);
  });

  it('is restarted as a whole, whichever container a sentence names', () => {
    expect(sayFor(groupId, 'Restarts web: the cause is gone', ['web'])).toBe(
      'Restarts the whole container group for web: the cause is gone',
    );
  });

  it.each([
    [
      'az containerapp registry set --server s --identity /id --name n --resource-group g',
      'az container create --registry-login-server s --assign-identity /id --acr-identity /id --name n --resource-group g --image THIS_IMAGE',
    ],
    [
      'az containerapp registry set --server s --identity system --name n',
      'az container create --registry-login-server s --assign-identity IDENTITY_ID --acr-identity IDENTITY_ID --name n --image THIS_IMAGE',
    ],
    [
      'az containerapp registry set --server s --username USER --password PASSWORD --name n',
      'az container create --registry-login-server s --registry-username USER --registry-password PASSWORD --name n --image THIS_IMAGE',
    ],
    [
      'az containerapp identity assign --user-assigned /id --name n --resource-group g',
      'az container create --name n --resource-group g --image THIS_IMAGE --assign-identity /id --acr-identity /id',
    ],
    [
      'az containerapp identity assign --name n --system-assigned --query principalId --output tsv',
      'az container create --name n --image THIS_IMAGE --assign-identity IDENTITY_ID --acr-identity IDENTITY_ID',
    ],
    ['az containerapp update --name n --image r/i:t', 'az container create --name n --image r/i:t'],
    ['az containerapp update --name n --revision-suffix again', 'az container create --name n --image THIS_IMAGE'],
    ['az containerapp revision restart --name n --revision REVISION', 'az container restart --name n'],
    [
      'az containerapp secret set --name n --secrets x="$NEW"',
      'az container create --name n --image THIS_IMAGE --registry-password "$NEW"',
    ],
    ['az containerapp identity show --name n', 'az container show --name n --query identity'],
    [
      'az containerapp show --name n --query properties.configuration.registries',
      'az container show --name n --query imageRegistryCredentials',
    ],
  ])('has a command of its own for “%s”', (ofApp, ofGroup) => {
    expect(containerGroup.commands.reduce((text, [pattern, same]) => text.replace(pattern, same), ofApp)).toBe(ofGroup);
  });
});
