import { describe, expect, it } from 'vitest';
import {
  isAtOrAbove,
  isOfType,
  isWithin,
  nameOf,
  parentOfType,
  parseArmId,
  parsePrincipalId,
  parseScope,
  resourceGroupOf,
  subscriptionOf,
} from '../../../src/lib/words/arm-id.ts';
import { appId, arm, registryId, vnetId } from '../facts.ts';

const subscription = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';

describe('an ARM id', () => {
  it('is read in any case, with spaces around it and with a slash behind it', () => {
    expect(parseArmId(` ${subscription.toUpperCase()}/resourceGroups/RG-Apps/ \n`)).toBe(
      `${subscription}/resourcegroups/rg-apps`,
    );
  });

  it.each([
    '',
    '/',
    '/subscriptions',
    '/subscriptions/',
    '/tenants/x',
    `x${subscription}`,
    // In an address these lead to another resource than the one that was checked.
    `${subscription}/../00000000-0000-4000-8000-000000000000`,
    `${subscription}/resourceGroups/./x`,
    `${subscription}/resourceGroups/..`,
    `${subscription}//resourcegroups`,
    `${subscription}/resourcegroups/rg apps`,
    `${subscription}/resourcegroups/rg'--`,
    `${subscription}?x`,
    // A mark, a letter number, a symbol, a joiner and a full stop of another script are neither letters nor digits.
    `${subscription}/resourcegroups/e\u0301`,
    `${subscription}/resourcegroups/\u2163`,
    `${subscription}/resourcegroups/a\u{1f600}`,
    `${subscription}/resourcegroups/a\u200db`,
    `${subscription}/resourcegroups/\u3002`,
    `${subscription}/resourcegroups/a\u2215b`,
  ])('is not “%s”', (text) => {
    expect(parseArmId(text)).toBeUndefined();
  });

  it.each([
    ['Größe', 'größe'],
    ['ÉQUIPE', 'équipe'],
    ['产品', '产品'],
    ['Приложения', 'приложения'],
    ['٣_(a).b', '٣_(a).b'],
    // The lower case of these is that of another letter too, so they stay: they name another group.
    ['\u2126-team', '\u2126-team'],
    ['Ω-team', 'ω-team'],
    ['rg-\u212Aey', 'rg-\u212Aey'],
    ['\u0130zmir', '\u0130zmir'],
  ])('may have letters and digits of any script in its names: %s', (name, read) => {
    expect(parseArmId(`${subscription}/resourceGroups/${name}`)).toBe(`${subscription}/resourcegroups/${read}`);
  });

  it('of a group with the Kelvin sign is not below the group with a k', () => {
    const group = `${subscription}/resourceGroups/rg-key`;

    expect(isWithin(arm(group.replace('key', '\u212Aey')), arm(group))).toBe(false);
  });

  it('has a subscription in ASCII', () => {
    expect(parseArmId('/subscriptions/größe/resourceGroups/x')).toBeUndefined();
  });

  it('may have dots in its names', () => {
    expect(parseArmId(`${subscription}/resourceGroups/..a/providers/x/y/b..`)).toBeDefined();
  });

  it('has at most 1,024 characters', () => {
    const parts = (last: number) =>
      `${subscription}/${'a'.repeat(250)}/${'b'.repeat(250)}/${'c'.repeat(250)}/${'d'.repeat(last)}`;
    const rest = 1024 - parts(0).length;

    expect(parseArmId(parts(rest))).toHaveLength(1024);
    expect(parseArmId(parts(rest + 1))).toBeUndefined();
  });

  it('names its subscription, its group and itself', () => {
    expect(subscriptionOf(appId)).toBe('5f0c1d2e-0000-4000-8000-000000000001');
    expect(resourceGroupOf(appId)).toBe('rg-apps');
    expect(nameOf(appId)).toBe('ca-orders');
    expect(resourceGroupOf(arm(subscription))).toBe('');
    expect(resourceGroupOf(arm(`${subscription}/resourcegroups`))).toBe('');
  });
});

