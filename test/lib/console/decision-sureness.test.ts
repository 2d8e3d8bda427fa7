// A decision names its cause as sure as the look before it was: on the page, in the report, in the Markdown and for the command line.
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/lib/causes/causes.ts';
import { surenessesIn } from '../../../src/lib/console/decision-sureness.ts';
import { remediationMarkdown } from '../../../src/lib/console/pages/remediation.ts';
import { postMortem } from '../../../src/lib/console/post-mortem.ts';
import { storyOf } from '../../../src/lib/console/story.ts';
import { timeline } from '../../../src/lib/console/timeline.ts';
import { viewRemediation } from '../../../src/lib/console/views.ts';
import type { Sureness } from '../../../src/lib/history/diagnosis.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import { asking, closed, decided, eachMinute, granting, looked, opened, waiting } from '../console-entries.ts';
import { nowMs, targetId } from '../facts.ts';

const finds = (cause: Cause, sure: Sureness): Entry & { kind: 'looked' } => ({
  ...looked,
  diagnosis: { ...looked.diagnosis, causes: [cause], sure },
});
const handing = (cause: Cause): Entry => decided({ do: 'incident', cause, because: 'needs-a-person' });

describe('how sure a decision was of its cause', () => {
  it.each(['confirmed', 'suspected', 'unexplained'] as const)('is what the look before it says: %s', (sure) => {
    expect(surenessesIn(eachMinute(opened, finds('tag-missing', sure), handing('tag-missing'))).get(3)).toBe(sure);
  });

  it('is asked of the last look, also where other entries stand between', () => {
    const entries = eachMinute(
      opened,
      finds('tag-missing', 'suspected'),
      finds('tag-missing', 'confirmed'),
      waiting,
      handing('tag-missing'),
    );

    expect(surenessesIn(entries).get(5)).toBe('confirmed');
  });

  it('is known of a grant and of a question too', () => {
    expect([...surenessesIn(eachMinute(opened, looked, granting, asking))]).toEqual([
      [3, 'confirmed'],
      [4, 'confirmed'],
    ]);
  });

  it('is not known where the look names another cause, where no look is left, or where no cause is named', () => {
    expect(surenessesIn(eachMinute(opened, looked, handing('write-rejected'))).size).toBe(0);
    expect(surenessesIn(eachMinute(handing('tag-missing'))).size).toBe(0);
    expect(surenessesIn(eachMinute(opened, looked, waiting, closed)).size).toBe(0);
  });
});

describe('a cause that is only suspected', () => {
  const entries = eachMinute(opened, finds('tag-missing', 'suspected'), handing('tag-missing'));
  const [remediation] = foldTarget(targetId, entries).remediations;
  if (remediation === undefined) throw new Error('There is no remediation.');
  const story = storyOf(viewRemediation(remediation), entries);
  const words = 'Hands over to a person: the image is not in the registry (suspected).';

  it('is handed over as a suspicion, on the page, in its Markdown and in its report', () => {
    expect(timeline(entries, {}).text).toContain(words);
    expect(JSON.stringify(remediationMarkdown(story))).toContain(words);
    expect(JSON.stringify(postMortem(story, nowMs))).toContain(words.slice(0, -1));
  });

  it('is a suspicion also where the decision stands alone', () => {
    const alone = eachMinute(opened, finds('tag-missing', 'suspected'), waiting, handing('tag-missing'));

    expect(timeline(alone, {}).text).toContain(words);
  });
});
