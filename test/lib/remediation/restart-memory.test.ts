// Restarts are remembered for each app, where every remediation of it sees them.
import { describe, expect, it } from 'vitest';
import type { RestartEntry } from '../../../src/lib/history/restarts.ts';
import { recallRestarts, rememberRestartUnless } from '../../../src/lib/remediation/restart-memory.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { appId, arm, config, nowMs, roleMissing } from '../facts.ts';
import { memory } from '../memory-ports.ts';

const remediation = `t${'1'.repeat(24)}.1` as RemediationId;
const entry: RestartEntry = { kind: 'restart-announced', app: appId, revision: 'a', by: 'restart', remediation };

describe('the memory of the restarts of an app', () => {
  it('holds what was announced for this app, and nothing of another one', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    expect(await recallRestarts(ports, appId)).toEqual(known([]));

    expect(await rememberRestartUnless(ports, appId, entry, () => undefined)).toBe('appended');

    expect(await recallRestarts(ports, appId)).toEqual(
      known([{ revision: 'a', by: 'restart', remediation, atMs: nowMs }]),
    );
    expect(await recallRestarts(ports, arm(`${appId}-two`))).toEqual(known([]));
    expect(await ports.deployment.read('deployment')).toEqual([]);
  });

  it('takes no entry that what it holds speaks against', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    const once = () =>
      rememberRestartUnless(ports, appId, entry, (restarts) => (restarts.length > 0 ? 'enough' : undefined));

    expect([await once(), await once()]).toEqual(['appended', 'enough']);
  });

  it('is unreadable where the store cannot be reached, and busy where others write all the time', async () => {
    const { ports, world } = memory(config(), roleMissing, nowMs);
    const crowded = { ...ports, deployment: { ...ports.deployment, append: async () => 'taken' as const } };
    expect(await rememberRestartUnless(crowded, appId, entry, () => undefined)).toBe('busy');

    world.before = () => {
      throw new Error('down');
    };

    expect(await recallRestarts(ports, appId)).toEqual(unreadable('unavailable'));
    await expect(rememberRestartUnless(ports, appId, entry, () => undefined)).rejects.toThrow('down');
  });
});
