import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { readRemediation, readTarget, targetIdOf } from '../../../src/lib/history/targets.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { appId, config, nowMs, roleMissing, signal, target } from '../facts.ts';
import { memory } from '../memory-ports.ts';

const { ports } = memory(config(), roleMissing, nowMs);

describe('the name of a history', () => {
  it('is one for each app and image: revisions and signals of a target share it', () => {
    expect(targetIdOf(ports, target)).toMatch(/^t[0-9a-f]{24}$/);
    expect(targetIdOf(ports, targetOf(appId, target.image))).toBe(targetIdOf(ports, target));
    expect(targetIdOf(ports, targetOf(appId, 'acrshop.azurecr.io/shop/orders:v2'))).not.toBe(targetIdOf(ports, target));
  });
});

describe('the history of a target', () => {
  it('is what its stored entries add up to, and empty where nothing is stored', async () => {
    const id = targetIdOf(ports, target);
    expect(await readTarget(ports, id)).toEqual({ targetId: id, remediations: [], lastSeq: 0, staleBelowSeq: 0 });

    const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
    await ports.history.append(id, 0, opened);

    const { remediations, lastSeq } = await readTarget(ports, id);
    expect(lastSeq).toBe(1);
    expect(remediations).toMatchObject([{ id: `${id}.1`, openedAtMs: nowMs, target }]);
  });
});

describe('a remediation by its id', () => {
  it('comes with the history of its target, and is not found by a number that was never given, or by another text', async () => {
    const { ports: empty } = memory(config(), roleMissing, nowMs);
    const id = targetIdOf(empty, target);
    await empty.history.append(id, 0, { kind: 'opened', target, signal, mode: 'act' });

    expect(await readRemediation(empty, `${id}.1`)).toMatchObject({
      history: { targetId: id, lastSeq: 1 },
      remediation: { id: `${id}.1` },
    });
    expect(await readRemediation(empty, `${id}.2`)).toBeUndefined();
    expect(await readRemediation(empty, id)).toBeUndefined();
  });
});
