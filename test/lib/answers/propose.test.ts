// Every verb has a proposal that says what is done, and none for a subject that is not there.
import { describe, expect, it } from 'vitest';
import { propose } from '../../../src/lib/answers/propose.ts';
import { type Verb, verbs, wholeDeployment } from '../../../src/lib/answers/verbs.ts';
import { after } from './asked.ts';

const ofSwitch: readonly Verb[] = ['switch-on', 'switch-off'];

describe('a proposal', () => {
  it.each(verbs.filter((verb) => !ofSwitch.includes(verb)))(
    '%s is not there for a subject that is not',
    async (verb) => {
      const subject = verb === 'replay' || verb === 'dismiss' ? `d${'0'.repeat(24)}` : `t${'9'.repeat(24)}.1`;

      expect(await propose(await after([]), { verb, subject, shown: '1' })).toMatchObject({
        kind: 'impossible',
        status: 404,
      });
    },
  );

  it('to turn the kill switch on is always there', async () => {
    const here = await after([]);
    const intent = { verb: 'switch-on', subject: wholeDeployment, shown: 'whatever' } as const;

    expect(await propose(here, intent)).toMatchObject({ kind: 'possible' });
    await here.ports.controls.turnOn({ by: 'bo', atMs: 1 });
    expect(await propose(here, intent)).toMatchObject({ kind: 'possible' });
  });
});
