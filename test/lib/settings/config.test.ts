// The settings: all mistakes at once, and nothing that widens what pullmedic may do by default.
import { describe, expect, it } from 'vitest';
import { BadConfig, type Config, parseConfig } from '../../../src/lib/settings/config.ts';
import { appId, environmentId, registryId } from '../facts.ts';

const subscription = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';
const scopes = { PULLMEDIC_SCOPES: JSON.stringify([subscription]) };

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof BadConfig) return error.problems;
    throw error;
  }
}

function settings(chosen: object): Config['settings'] {
  return parseConfig({ ...scopes, PULLMEDIC_SETTINGS: JSON.stringify(chosen) }).settings;
}

describe('the smallest settings', () => {
  it('observe, and may change nothing', () => {
    const config = parseConfig(scopes);

    expect(config).toMatchObject({ mode: 'observe', cloud: 'public', scopes: [subscription], registries: [] });
    expect(config.settings).toMatchObject({
      undo: false,
      alerts: { setState: false },
      retry: { newRevision: false },
      alsoRead: [],
      logWorkspaces: [],
      history: { archiveAfterDays: 0 },
    });
    expect(config).not.toHaveProperty('clientId');
  });

  it('name a scope: an empty list would read as "everything" to some', () => {
    expect(problemsOf({})).toEqual(['PULLMEDIC_SCOPES is missing']);
    expect(problemsOf({ PULLMEDIC_SCOPES: '[]' })[0]).toContain('names no subscription or resource group');
  });
});

describe('a registry that is opted in', () => {
  const opted = (registry: object) => ({ ...scopes, PULLMEDIC_REGISTRIES: JSON.stringify([registry]) });

  it('is granted on without a readable network only if that was chosen', () => {
    expect(parseConfig(opted({ id: registryId, consumers: [environmentId] })).registries).toEqual([
      { id: registryId, consumers: [environmentId], grantWhenNetworkUnknown: false },
    ]);
  });

  it.each([
    ['is another resource', { id: appId, consumers: [] }, 'is not the id of a container registry'],
    ['is a name', { id: 'acrshop', consumers: [] }, 'is not an Azure resource id'],
    ['does not say for whom', { id: registryId }, 'consumers'],
    ['has a member that is misspelt', { id: registryId, consumers: [], consumer: [] }, 'consumer'],
  ])('is refused if it %s', (_, registry, sentence) => {
    expect(problemsOf(opted(registry)).join()).toContain(sentence);
  });
});

describe('settings in numbers', () => {
  it('keep their defaults beside those that are chosen', () => {
    expect(settings({ limits: { grantsPerHour: 3 } }).limits).toMatchObject({ grantsPerHour: 3, maxApps: 5 });
  });

  it('read the limit of restarts under the name that earlier versions had, and not under both names at once', () => {
    expect(settings({ limits: { restartsPerTargetPerDay: 4 } }).limits.restartsPerRevisionPerDay).toBe(4);
    expect(settings({ limits: { restartsPerRevisionPerDay: 4 } }).limits.restartsPerRevisionPerDay).toBe(4);
    expect(settings({ limits: {} }).limits).toMatchObject({ restartsPerRevisionPerDay: 1, restartsPerAppPerDay: 3 });
    const both = JSON.stringify({ limits: { restartsPerTargetPerDay: 4, restartsPerRevisionPerDay: 4 } });
    expect(problemsOf({ ...scopes, PULLMEDIC_SETTINGS: both }).join()).toContain('restartsPerTargetPerDay');
  });

  it.each([
    { limits: { restartsPerTargetPerDay: -1 } },
    { limits: { grantsPerHour: -1 } },
    { limits: { maxApps: 1.5 } },
    { stableMinutes: 0 },
    { approvalMinutes: 10_081 },
    { budget: { armReadsPerMinute: 1501 } },
    { alsoRead: ['my-subscription'] },
    { undo: 'yes' },
    { stableMinute: 5 },
  ])('are refused outside of their limits: %j', (chosen) => {
    expect(problemsOf({ ...scopes, PULLMEDIC_SETTINGS: JSON.stringify(chosen) })).toHaveLength(1);
  });
});

describe('mistakes', () => {
  it('are reported all at once, by the name of their setting', () => {
    const problems = problemsOf({
      PULLMEDIC_MODE: 'auto',
      PULLMEDIC_CLOUD: 'moon',
      PULLMEDIC_SCOPES: 'all of it',
      PULLMEDIC_REGISTRIES: '{}',
      PULLMEDIC_SETTINGS: '{"undo":1}',
    });

    for (const [index, name] of ['MODE', 'CLOUD', 'SCOPES', 'REGISTRIES', 'SETTINGS'].entries())
      expect(problems[index]).toMatch(new RegExp(`^PULLMEDIC_${name}\\b`));
    expect(problems).toHaveLength(5);
  });

  it('do not show the text of a setting', () => {
    expect(problemsOf({ PULLMEDIC_SCOPES: 'a-secret' }).join()).not.toContain('a-secret');
  });
});

describe('our own identity', () => {
  it('is known by its client id in lower case, because events spell it so', () => {
    expect(parseConfig({ ...scopes, AZURE_CLIENT_ID: ' ABC ' }).clientId).toBe('abc');
    expect(parseConfig({ ...scopes, AZURE_CLIENT_ID: ' ' })).not.toHaveProperty('clientId');
  });
});
