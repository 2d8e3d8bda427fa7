// The report of one remediation after the fact.
import { describe, expect, it } from 'vitest';
import { postMortem } from '../../../src/lib/console/post-mortem.ts';
import { readStory, type Story, storyOf } from '../../../src/lib/console/story.ts';
import { listRemediations, viewRemediation } from '../../../src/lib/console/views.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import { markdown } from '../../../src/lib/incidents/markdown.ts';
import { asking, closed, eachMinute, granting, looked, opened, stabilising, waiting } from '../console-entries.ts';
import { config, dnsUnlinked, minute, nowMs, signal, targetId } from '../facts.ts';
import { memory } from '../memory-ports.ts';

function storyFrom(...entries: readonly Entry[]): Story {
  const stored = eachMinute(opened, ...entries);
  const [remediation] = foldTarget(targetId, stored).remediations;
  if (remediation === undefined) throw new Error('There is no remediation.');
  return storyOf(viewRemediation(remediation), stored);
}

const textOf = (story: Story, atMs = nowMs + 60 * minute): string =>
  markdown(postMortem(story, atMs)).replaceAll('\\', '');
const granted: Entry = { kind: 'outcome', action: 'grant', outcome: 'done', undo: 'x' };
const proven: Entry = {
  ...looked,
  progress: { ...looked.progress, pulledRow: true, readyReplica: true, proof: 'proven' },
};

describe('the report of a remediation', () => {
  const text = textOf(storyFrom(looked, granting, granted, looked, waiting, proven, stabilising, proven, closed));

  it('says what was wrong, how it ended and how long it lasted', () => {
    expect(text).toMatch(/^### ca-orders: the identity has no role that lets it pull \(confirmed\)/);
    expect(text).toContain('- **Ended**: recovered. The image was pulled and the replica stayed ready.');
    expect(text).toContain('- **Lasted**: 6 min 00 s');
    expect(text).toContain('- **What pullmedic did**: grant: done');
    expect(text).toContain('- **First failure in the log**: not known');
  });

  it('says whose time each part was', () => {
    expect(text).toContain('- waiting for the role: 4 min 00 s (time of Azure)');
    expect(text).toContain('(time of pullmedic)');
  });

  it('says what showed the cause, and what happened in its order', () => {
    expect(text).toContain('### What showed it');
    expect(text).toContain('No role of the identity lets it pull');
    const lines = text
      .slice(text.indexOf('### What happened'))
      .split('\n')
      .filter((line) => line.startsWith('- 2026'));
    expect(lines[0]).toContain('2026-06-01 02:00:00 UTC: Opened by');
    expect(lines.at(-1)).toContain('2026-06-01 02:09:00 UTC: Closed as recovered.');
  });

  it('leaves to people what a history cannot know', () => {
    expect(text).toContain('### For people to add');
  });

  it('says looks that say the same again once, and how many there were', () => {
    const long = textOf(storyFrom(looked, waiting, looked, waiting, looked, waiting, looked, waiting));

    expect(long).toMatch(
      /2026-06-01 02:03:00 UTC to 2026-06-01 02:06:00 UTC: 4 entries that say the same again, 2 of them looks/,
    );
  });

  it('of one that goes on says so, and how long it has lasted until now', () => {
    const live = textOf(storyFrom(looked, asking));

    expect(live).toContain('- **Ended**: it goes on: needs approval');
    expect(live).toContain('- **Has lasted**: 1 h 0 min');
    expect(live).toContain('- **Recovered**: not known');
  });

  it('says what was refused and what could not be read, each once', () => {
    const refused: Entry = { ...asking, refusals: [{ guard: 'mode', why: 'approval-needed' }] };
    const blind: Entry = { ...looked, unread: ['vnet'], whyUnread: { vnet: 'forbidden' } };
    const both = textOf(storyFrom(blind, refused, blind, refused));

    expect(both.match(/- vnet \(forbidden/g)).toHaveLength(1);
    expect(both).toMatch(/### What pullmedic did not do, and why\n\n- the mode is approve[^\n]*\n\n/);
  });

  it('has what a person was asked to do, with the commands of the incident', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const [view] = await listRemediations(running.ports);
    const story = await readStory(running.ports, view?.id ?? '');
    if (story === undefined) throw new Error('There is no story.');

    expect(textOf(story)).toContain('### What a person was asked to do');
    expect(markdown(postMortem(story, nowMs))).toContain('```sh\naz network private-dns link vnet create');
  });
});