describe('the parent of a type', () => {
  const subnet = arm(`${vnetId}/subnets/snet-apps`);

  it('is the id up to its name', () => {
    expect(parentOfType(subnet, 'virtualNetworks')).toBe(vnetId);
    expect(parentOfType(subnet, 'subnets')).toBe(subnet);
  });

  it('is none where the type is not in it, or has no name', () => {
    expect(parentOfType(subnet, 'containerApps')).toBeUndefined();
    expect(parentOfType(arm(`${vnetId}/subnets`), 'subnets')).toBeUndefined();
  });
});

describe('the type of an id', () => {
  it.each([
    [registryId, 'Microsoft.ContainerRegistry/registries', true],
    [registryId, 'Microsoft.ContainerRegistry/registry', false],
    [registryId, 'Microsoft.Storage/registries', false],
    [registryId, 'Microsoft.ContainerRegistry', false],
    [`${registryId}/replications/westeurope`, 'Microsoft.ContainerRegistry/registries', false],
    [`${registryId}/replications/westeurope`, 'Microsoft.ContainerRegistry/registries/replications', true],
    [`${registryId}/replications`, 'Microsoft.ContainerRegistry/registries', false],
    [`${registryId}/replications`, 'Microsoft.ContainerRegistry/registries/replications', false],
    [
      `${registryId}/providers/microsoft.authorization/roleassignments/x`,
      'Microsoft.Authorization/roleAssignments',
      true,
    ],
    [
      `${registryId}/providers/microsoft.authorization/roleassignments/x`,
      'Microsoft.ContainerRegistry/registries',
      false,
    ],
    [`${subscription}/resourcegroups/rg-apps`, 'Microsoft.ContainerRegistry/registries', false],
    [`${subscription}/microsoft.containerregistry/registries/x`, 'Microsoft.ContainerRegistry/registries', false],
  ])('%s is a %s: %s', (id, type, expected) => {
    expect(isOfType(arm(id), type)).toBe(expected);
  });
});

describe('a scope', () => {
  it.each(['/', '/providers/Microsoft.Management/managementGroups/corp', subscription])('may be %s', (text) => {
    expect(parseScope(` ${text} `)).toBe(text.toLowerCase());
  });

  it.each([
    '',
    '//',
    'x/providers/microsoft.management/managementgroups/corp',
    '/providers/microsoft.management/managementgroups/',
    '/providers/microsoft.management/managementgroups/corp/x',
    '/providers/microsoft.app/containerapps/x',
  ])('is not “%s”', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });

  it('holds itself and what lies below, by whole names', () => {
    expect(isWithin(registryId, registryId)).toBe(true);
    expect(isWithin(registryId, arm(subscription))).toBe(true);
    expect(isWithin(registryId, arm(`${registryId}two`))).toBe(false);
    expect(isWithin(arm(`${registryId}two`), registryId)).toBe(false);
  });
});

describe('a scope at a resource or above it', () => {
  it.each([
    ['the resource', registryId],
    ['its subscription', subscription],
    ['a management group', '/providers/Microsoft.Management/managementGroups/mg-root'],
    ['the whole directory', '/'],
  ])('is %s', (_, scope) => {
    expect(isAtOrAbove(parseScope(scope) ?? registryId, registryId)).toBe(true);
  });

  it('is not a resource with a longer name, and not a part of the resource', () => {
    expect(isAtOrAbove(arm(`${registryId}two`), registryId)).toBe(false);
    expect(isAtOrAbove(arm(`${registryId}/tokens/x`), registryId)).toBe(false);
  });
});

describe('a principal', () => {
  const guid = 'a0000000-0000-4000-8000-00000000000a';

  it('is a GUID in any case', () => {
    expect(parsePrincipalId(` ${guid.toUpperCase()} `)).toBe(guid);
  });

  it.each(['', 'x', `x${guid}`, `${guid}0`, `${guid}-0`, guid.replaceAll('-', '')])('is not “%s”', (text) => {
    expect(parsePrincipalId(text)).toBeUndefined();
  });
});
