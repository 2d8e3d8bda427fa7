import { describe, expect, it } from 'vitest';
import type { RevisionFacts } from '../../src/lib/evidence.ts';
import { known, unreadable } from '../../src/lib/fact.ts';
import { handleSignal } from '../../src/lib/intake.ts';
import { sweep } from '../../src/lib/sweep.ts';
import { app, config, minute, nowMs, revision, roleMissing } from './facts.ts';
import { type Memory, memory } from './memory-ports.ts';

const stuck: RevisionFacts = {
  ...revision,
  createdAtMs: nowMs - 20 * minute,
  runningState: 'Activating',
  details: '',
};

function world(changes: Partial<RevisionFacts>, provisioningState = 'Succeeded'): Memory {
  return memory(
    config(),
    { ...roleMissing, app: known({ ...app, provisioningState }), revisions: known([{ ...stuck, ...changes }]) },
    nowMs,
  );
}

describe('the sweep', () => {
  it.each<[string, Partial<RevisionFacts>, number]>([
    ['a revision that has been starting for long', {}, 1],
    ['a revision that failed', { runningState: 'Failed', provisioningState: 'Failed' }, 1],
    [
      'a running revision with a replica that waits for its image',
      { runningState: 'Running', details: '1/2 Pending:ImagePullBackOff' },
      1,
    ],
    ['a revision whose container crashes', { runningState: 'Failed', details: '1/1 Container crashing: app' }, 0],
    ['a revision that is starting', { createdAtMs: nowMs - 2 * minute }, 0],
    ['a revision that runs', { runningState: 'Running' }, 0],
    ['a revision that is scaled to zero', { runningState: 'ScaledToZero' }, 0],
    ['a revision that is not active', { active: false }, 0],
  ])('%s', async (_what, changes, found) => {
    const running = world(changes);

    expect(await sweep(running.ports, config())).toBe(found);
    expect(running.world.signals).toHaveLength(found);
  });

  it('finds an app whose last write was rejected', async () => {
    expect(await sweep(world({ active: false }, 'Failed').ports, config())).toBe(1);
  });

  it('leaves an app alone that has a remediation', async () => {
    const running = world({});
    await sweep(running.ports, config());
    for (const { signal } of running.world.signals) await handleSignal(running.ports, config(), signal);

    expect(await sweep(running.ports, config())).toBe(0);
  });

  it('sends the same signal for the same revision all day, so that it opens one remediation', async () => {
    const running = world({});
    await sweep(running.ports, config());
    running.world.nowMs += 10 * minute;
    await sweep(running.ports, config());

    expect(new Set(running.world.signals.map(({ signal }) => signal.id)).size).toBe(1);
  });

  it('reads nothing into a list that cannot be read', async () => {
    const running = world({});
    const ports = {
      ...running.ports,
      azure: { ...running.ports.azure, listApps: async () => unreadable<never>('forbidden') },
    };

    expect(await sweep(ports, config())).toBe(0);
  });
});
