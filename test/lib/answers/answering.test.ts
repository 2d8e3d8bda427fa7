// The way back from a form, and what the kill switch holds back.
import { describe, expect, it } from 'vitest';
import { heldBack, pageOf } from '../../../src/lib/answers/answering.ts';
import { wholeDeployment } from '../../../src/lib/answers/verbs.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { deadStep } from '../memory-upkeep.ts';
import { after, id } from './asked.ts';

describe('the page of a subject', () => {
  it('is that of the remediation, of the messages, or of now', () => {
    expect(pageOf({ subject: id })).toBe(`/api/history/${id}`);
    expect(pageOf({ subject: deadStep.id })).toBe('/api/messages');
    expect(pageOf({ subject: wholeDeployment })).toBe('/api/now');
  });

  it.each(['//evil.example', '/../x', 'https://evil.example', ''])(
    'is one of ours for the subject "%s" too',
    (subject) => {
      expect(pageOf({ subject })).toBe('/api/messages');
    },
  );
});

describe('a change that a person wants', () => {
  it.each([
    [known<boolean>(false), undefined],
    [known<boolean>(true), 'The kill switch is on.'],
    [unreadable<boolean>('unavailable'), 'cannot be read now, and that counts as on'],
  ] as const)('with the kill switch %j is held back accordingly', async (killSwitch, words) => {
    const here = await after([]);
    here.running.world.killSwitch = killSwitch;
    const { held } = await heldBack(here);

    expect(held === undefined).toBe(words === undefined);
    expect(held ?? '').toContain(words ?? '');
  });
});
