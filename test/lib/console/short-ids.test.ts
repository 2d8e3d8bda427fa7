import { describe, expect, it } from 'vitest';
import { subscriptionsIn, withShortIds } from '../../../src/lib/console/short-ids.ts';

const subscription = '5f0c1d2e-0000-4000-8000-000000000001';
const group = `/subscriptions/${subscription}/resourcegroups/rg-apps`;
const identity = `${group}/providers/microsoft.managedidentity/userassignedidentities/id-orders`;
const names = new Map([[subscription, 'Shop <production>']]);
const plain = (text: string, known: ReadonlyMap<string, string> = names): string =>
  withShortIds(text, known).text.replaceAll(/<[^>]*>/g, '');

describe('an id in short', () => {
  it.each([
    [`/subscriptions/${subscription}`, 'subscription Shop &lt;production&gt;'],
    [group, 'resource group rg-apps in Shop &lt;production&gt;'],
    [identity, 'id-orders in the resource group rg-apps, Shop &lt;production&gt;'],
    [
      `consumers: ${group},\n${identity}; more`,
      'consumers: resource group rg-apps in Shop &lt;production&gt;,\nid-orders in the resource group rg-apps, Shop &lt;production&gt;; more',
    ],
    ['limits.grantsPerHour', 'limits.grantsPerHour'],
    ['/subscriptions/', '/subscriptions/'],
  ])('of %s has the name first', (text, short) => {
    expect(plain(text)).toBe(short);
  });

  it('keeps the whole id in its title, and the id of a subscription without a name', () => {
    expect(withShortIds(identity, names).text).toContain(`title="${identity}"`);
    expect(plain(group, new Map())).toBe(`resource group rg-apps in ${subscription}`);
  });
});

describe('the subscriptions in texts', () => {
  it('are each named once', () => {
    expect(subscriptionsIn([group, `x ${identity}, /subscriptions/ABC/y`, 'z'])).toEqual([subscription, 'abc']);
  });
});
