// Which resource ids mean a workload that pullmedic knows.
import { describe, expect, it } from 'vitest';
import { parseArmId } from '../../../src/lib/words/arm-id.ts';
import {
  kindOf,
  kindsInWords,
  named,
  parseWorkloadId,
  workloadIn,
  workloadKinds,
  workloadList,
  workloadOf,
  workloads,
  writtenBy,
} from '../../../src/lib/workloads/workloads.ts';
import { arm } from '../facts.ts';

const group = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-shop';
const appText = `${group}/providers/Microsoft.App/containerApps/ca-shop`;

describe('the table of workloads', () => {
  it('has each kind under its own name, and no type twice', () => {
    for (const [kind, workload] of Object.entries(workloads)) expect(workload.kind).toBe(kind);
    expect(new Set(workloadList.map(({ type }) => type)).size).toBe(workloadList.length);
  });

  it.each(workloadList)('writes the type, the operations and the dimensions of a $kind in lower case', (workload) => {
    const { type, operations, dimensions } = workload;

    for (const text of [type, ...operations, ...dimensions.name, ...dimensions.run])
      expect(text).toBe(text.toLowerCase());
    expect(operations).toContain(workload.write);
    expect(workload.write).toBe(`${type}/write`);
  });

  it('gives no prefix to two kinds, and none begins like another', () => {
    const prefixes = workloadList.flatMap(({ dimensions }) => dimensions.prefix ?? []);

    for (const one of prefixes)
      expect(prefixes.filter((other) => one.startsWith(other) || other.startsWith(one))).toEqual([one]);
    // The name of a workload holds no slash, so that no app can be called like a prefix.
    for (const one of prefixes) expect(one).toMatch(/^[a-z]+\/$/);
  });

  it('names each kind in messages but that of the first versions, which wrote none', () => {
    const [first, ...others] = workloadKinds;

    expect(first).toBe('container-app');
    expect(workloadKinds.map(named)).toEqual([{}, ...others.map((workload) => ({ workload }))]);
  });

  it('gives no dimension to two kinds, so that an alert names one', () => {
    const named = workloadList.flatMap(({ dimensions }) => [...dimensions.name, ...dimensions.run]);

    expect(new Set(named).size).toBe(named.length);
  });
});

describe('the resource id of a workload', () => {
  it('is read in any case', () => {
    expect(parseWorkloadId(appText)).toBe(arm(appText.toLowerCase()));
    expect(workloadOf(arm(appText))?.kind).toBe('container-app');
  });

  it.each([
    'nothing',
    '',
    `${group}/providers/Microsoft.App/sessionPools/pool`,
    `${group}/providers/Microsoft.Web/sites/site`,
    `${appText}/revisions/ca-shop--1`,
    group,
  ])('is not “%s”', (text) => {
    expect(parseWorkloadId(text)).toBeUndefined();
  });

  it('of no known kind is read as that of an app, as the first versions would', () => {
    expect(kindOf(arm(`${group}/providers/Microsoft.App/sessionPools/pool`)).kind).toBe('container-app');
  });

  it('is found in the id of a part of it', () => {
    expect(workloadIn(arm(`${appText}/revisions/ca-shop--1`))).toBe(arm(appText));
    expect(workloadIn(arm(appText))).toBe(arm(appText));
  });

  it('is not taken from the name of a resource group, or from another provider', () => {
    for (const text of [
      '/subscriptions/s/resourceGroups/containerApps/providers/Microsoft.Web/sites/site',
      '/subscriptions/s/resourceGroups/rg/providers/Other.App/containerApps/ca',
      '/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/containerApps',
    ])
      expect(workloadIn(parseArmId(text) ?? arm('/subscriptions/s'))).toBeUndefined();
  });

  it('is found where the resource group is called like the type', () => {
    const id = arm('/subscriptions/s/resourceGroups/containerApps/providers/Microsoft.App/containerApps/ca');

    expect(workloadIn(id)).toBe(id);
  });

  it('is asked for in words that name every kind', () => {
    for (const { words } of workloadList) expect(kindsInWords).toContain(words.full);
  });
});

describe('a failed write', () => {
  it('is that of a workload in any case, and not another operation on it', () => {
    expect(writtenBy('Microsoft.App/containerApps/write')?.kind).toBe('container-app');
    expect(writtenBy('microsoft.app/containerapps/delete')).toBeUndefined();
    expect(writtenBy(undefined)).toBeUndefined();
  });
});
