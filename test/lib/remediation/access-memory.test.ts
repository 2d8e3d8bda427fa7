// The memory of one pair: apart from every other pair, one writer at a time, and unreadable where it cannot be read.
import { describe, expect, it } from 'vitest';
import type { AccessEntry } from '../../../src/lib/history/access-memory.ts';
import { recallAccess, remember, rememberUnless } from '../../../src/lib/remediation/access-memory.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { acrPull, appId, config, nowMs, principal, principalId, registryId, roleMissing } from '../facts.ts';
import { memory } from '../memory-ports.ts';

const pair = { registryId, principalId: principal };
const grant = { ...pair, roleId: acrPull };
const remediation = `t${'0'.repeat(24)}.1` as RemediationId;
const refused: AccessEntry = { kind: 'grant-refused', grant, how: 'unanswered', remediation, app: appId };
const made: AccessEntry = { kind: 'grant-made', grant, remediation, app: appId };

describe('the memory of a pair', () => {
  it('holds what was remembered of it, and nothing of another principal', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    const other = { ...pair, principalId: principalId('c0000000-0000-4000-8000-00000000000c') };
    await remember(ports, pair, refused);

    expect(valueOf(await recallAccess(ports, pair))?.refused).toMatchObject([{ how: 'unanswered', atMs: nowMs }]);
    expect(valueOf(await recallAccess(ports, other))?.refused).toEqual([]);
  });

  it('is unreadable where the store does not answer, never empty', async () => {
    const { ports, world } = memory(config(), roleMissing, nowMs);
    world.before = (call) => {
      if (call === 'deployment.read') throw new Error('down');
    };

    expect(await recallAccess(ports, pair)).toEqual(unreadable('unavailable'));
  });

  it('leaves the limits of the deployment alone', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    await remember(ports, pair, made);

    expect(await ports.deployment.read('deployment')).toEqual([]);
  });

  it('does not take what is known already', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    await remember(ports, pair, refused, ({ refused: before }) => before.length > 0);
    await remember(ports, pair, refused, ({ refused: before }) => before.length > 0);

    expect(valueOf(await recallAccess(ports, pair))?.lastSeq).toBe(1);
  });

  it('shows a writer what another one wrote in between, so that a grant is never announced past a refusal', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    const append = ports.deployment.append.bind(ports.deployment);
    let slipped = false;
    Object.assign(ports.deployment, {
      append: async (...asked: Parameters<typeof append>) => {
        if (!slipped) {
          slipped = true;
          await remember(ports, pair, refused);
        }
        return append(...asked);
      },
    });
    const done = await rememberUnless(ports, pair, made, ({ refused: before }) =>
      before.length > 0 ? 'refused' : undefined,
    );

    expect(done).toBe('refused');
    expect(valueOf(await recallAccess(ports, pair))?.made).toEqual([]);
  });

  it('is too busy when every append meets another writer', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    Object.assign(ports.deployment, { append: async () => 'taken' });

    await expect(remember(ports, pair, refused)).rejects.toThrow('too busy');
    expect(known(await rememberUnless(ports, pair, made, () => undefined))).toEqual(known('busy'));
  });
});
