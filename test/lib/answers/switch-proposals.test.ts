// What setting the kill switch would do: on always, off only the setting that was shown.
import { describe, expect, it } from 'vitest';
import { neverSet, proposeSwitch } from '../../../src/lib/answers/switch-proposals.ts';
import { wholeDeployment } from '../../../src/lib/answers/verbs.ts';
import { unreadable } from '../../../src/lib/words/fact.ts';
import { nowMs } from '../facts.ts';
import { after, type Here } from './asked.ts';

const off = (shown: string) => ({ verb: 'switch-off', subject: wholeDeployment, shown }) as const;

async function turnedOn(): Promise<Here> {
  const here = await after([]);
  await here.ports.controls.turnOn({ by: 'bo', atMs: nowMs, why: 'a storm' });
  return here;
}

describe('turning the kill switch off', () => {
  it('says who turned it on, when and why', async () => {
    const proposal = JSON.stringify(await proposeSwitch(await turnedOn(), off('1')));

    expect(proposal).toContain('on, set by bo at 2026-06-01 02:00 UTC, because: a storm');
  });

  it('is not possible for another setting, for one that is off, or for one that cannot be read', async () => {
    const here = await turnedOn();
    expect(await proposeSwitch(here, off('2'))).toMatchObject({
      status: 409,
      says: expect.stringContaining('set by bo after') as string,
    });
    expect(await proposeSwitch(here, off(neverSet))).toMatchObject({ status: 409 });
    expect(await proposeSwitch(await after([]), off(neverSet))).toMatchObject({
      says: 'The kill switch is off already.',
    });
    const dark = {
      ...here,
      ports: {
        ...here.ports,
        controls: { ...here.ports.controls, setting: async () => unreadable<undefined>('unavailable') },
      },
    };

    expect(await proposeSwitch(dark, off('1'))).toMatchObject({ status: 503 });
    expect(await proposeSwitch(dark, { ...off('1'), verb: 'switch-on' })).toMatchObject({ kind: 'possible' });
  });
});
