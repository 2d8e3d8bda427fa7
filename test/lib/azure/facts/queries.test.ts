import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appQuery } from '../../../../src/lib/azure/facts/apps.ts';
import { kqlString, systemLogsQuery } from '../../../../src/lib/azure/facts/logs.ts';
import { zonesQuery } from '../../../../src/lib/azure/facts/network-facts.ts';
import { registryQuery } from '../../../../src/lib/azure/facts/registry-facts.ts';
import { workloads } from '../../../../src/lib/workloads/workloads.ts';
import { complaints } from './kusto.ts';

const since = new Date('2026-06-01T02:00:00Z');
const ofOrders = { app: 'ca-orders', since, columns: workloads['container-app'].columns };

describe('every query', () => {
  it.each([
    ['system logs', systemLogsQuery(ofOrders)],
    ['registry by host', registryQuery('acrshop.azurecr.io')],
    ['app by name', appQuery(['ca-orders', 'ca-"stock'])],
    ['private DNS zones', zonesQuery('privatelink.azurecr.io')],
  ])('is accepted by Microsoft’s own parser against both table schemas: %s', (_, query) => {
    expect(complaints(query)).toEqual([]);
  });

  it('of system logs asks for a thousand rows at most', () => {
    expect(systemLogsQuery(ofOrders)).toMatch(/\n\| take 1000$/);
  });

  it('would be refused if a column were misspelt', () => {
    expect(complaints(systemLogsQuery(ofOrders).replace('Reason_s', 'Raeson_s'))).not.toEqual([]);
  });
});

describe('a value', () => {
  it.each([
    ['quotes', '" or true or "'],
    ['a backslash before the quote', '\\" | take 0 //'],
    ['a new line', 'a"\n| union *\n//'],
    ['a comment', '//'],
    ['an emoji', 'caf\u00e9 \u{1f600}'],
  ])('cannot break out of its query with %s', (_, value) => {
    expect(complaints(systemLogsQuery({ ...ofOrders, app: value }))).toEqual([]);
    expect(complaints(registryQuery(value))).toEqual([]);
  });

  it('stays one literal of printable characters, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const literal = kqlString(value);
        return /^"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\u[0-9a-f]{4})*"$/.test(literal) && JSON.parse(literal) === value;
      }),
    );
  });
});
