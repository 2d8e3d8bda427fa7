// What the events of a container say: they stay in the list after the trouble is over.
import { describe, expect, it } from 'vitest';
import { lastPull, pullRows } from '../../../../src/lib/azure/facts/group-events.ts';
import { getGroup, type WireContainer } from '../../../../src/lib/azure/facts/group-resource.ts';
import { groupId } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';
import {
  backOff,
  container,
  earlier,
  failed,
  firstTry,
  lastTry,
  pulled,
  pulling,
  refusal,
  type WireEventGiven,
  waiting,
  wireGroup,
} from './wire-groups.ts';

async function withEvents(...events: readonly WireEventGiven[]): Promise<WireContainer> {
  const { clients } = alwaysAnswering(wireGroup([container(waiting, events)]));
  const [read] = (await getGroup(clients, groupId)).properties.containers;
  if (read === undefined) throw new Error('The group has no container.');
  return read;
}

const at = (text: string): number => Date.parse(text);
const long = (event: WireEventGiven): WireEventGiven => ({ ...event, first: earlier, last: earlier });

describe('the last pull of a container', () => {
  it.each<[string, string | undefined, readonly WireEventGiven[]]>([
    ['failed, and is waited for', 'failed', [pulling, failed, { ...backOff, last: '2026-06-01T01:58:16Z' }]],
    ['failed in the second in which it began', 'failed', [pulling, failed]],
    ['goes on after a failure', 'pulling', [failed, { ...pulling, last: '2026-06-01T01:59:00Z' }]],
    ['succeeded after failures that stay in the list', 'pulled', [long(failed), pulling, pulled]],
    ['failed after one that succeeded', 'failed', [long(pulled), pulling, failed]],
    ['is no proof where success and failure share a second', 'failed', [pulled, failed]],
    ['is unknown without events', undefined, []],
    [
      'is not told by a crash or by a start that failed',
      'pulled',
      [
        long(pulled),
        { name: 'BackOff', message: 'Back-off restarting failed container' },
        { name: 'Failed', message: 'Error: Failed to start container aci-app' },
      ],
    ],
  ])('%s', async (_, step, events) => {
    expect(lastPull(await withEvents(...events))).toBe(step);
  });
});

describe('the rows of a container', () => {
  const since = at('2026-06-01T01:30:00Z');

  it('have the times of the first and of the last event, its container, and the words of the system log', async () => {
    const rows = pullRows(await withEvents(pulling, failed), false, since);
    expect(rows.map(({ reason, atMs }) => [reason, atMs])).toEqual([
      ['PullingImage', at(firstTry)],
      ['PullingImage', at(lastTry)],
      ['Failed', at(firstTry)],
      ['Failed', at(lastTry)],
    ]);
    expect(rows[3]).toMatchObject({ revision: 'app', replica: 'app', severity: 'Warning', text: refusal });
  });

  it('of an older failure are left out once a pull has succeeded', async () => {
    const rows = pullRows(await withEvents(long(failed), long(pulled), pulling), false, since);
    expect(rows.map(({ reason }) => reason)).not.toContain('Failed');
  });

  it('of an older failure are kept while the container has no image: nothing newer says why', async () => {
    const old = await withEvents(long(failed));
    expect(pullRows(old, false, since).map(({ reason }) => reason)).toEqual(['Failed']);
    expect(pullRows(old, true, since)).toEqual([]);
  });

  it('of an older pull that succeeded are kept: they prove that it worked once', async () => {
    expect(pullRows(await withEvents(long(pulled)), true, since).map(({ reason }) => reason)).toEqual(['PulledImage']);
  });
});
