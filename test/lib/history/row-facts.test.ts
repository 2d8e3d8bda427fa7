// What the row of a remediation says: its causes, the stages and their times, whether a person was needed, which guards refused.
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../../src/lib/history/figures.ts';
import { factsOf } from '../../../src/lib/history/row-facts.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { config, history, image, minute, nowMs, pulledAgain, roleMissing, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';

function opened(more: Partial<Remediation> = {}): Remediation {
  const [remediation] = history().remediations;
  if (remediation === undefined) throw new Error('nothing was opened');
  return { ...remediation, ...more };
}

describe('the facts of a row', () => {
  it('are few before the first look: what is not known is absent', () => {
    const { remediation: _id, appId: _app, ...figures } = figuresOf(opened());

    expect(factsOf(opened())).toEqual({
      ...figures,
      appName: 'ca-orders',
      image,
      state: 'looking',
    });
  });

  it('tell of a recovery by a grant: each stage, and nobody was needed', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    running.world.evidence = pulledAgain(roleMissing, nowMs + 2 * minute);
    await running.pass(40 * minute);
    const [row] = [...running.rows.values()];

    expect(row).toMatchObject({
      closed: true,
      facts: {
        appName: 'ca-orders',
        causes: ['pull-role-missing'],
        sure: 'confirmed',
        state: 'closed',
        closed: { how: 'recovered', because: 'pulled-and-ready', atMs: row?.closedAtMs },
      },
    });
    const { openedAtMs, diagnosedAtMs, grantedAtMs, roleInEffectAtMs, recoveredAtMs, askedAtMs } = row?.facts ?? {};
    const stages = [openedAtMs, diagnosedAtMs, grantedAtMs, roleInEffectAtMs, recoveredAtMs, row?.closedAtMs];
    expect(stages).not.toContain(undefined);
    expect(stages).toEqual(stages.toSorted((a = 0, b = 0) => a - b));
    expect(askedAtMs).toBeUndefined();
  });

  it('tell that a person was needed and which guard refused, also when that is over', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
    await running.deliver(signal);
    running.world.evidence = pulledAgain(roleMissing, nowMs + 2 * minute);
    await running.pass(90 * minute);
    const [row] = [...running.rows.values()];

    expect(row).toMatchObject({ closed: true, needsPerson: false, facts: { askedAtMs: nowMs } });
    expect(row?.facts?.refused).toContain('mode: observe');
    expect(row?.facts).not.toHaveProperty('roleInEffectAtMs');
  });
});
