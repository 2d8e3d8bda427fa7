import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionMatches, conditionHolds } from '../../../../local/azure/authorization/conditions.ts';

const content = 'Microsoft.ContainerRegistry/registries/repositories/content/read';
const metadata = 'Microsoft.ContainerRegistry/registries/repositories/metadata/read';
const name = '@Request[Microsoft.ContainerRegistry/registries/repositories:name]';

/** As Microsoft documents it, with its line breaks. */
function only(comparison: string, attribute = name): string {
  return `(
 (
  !(ActionMatches{'${content}'})
  AND
  !(ActionMatches{'${metadata}'})
 )
 OR
 (
  ${attribute} ${comparison}
 )
)`;
}

function pulls(condition: string, repository: string): boolean | undefined {
  return conditionHolds(condition, { action: content, repository });
}

describe('a condition on repositories', () => {
  it.each([
    ["StringEquals 'shop/orders'", 'shop/orders', true],
    ["StringEquals 'shop/orders'", 'shop/Orders', false],
    ["StringEquals 'shop/orders'", 'shop/orders2', false],
    ["StringEqualsIgnoreCase 'shop/Orders'", 'shop/orders', true],
    ["StringStartsWith 'shop/'", 'shop/orders', true],
    ["StringStartsWith 'shop/'", 'shopping/orders', false],
    ["StringStartsWith 'Shop/'", 'shop/orders', false],
    ["StringStartsWithIgnoreCase 'Shop/'", 'shop/orders', true],
  ])('%s: %s %s', (comparison, repository, allowed) => {
    expect(pulls(only(comparison), repository)).toBe(allowed);
    expect(pulls(only(comparison, name.replace('Request', 'Resource')), repository)).toBe(allowed);
  });

  it('does not stand in the way of what it does not name', () => {
    const asked = { action: 'Microsoft.ContainerRegistry/registries/catalog/read', repository: 'shop/other' };

    expect(conditionHolds(only("StringEquals 'shop/orders'"), asked)).toBe(true);
  });

  it('may list several repositories', () => {
    const both = only(`StringEquals 'a' OR ${name} StringStartsWith 'b/'`);

    expect(['a', 'b/c', 'c'].map((repository) => pulls(both, repository))).toEqual([true, true, false]);
  });

  it('binds AND closer than OR, and knows the signs as well as the words', () => {
    const [yes, no] = ["StringEquals 'a'", "StringEquals 'z'"].map((comparison) => `${name} ${comparison}`);

    expect(pulls(`${yes} OR ${no} AND ${no}`, 'a')).toBe(true);
    expect(pulls(`(${yes} || ${no}) && ${no}`, 'a')).toBe(false);
    expect(pulls(`NOT ${yes} or !${no}`, 'a')).toBe(true);
  });

  it.each([
    ["ForAnyOfAnyValues:StringEquals {'shop/orders'}"],
    ["StringLike 'shop/*'"],
    ["StringEquals 'shop/orders' AND"],
    ["StringEquals 'shop/orders"],
    ['StringEquals shop'],
  ])('with %s is not understood', (comparison) => {
    expect(pulls(only(comparison), 'shop/orders')).toBeUndefined();
  });

  it.each([
    ['another attribute', only("StringEquals 'x'", '@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:x]')],
    ['a sub-operation', "!(SubOperationMatches{'x'})"],
    ['nothing', ''],
    ['an open bracket', `(${name} StringEquals 'x'`],
    ['a name of Object.prototype', `${name} constructor 'x'`],
  ])('with %s is not understood', (_, condition) => {
    expect(pulls(condition, 'x')).toBeUndefined();
  });

  it('never throws, whatever it says', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '!',
      'AND',
      'OR',
      name,
      'StringEquals',
      "'x'",
      'ActionMatches',
      '{',
      '}',
      '@',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect([true, false, undefined]).toContain(pulls(pieces.join(' '), 'x'));
      }),
    );
  });
});

describe('a pattern of actions', () => {
  it.each([
    ['*', content, true],
    ['Microsoft.ContainerRegistry/*', content, true],
    ['*/read', content, true],
    ['*/write', content, false],
    [content.toUpperCase(), content, true],
    ['Microsoft.ContainerRegistry/registries/repositories/content', content, false],
    ['MicrosoftxContainerRegistry/*', content, false],
  ])('%s covers %s: %s', (pattern, action, covered) => {
    expect(actionMatches(pattern, action)).toBe(covered);
  });
});
