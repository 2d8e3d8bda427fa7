import { describe, expect, it } from 'vitest';
import { readStory, storyOf } from '../../../src/lib/console/story.ts';
import { listRemediations, viewRemediation } from '../../../src/lib/console/views.ts';
import { closed, eachMinute, looked, opened } from '../console-entries.ts';
import { config, dnsUnlinked, environmentId, history, nowMs, registryId, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';

describe('the story of a remediation', () => {
  it('has its entries, its incident, and where it runs', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const [view] = await listRemediations(running.ports);
    const story = await readStory(running.ports, view?.id ?? '');

    expect(story).toMatchObject({
      registryId,
      environmentId,
      incident: { cause: 'private-dns-unlinked', state: 'open' },
    });
    expect(story?.entries[0]?.entry.kind).toBe('opened');
    expect(story?.diagnosis?.causes).toEqual(['private-dns-unlinked']);
  });

  it('is none without a remediation', async () => {
    expect(await readStory(memory(config(), dnsUnlinked, nowMs).ports, '<script>')).toBeUndefined();
  });

  it('shows the last look that named what was wrong, not one that saw the recovery', () => {
    const [remediation] = history(
      looked,
      { ...looked, diagnosis: { ...looked.diagnosis, causes: ['unexplained'], sure: 'unexplained' } },
      closed,
    ).remediations;
    if (remediation === undefined) throw new Error('no remediation');
    const entries = eachMinute(opened, looked, {
      ...looked,
      diagnosis: { ...looked.diagnosis, causes: ['unexplained'], sure: 'unexplained' },
    });

    expect(storyOf(viewRemediation(remediation), entries).diagnosis?.causes).toEqual(['pull-role-missing']);
  });
});
