// Which apps a log alert means: the environment may fit none of them, and the revision tells them apart then.
import { describe, expect, it } from 'vitest';
import type { FoundApps } from '../../../src/lib/evidence/reads.ts';
import { appsNamed, appsOfAlert } from '../../../src/lib/look/named-apps.ts';
import type { AzureReads, Clock } from '../../../src/lib/ports/ports.ts';
import type { ArmId } from '../../../src/lib/words/arm-id.ts';
import { type Fact, known, unreadable } from '../../../src/lib/words/fact.ts';
import { appId, arm, nowMs, revision } from '../facts.ts';

const twin = arm(appId.replace('rg-apps', 'rg-two'));
/** The environment of a captured log row: Azure Container Apps practical guide, lab managed-identity-key-vault-failure. */
const environment = 'victoriousmushroom-d79e9f76';

/** An Azure with these apps of one name, each with the names of its revisions; else they cannot be read, or no request is left for them. */
function azure(fits: FoundApps['fits'], apps: Readonly<Record<string, readonly string[] | 'over-budget' | undefined>>) {
  const asked: string[] = [];
  const findApps = async (): Promise<Fact<FoundApps>> => known({ ids: Object.keys(apps) as ArmId[], fits });
  const probe: AzureReads['azure']['probe'] = async (_, { appId: id }) => {
    asked.push(id);
    const names = apps[id];
    const revisions =
      names === undefined || names === 'over-budget'
        ? unreadable<never>(names ?? 'forbidden')
        : known(names.map((name) => ({ ...revision, name })));
    return { facts: { revisions }, calls: 1 };
  };
  const ports = { now: () => nowMs, azure: { findApps, probe } } as unknown as AzureReads & Clock;
  return { ports, asked };
}

const named = { name: 'ca-orders', environment, revision: 'ca-orders--two' };

describe('the apps that a log alert may mean', () => {
  it('are the one that has the revision, where the environment fits none or several', async () => {
    const { ports } = azure('name', { [appId]: ['ca-orders--one'], [twin]: ['CA-orders--TWO'] });

    expect(await appsNamed(ports, named)).toEqual(known([twin]));
  });

  it('are all of the name where no app has the revision, or the alert names none: a signal is never lost', async () => {
    const { ports } = azure('name', { [appId]: ['ca-orders--one'], [twin]: [] });

    expect(await appsNamed(ports, { ...named, revision: 'ca-orders--purged' })).toEqual(known([appId, twin]));
    expect(await appsNamed(ports, { name: 'ca-orders' })).toEqual(known([appId, twin]));
  });

  it('are also those whose revisions cannot be read', async () => {
    const { ports } = azure('name', { [appId]: undefined, [twin]: ['ca-orders--two'] });

    expect(await appsNamed(ports, named)).toEqual(known([appId, twin]));
  });

  it('cannot be told while no request is left for their revisions: a moment later it is known which one is meant', async () => {
    const { ports } = azure('name', { [appId]: 'over-budget', [twin]: ['ca-orders--two'] });

    expect(await appsNamed(ports, named)).toEqual(unreadable('over-budget'));
    expect(await appsOfAlert(ports, named)).toEqual(unreadable('over-budget'));
  });

  it.each(['environment', 'name'] as const)(
    'cost no request where only one has the name, found by its %s',
    async (fits) => {
      const { ports, asked } = azure(fits, { [appId]: [] });

      expect(await appsNamed(ports, named)).toEqual(known([appId]));
      expect(asked).toEqual([]);
    },
  );
});

describe('the apps whose alert may be set', () => {
  it('are those in the environment that the alert names', async () => {
    const { ports, asked } = azure('environment', { [appId]: [] });

    expect(await appsOfAlert(ports, named)).toEqual(known([appId]));
    expect(asked).toEqual([]);
  });

  it('have the revision where the environment fits none: an app of the same name outside of the scopes may be meant', async () => {
    expect(await appsOfAlert(azure('name', { [appId]: ['ca-orders--two'] }).ports, named)).toEqual(known([appId]));
    expect(await appsOfAlert(azure('name', { [appId]: ['ca-orders--one'] }).ports, named)).toEqual(known([]));
  });

  it('cannot be told where the look-up failed', async () => {
    const ports = { azure: { findApps: async () => unreadable('throttled') } } as unknown as AzureReads & Clock;

    expect(await appsOfAlert(ports, named)).toEqual(unreadable('throttled'));
    expect(await appsNamed(ports, named)).toEqual(unreadable('throttled'));
  });
});
