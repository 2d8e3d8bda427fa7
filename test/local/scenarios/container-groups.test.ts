// What a scenario file may say of container groups, and the mistakes that it is refused for, each with its line.
import { describe, expect, it } from 'vitest';
import { BadScenario, parseScenario } from '../../../local/scenarios/schema.ts';

const minimal = `summary: A group.
world:
  identities:
    - name: id-orders
  containerGroups:
    - name: aci-orders
      pullIdentity: id-orders
      containers:
        - image: nginx:1.27
events:
  - { at: 1m, do: restart-group, app: aci-orders }
pullmedic:
  mode: observe
expect:
  remediations: []
`;

const entry = '      containers:';

describe('a scenario file with a container group', () => {
  it('needs no environment, and fills in what it does not say', () => {
    const [group] = parseScenario(minimal, 'x.yaml').world.containerGroups;

    expect(group).toMatchObject({ group: 'rg-apps', restartPolicy: 'Always', validated: true, deployed: 'now' });
  });

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'an environment',
      (text) => text.replace(entry, `      environment: cae-shop\n${entry}`),
      /^x\.yaml:8: world\.containerGroups\.0\.environment is not known/,
    ],
    [
      'a misspelt policy',
      (text) => text.replace(entry, `      restartPolcy: Never\n${entry}`),
      /^x\.yaml:8: world\.containerGroups\.0\.restartPolcy is not known; did you mean "restartPolicy"\?/,
    ],
    [
      'an identity that nothing has',
      (text) => text.replace('pullIdentity: id-orders', 'pullIdentity: id-other'),
      /^x\.yaml:7: there is no identity named "id-other" in this world/,
    ],
    [
      'a network that nothing has',
      (text) => text.replace(entry, `      subnet: { vnet: vnet-shop }\n${entry}`),
      /^x\.yaml:8: there is no vnet named "vnet-shop" in this world/,
    ],
    [
      'an end although its policy is Always',
      (text) => text.replace(entry, `      runsFor: 1m\n${entry}`),
      /^x\.yaml:8: a group with the restart policy Always starts what has ended again/,
    ],
    [
      'a failure of before although it is new',
      (text) => text.replace(entry, `      failedBefore: { ago: 2d, text: no }\n${entry}`),
      /^x\.yaml:8: only a group that is `running` has events of before/,
    ],
    [
      'a secret in a vault',
      (text) =>
        text.replace(entry, `      secrets: [{ name: p, keyVault: { vault: kv, identity: system } }]\n${entry}`),
      /^x\.yaml:8: a container group has no secrets of a Key Vault/,
    ],
    [
      'an event that is not for groups',
      (text) => text.replace('do: restart-group, app: aci-orders', 'do: scale, app: aci-orders, replicas: 2'),
      /^x\.yaml:11: "aci-orders" is a container group, and scale is not for container groups/,
    ],
    [
      'a restart of a group that nothing has',
      (text) => text.replace('app: aci-orders }', 'app: aci-other }'),
      /^x\.yaml:11: there is no app named "aci-other" in this world/,
    ],
  ])('with %s is refused with its line', (_, spoil, message) => {
    expect(() => parseScenario(spoil(minimal), 'x.yaml')).toThrow(BadScenario);
    expect(() => parseScenario(spoil(minimal), 'x.yaml')).toThrow(message);
  });

  it('cannot restart an app as a group, or call two things alike', () => {
    const app =
      '  environments: [{ name: cae }]\n  apps: [{ name: ca, environment: cae, containers: [{ image: nginx }] }]\n';
    const withApp = minimal.replace('  identities:\n', `${app}  identities:\n`);

    expect(() => parseScenario(withApp.replace('app: aci-orders }', 'app: ca }'), 'x.yaml')).toThrow(
      /^x\.yaml:13: "ca" is no container group/,
    );
    expect(() => parseScenario(withApp.replaceAll('name: ca,', 'name: aci-orders,'), 'x.yaml')).toThrow(
      /an app or a job of this world is called "aci-orders" too/,
    );
  });
});
