// What sending a message again or dismissing it would do: bound to what was shown of it.
import { describe, expect, it } from 'vitest';
import { proposeForMessage, versionOfLetter } from '../../../src/lib/answers/message-proposals.ts';
import { nowMs } from '../facts.ts';
import { deadStep } from '../memory-upkeep.ts';
import { after } from './asked.ts';

const shown = { subject: deadStep.id, shown: versionOfLetter(deadStep) } as const;

describe('a kept message', () => {
  it('can be sent again or dismissed, and is shown as text of bounded length', async () => {
    const here = await after([], { ...deadStep, message: `<script>${'x'.repeat(5000)}` });
    const replay = await proposeForMessage(here, { verb: 'replay', ...shown });

    expect(replay).toMatchObject({ kind: 'possible', title: 'Send this message again?' });
    expect(JSON.stringify(replay).length).toBeLessThan(1200);
    expect(await proposeForMessage(here, { verb: 'dismiss', ...shown })).toMatchObject({
      kind: 'possible',
      button: 'Dismiss it',
    });
  });

  it('that cannot be read can only be dismissed', async () => {
    const here = await after([], { ...deadStep, kind: 'unreadable' });

    expect(await proposeForMessage(here, { verb: 'replay', ...shown })).toMatchObject({
      status: 409,
      says: expect.stringContaining('dismiss it') as string,
    });
    expect(await proposeForMessage(here, { verb: 'dismiss', ...shown })).toMatchObject({ kind: 'possible' });
  });

  it.each([
    [{ state: 'replayed', by: 'bo' }, 'sent again by bo'],
    [{ state: 'dismissed', by: 'bo' }, 'dismissed by bo'],
    [{ state: 'retrying' }, 'pullmedic itself is sending'],
    [{ tries: 8 }, 'failed again after it was shown'],
    [{ lastAtMs: nowMs + 1 }, 'failed again after it was shown'],
  ] as const)('that has moved on (%j) is not acted on', async (change, words) => {
    const here = await after([], { ...deadStep, ...change });

    for (const verb of ['replay', 'dismiss'] as const)
      expect(await proposeForMessage(here, { verb, ...shown })).toMatchObject({
        kind: 'impossible',
        says: expect.stringContaining(words) as string,
      });
  });
});
