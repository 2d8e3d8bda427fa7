// What `pullmedic diagnose` refuses before it asks Azure anything. A look against a simulation: test/scenarios/diagnose.test.ts.
import { describe, expect, it } from 'vitest';
import { appId, registryId } from '../lib/facts.ts';
import { ran } from './ran.ts';

describe('pullmedic diagnose', () => {
  it.each<[string, readonly string[], string]>([
    ['no app', [], 'diagnose takes the name or the resource id'],
    ['two apps', ['ca-orders', '--app', appId], 'diagnose takes one app.'],
    ['what is no name', ['ca orders'], 'diagnose takes the name or the resource id'],
    ['the id of a registry', ['--app', registryId], 'diagnose takes the name or the resource id'],
    ['no time at all', ['--app', appId, '--since', '0'], '--since takes'],
    ['more than 30 days', ['--app', appId, '--since', '43201'], '--since takes'],
    ['a time in words', ['--app', appId, '--since', 'yesterday'], '--since takes'],
    ['an unknown cloud', ['--app', appId, '--cloud', 'moon'], '--cloud takes one of public'],
    ['an address without a simulation', ['--app', appId, '--simulation', 'http://127.0.0.1:9/'], 'no simulation'],
  ])('refuses %s', async (_, args, sentence) => {
    const { code, out, error } = await ran(['diagnose', ...args]);

    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(sentence);
  });
});
