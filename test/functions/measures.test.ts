// The page of measures is computed from rows of figures, and reads no history.
import { describe, expect, it } from 'vitest';
import { registerMeasures } from '../../src/functions/measures.ts';
import { mostEnded } from '../../src/lib/console/measured-rows.ts';
import { known } from '../../src/lib/words/fact.ts';
import { nowMs, signal } from '../lib/facts.ts';
import { figures } from '../lib/figures.ts';
import { indexRow } from '../lib/index-rows.ts';
import { doors, signedIn } from './doors.ts';

const headers = signedIn('Reader');

function ended(ordinal: number): ReturnType<typeof indexRow> {
  const closed = { how: 'recovered', because: 'pulled-and-ready', atMs: nowMs - ordinal } as const;
  const { remediation, appId, ...facts } = figures({ ordinal, openedAtMs: nowMs - ordinal, closed });
  return indexRow({ remediation, appId, closed: true, closedAtMs: nowMs - ordinal, facts });
}

describe('the page of measures', () => {
  it('is refused without a sign-in', async () => {
    expect((await doors(registerMeasures).send('measures')).status).toBe(401);
  });

  it('shows what happened, and reads no history for it', async () => {
    const { send, running } = doors(registerMeasures);
    running.world.pulse = known({ sinceMs: 0, lastMs: nowMs });
    await running.deliver(signal);
    const read: string[] = [];
    running.world.before = (call) => void read.push(call);

    const { jsonBody } = await send('measures', { headers, query: { as: 'json' } });
    expect(jsonBody).toMatchObject({ opened: 1, window: { days: 30, skipped: 0 } });
    expect(read.sort()).toEqual(['index.closed', 'index.live']);
    expect((await send('measures', { headers })).body).toContain('What became of them');
    expect((await send('measures', { headers, query: { as: 'md' } })).body).toContain('the last 30 days');
  });

  it('reads the same number of rows, however many there are', async () => {
    const { send, running } = doors(registerMeasures);
    for (let ordinal = 1; ordinal <= mostEnded + 5; ordinal += 1) await running.ports.index.put(ended(ordinal));

    const { jsonBody } = await send('measures', { headers, query: { as: 'json' } });
    expect(jsonBody).toMatchObject({ opened: mostEnded, window: { shortened: 'more-rows' } });
  });

  it.each([
    ['7', 7],
    ['90', 90],
    ['8', 30],
    ['x', 30],
  ])('takes the days %s as %d', async (days, read) => {
    const { jsonBody } = await doors(registerMeasures).send('measures', { headers, query: { as: 'json', days } });

    expect(jsonBody).toMatchObject({ window: { days: read } });
  });
});
