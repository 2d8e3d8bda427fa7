// Which facts tell the images of a signal, and how fresh they must be.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { targetsOf } from '../../../src/lib/intake/failing-targets.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  appId,
  config,
  image,
  minute,
  nowMs,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';
import { memory } from '../memory-ports.ts';

const side = 'acrshop.azurecr.io/shop/side:v1';
const two: Evidence = {
  ...roleMissing,
  app: known({ ...app, images: [image, side] }),
  revisions: known([{ ...revision, images: [image, side], details: '' }]),
  replicas: known([]),
  logs: known([]),
};

function begin(evidence: Evidence) {
  const { ports } = memory(config(), evidence, nowMs);
  const asked: { probe: string; atMs: number; sinceMs: number; target: string }[] = [];
  const { azure } = ports;
  const probe: typeof azure.probe = async (...args) => {
    asked.push({ probe: args[0], target: args[1].image, atMs: args[2].atMs, sinceMs: args[3] });
    return azure.probe(...args);
  };
  const images = async (about: Partial<Signal> = {}) =>
    (await targetsOf({ ...ports, azure: { ...azure, probe } }, appId, { ...signal, ...about })).map((one) => one.image);
  return { images, asked };
}

describe('the images of a signal', () => {
  it('of an app with one image are told by the app alone, also where the signal names its latest revision', async () => {
    const { images, asked } = begin(roleMissing);

    expect(await images()).toEqual([image]);
    expect(await images({ revision: app.latestRevision ?? '' })).toEqual([image]);
    expect(asked).toEqual(Array(2).fill({ probe: 'app', target: '', atMs: nowMs, sinceMs: nowMs }));
  });

  it('are none where the app is gone, and nothing else is read then', async () => {
    const { images, asked } = begin({ ...roleMissing, app: known('gone') });

    expect(await images({ revision: 'any' })).toEqual([]);
    expect(asked.map(({ probe }) => probe)).toEqual(['app']);
  });

  it('are told by the revisions where the last write of the app did not succeed', async () => {
    const rejected = { ...roleMissing, app: known({ ...app, provisioningState: 'Failed' }) };
    const { images, asked } = begin(rejected);

    expect(await images({ revision: app.latestRevision ?? '' })).toEqual([image]);
    expect(asked.map(({ probe }) => probe)).toContain('revisions');
  });

  it('of an app with several are told by facts of the last half hour, where it runs and what its log says', async () => {
    const { images, asked } = begin(two);
    await images();
    const [app, ...facts] = asked;

    expect(app?.probe).toBe('app');
    expect(facts.map(({ probe }) => probe)).toEqual(['revisions', 'replicas', 'environment', 'logs']);
    for (const one of facts) expect(one).toMatchObject({ atMs: nowMs, sinceMs: nowMs - 30 * minute });
  });

  it('are those of the named revision and of no other one', async () => {
    const older = { ...revision, name: 'ca-orders--0000000', images: [side], details: '' };
    const { images } = begin({ ...two, revisions: known([{ ...revision, images: [image], details: '' }, older]) });

    expect(await images({ revision: older.name })).toEqual([side]);
  });

  it('are those of the app where the revisions cannot be read, and known from before where the app cannot either', async () => {
    const unread = { ...two, revisions: unreadable<never>('forbidden') };
    expect(await begin(unread).images({ revision: 'any' })).toEqual([image]);
    const { ports } = memory(config(), unread, nowMs);
    let reads = 0;
    const { azure } = ports;
    const probe: typeof azure.probe = async (...args) =>
      args[0] === 'app' && ++reads > 1 ? { facts: { app: unreadable('timed-out') }, calls: 1 } : azure.probe(...args);
    const found = await targetsOf({ ...ports, azure: { ...azure, probe } }, appId, signal);

    expect(found.map((one) => one.image)).toEqual([image]);
  });

  it('are told by the reason of a row where its text alone says nothing', async () => {
    const row = { ...unauthorizedRow, reason: 'ImagePullUnauthorized', text: `Container pull image ${side} failed` };
    const other = { ...row, reason: 'ContainerCreated' };

    expect(await begin({ ...two, logs: known([row]) }).images()).toEqual([side]);
    expect(await begin({ ...two, logs: known([other]) }).images()).toEqual([image]);
  });

  it('are told by a replica where the logs cannot be read', async () => {
    const replicas = known([
      {
        ...stuckReplica,
        containers: [{ name: 'b', image: side, ready: false, state: 'Waiting', details: 'reason: ImagePullBackOff' }],
      },
    ]);

    expect(await begin({ ...two, logs: unreadable('throttled'), replicas }).images()).toEqual([side]);
  });
});

describe('an app that cannot be read', () => {
  it('is said in words', async () => {
    await expect(begin({ ...roleMissing, app: unreadable('timed-out') }).images()).rejects.toThrow(
      'The app of a signal could not be read.',
    );
    const { ports } = memory(config(), roleMissing, nowMs);
    const azure = { ...ports.azure, probe: async () => ({ facts: {}, calls: 0 }) };
    await expect(targetsOf({ ...ports, azure }, appId, signal)).rejects.toThrow(
      'The app of a signal could not be read.',
    );
  });
});
