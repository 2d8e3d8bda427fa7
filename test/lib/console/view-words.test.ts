import { describe, expect, it } from 'vitest';
import {
  sayActions,
  sayCauses,
  sayTimes,
  shownState,
  withIdentityName,
  withNamedPrincipal,
} from '../../../src/lib/console/view-words.ts';
import { type RemediationView, viewRemediation } from '../../../src/lib/console/views.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { asking, looked, waiting } from '../console-entries.ts';
import { history, minute, nowMs, principal } from '../facts.ts';

function view(...entries: Entry[]): RemediationView {
  const [remediation] = history(...entries).remediations;
  if (remediation === undefined) throw new Error('no remediation');
  return viewRemediation(remediation);
}

describe('what is wrong', () => {
  it('is a sentence with how sure it is', () => {
    expect(sayCauses(view(looked))).toBe('the identity has no role that lets it pull (confirmed)');
    expect(sayCauses(view())).toBe('no cause named');
  });

  it('says why pullmedic stood down', () => {
    expect(sayCauses(view({ kind: 'closed', how: 'withdrawn', because: 'push-refused' }))).toBe(
      'the registry refused a push, not a pull',
    );
    expect(sayCauses(view({ kind: 'closed', how: 'withdrawn', because: 'nothing-failing' }))).toBe(
      'nothing was failing',
    );
  });
});

describe('the state for a badge', () => {
  it('is the answer, between the answer and the look that acts on it', () => {
    expect(shownState(view(asking))).toBe('needs-approval');
    for (const state of ['approved', 'rejected'] as const) {
      const { approval: open } = view(asking);
      if (open === undefined) throw new Error('no question');
      const approval = { ...open, state };
      expect(shownState({ ...view(asking), approval })).toBe(state);
      expect(shownState({ ...view(looked, waiting), approval })).toBe('waiting');
    }
  });

  it('is the end of what has ended', () => {
    expect(shownState(view({ kind: 'closed', how: 'withdrawn', because: 'push-refused' }))).toBe('withdrawn');
  });
});

describe('what was done', () => {
  it('names each change once, with how often', () => {
    const actions = [1, 2].map((at) => ({ action: 'restart', outcome: 'done', atMs: nowMs + at }) as const);

    expect(sayActions({ actions })).toBe('restart: done (twice)');
    expect(sayActions(view(looked, waiting))).toBe('pullmedic changed nothing');
  });
});

describe('a grant that was made', () => {
  const actions = [{ action: 'grant', outcome: 'done', atMs: nowMs }] as const;
  const undo = { assignment: '/a', because: [] };
  const endedAtMs = Date.parse('2026-06-01T04:50:00Z');

  it('is said to be taken back once it is', () => {
    expect(sayActions({ actions, undo: { ...undo, state: 'removed', endedAtMs } })).toBe(
      'grant: done; the grant was taken back at 2026-06-01 04:50:00 UTC',
    );
    expect(sayActions({ actions, undo: { ...undo, state: 'already-gone' } })).toBe(
      'grant: done; the grant was gone already',
    );
  });

  it.each(['possible', 'asked', 'refused', 'failed', 'withheld'] as const)('stands where its undo is %s', (state) => {
    expect(sayActions({ actions, undo: { ...undo, state } })).toBe('grant: done');
  });
});

describe('how long it took', () => {
  it('counts from the failure', () => {
    const times = { failedAtMs: nowMs, detectedAtMs: nowMs + minute, diagnosedAtMs: nowMs + 2 * minute };

    expect(sayTimes({ times })).toBe('detected after 1 min 00 s, diagnosed after 2 min 00 s');
    expect(sayTimes({ times: { detectedAtMs: nowMs, recoveredAtMs: nowMs + 5000 } })).toBe('recovered after 5 s');
  });
});

describe('a principal', () => {
  it('is said by the name of its identity, where that is known', () => {
    const text = `AcrPull to ${principal}`;

    expect(withIdentityName(text, { pullsAs: { principalId: principal, name: 'id-orders' } })).toBe(
      'AcrPull to id-orders',
    );
    expect(withIdentityName(text, {})).toBe(text);
  });

  it('is said beside that name where nothing else shows the id', () => {
    const text = `AcrPull to ${principal}`;

    expect(withNamedPrincipal(text, { pullsAs: { principalId: principal, name: 'id-orders' } })).toBe(
      `AcrPull to id-orders (principal ${principal})`,
    );
    expect(withNamedPrincipal(text, {})).toBe(text);
  });
});
