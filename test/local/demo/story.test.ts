// The story on the terminal: one line for each change, in order of simulated time, in words, and never against itself.
import { describe, expect, it } from 'vitest';
import type { Histories, Remediation } from '../../../local/demo/answers.ts';
import { follower } from '../../../local/demo/story.ts';
import { at, histories, incident, openedMs, recovered, remediation, roleMissing } from './told-facts.ts';

function textsOf(one: Remediation, ...others: Parameters<typeof histories>[1] & object): string[] {
  return follower()(histories([one], others)).map(({ text }) => text);
}

/** The lines of a story that was looked at so often. */
function storyOf(...looks: Histories[]): { atMs: number; text: string }[] {
  const follow = follower();
  return looks.flatMap((look) => follow(look).map(({ atMs, text }) => ({ atMs, text })));
}

describe('the story of a scenario', () => {
  it('has one line for each change of what is known, however often it is looked at', () => {
    const opened = histories([remediation()]);
    const found = histories([roleMissing()]);

    expect(storyOf(opened, opened, found, found, found).map(({ text }) => text)).toEqual([
      'Started by a log alert',
      'The log says: unauthorized',
      'Found: the identity has no role that lets it pull',
    ]);
  });

  it('is in order of simulated time, also where one look shows everything and two apps are in trouble', () => {
    const other = remediation({ id: 'r2', times: { detectedAtMs: at('02:10:00') }, updatedAtMs: at('02:10:00') });
    const lines = storyOf(histories([other, recovered()]));

    expect(lines.map(({ atMs }) => atMs)).toEqual(lines.map(({ atMs }) => atMs).sort((a, b) => a - b));
    expect(lines[0]).toEqual({ atMs: openedMs, text: 'Started by a log alert' });
    expect(lines.at(-1)?.text).toMatch(/^Recovered/);
  });

  it('puts the cause before the grant that follows from it', () => {
    const texts = textsOf(recovered());

    expect(texts.indexOf('Found: the identity has no role that lets it pull')).toBeLessThan(
      texts.indexOf('Grants the pull role'),
    );
  });

  it('never says that a grant is made which was withheld', () => {
    const withheld = roleMissing(
      {
        decision: { do: 'grant', because: 'pull-role-missing' },
        actions: [{ action: 'grant', outcome: 'withheld', because: 'kill-switch: on', atMs: at('02:02:05') }],
      },
      { actions: ['the kill switch is on'] },
    );

    expect(textsOf(withheld)).toContain('Does not grant the pull role: the kill switch is on');
    expect(textsOf(withheld).join()).not.toContain('Grants');
  });

  it('says nothing of a change that is under way, until its outcome is known or it goes on without one', () => {
    const actions = [{ action: 'grant', outcome: 'unknown', atMs: at('02:02:05') }];
    const sentences = { actions: [''] };
    const underWay = roleMissing({ decision: { do: 'grant', because: 'pull-role-missing' }, actions }, sentences);
    const without = roleMissing({ decision: { do: 'wait', because: 'looking-again' }, actions }, sentences);

    expect(textsOf(underWay).at(-1)).toMatch(/^Found/);
    expect(textsOf(without)).toContain('Asked for the grant of the pull role and got no answer');
  });

  it('says what it changes nothing for, to whom it hands over and with how many commands', () => {
    const handed = roleMissing(
      {
        state: 'needs-person',
        decision: { do: 'incident', because: 'change-refused' },
        refusals: ['mode: observe'],
        incident: 'i1',
      },
      { refusals: ['the mode is observe'] },
    );

    expect(textsOf(handed, incident())).toContain('Changes nothing: the mode is observe');
    expect(textsOf(handed, incident())).toContain('Hands over to the registry owner, with a command');
    expect(textsOf(handed, incident({ commands: [] })).at(-1)).toContain('with advice');
  });

  it('does not say that nothing is changed where something was, but that nothing is now', () => {
    const limited = roleMissing(
      {
        actions: [{ action: 'restart', outcome: 'done', atMs: at('02:02:05') }],
        refusals: ['target-limit: restarts-per-day'],
      },
      { actions: [''], refusals: ['the daily limit of restarts is reached'] },
    );

    expect(textsOf(limited)).toContain('Changes nothing now: the daily limit of restarts is reached');
  });

  it('says that the machine is too slow where a look was refused for its age, and not on virtual time', () => {
    const old = roleMissing(
      { refusals: ['evidence-too-old: minutes'] },
      { refusals: ['what was read is minutes old'] },
    );
    const onRealParts = follower(60)(histories([old])).map(({ text }) => text);

    expect(onRealParts.at(-1)).toBe(
      'Changes nothing: what was read is minutes old. This machine is too slow for --speed 60',
    );
    expect(textsOf(old).join()).not.toContain('too slow');
  });

  it.each<[string, Remediation['approval'], string]>([
    ['asks', { state: 'pending', question: 1 }, 'Asks a person to approve the grant of the pull role'],
    ['yes', { state: 'approved', question: 1, by: 'anna' }, 'Approved by anna'],
    ['no', { state: 'rejected', question: 1, by: 'anna' }, 'Rejected by anna'],
    ['silence', { state: 'expired', question: 1 }, 'No person answered in time'],
  ])('tells of approvals: %s', (_, approval, text) => {
    expect(textsOf(roleMissing({ approval }))).toContain(text);
  });

  it('says how long the recovery took, and that an incident ended with it', () => {
    const texts = textsOf(recovered({ incident: 'i1' }), incident({ state: 'resolved' }));

    expect(texts.slice(-2)).toEqual([
      'Recovered 10m05s after the failure: the image was pulled and the replica stayed ready',
      'The incident is resolved',
    ]);
  });
});
