// Histories that version 0.1 (commit f1ff920) wrote, read by today's code: states, endings and words are the same as then.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { surenessesIn } from '../../../src/lib/console/decision-sureness.ts';
import { html } from '../../../src/lib/console/html.ts';
import { withIdentityName } from '../../../src/lib/console/view-words.ts';
import { type RemediationView, viewRemediation } from '../../../src/lib/console/views.ts';
import { sayEntry, sayUnread } from '../../../src/lib/console/words.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import type { StoredEntry } from '../../../src/lib/history/ledger.ts';
import { entriesOf } from '../../../src/lib/history/queries.ts';
import type { TargetHistory } from '../../../src/lib/history/state.ts';
import type { TargetId } from '../../../src/lib/words/target.ts';
import { pageOf } from '../console-pages.ts';

const folder = 'test/fixtures/histories';

interface StoredHistories {
  readonly histories: Readonly<Record<TargetId, readonly StoredEntry<Entry>[]>>;
  /** What that version showed of each remediation. */
  readonly shown: readonly Pick<RemediationView, 'id' | 'state'>[];
}

function stored(name: string): StoredHistories {
  return JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as StoredHistories;
}

const names = readdirSync(folder).map((file) => file.replace('.json', ''));

function targetsIn(name: string): { history: TargetHistory; entries: readonly StoredEntry<Entry>[] }[] {
  return Object.entries(stored(name).histories).map(([id, entries]) => ({
    history: foldTarget(id as TargetId, entries),
    entries,
  }));
}

function only(name: string): { history: TargetHistory; entries: readonly StoredEntry<Entry>[] } {
  const [one] = targetsIn(name);
  if (one === undefined) throw new Error(`${name} holds no history`);
  return one;
}

const sentences = (name: string): readonly string[] => only(name).entries.map(({ entry }) => sayEntry(entry));

describe.each(names)('the stored history %s', (name) => {
  it('shows the states, causes, answers and endings that it showed then', () => {
    const now = targetsIn(name).flatMap(({ history }) => history.remediations.map((one) => viewRemediation(one)));

    expect(stored(name).shown.length).toBeGreaterThan(0);
    for (const then of stored(name).shown) expect(now.find(({ id }) => id === then.id)).toMatchObject(then);
  });

  it('has a sentence for every entry, and a page', () => {
    for (const { history, entries } of targetsIn(name)) {
      for (const { entry } of entries) expect(sayEntry(entry)).toMatch(/^\w(?!.*(?:undefined|NaN|\[object))/);
      for (const [at, remediation] of history.remediations.entries()) {
        const own = entriesOf(entries, history.targetId, at + 1);
        const view = viewRemediation(remediation);
        const page = pageOf(view, own);
        expect(page).toContain(remediation.target.appName);
        expect(page).not.toMatch(/undefined|\[object|NaN/);
        const sure = surenessesIn(own);
        for (const { seq, entry } of own) {
          const said = sayEntry(entry, undefined, sure.get(seq));
          expect(page).toContain(html`${withIdentityName(said, view)}`.text);
        }
      }
    }
  });
});

describe('a stored history of an earlier version', () => {
  it('says how sure the cause of a decision was, although that version did not', () => {
    const { entries } = only('approved-recovered-undone');
    const asked = entries.find(({ entry }) => entry.kind === 'decided' && entry.decision.do === 'ask');

    expect(surenessesIn(entries).get(asked?.seq ?? 0)).toBe('confirmed');
  });

  it('of an approval keeps who approved what, and that it was taken back', () => {
    const [remediation] = only('approved-recovered-undone').history.remediations;

    expect(remediation).toMatchObject({
      approval: { answer: { answer: 'approved', by: 'anna' } },
      closed: { how: 'recovered', because: 'pulled-and-ready' },
      undo: { outcome: 'removed', by: 'anna' },
      bestDiagnosis: { diagnosis: { causes: ['pull-role-missing'], sure: 'confirmed' } },
    });
  });

  it('of a rejection still waits for a person', () => {
    const [remediation] = only('rejected').history.remediations;

    expect(remediation?.approval?.answer?.answer).toBe('rejected');
    expect(remediation?.attempts).toEqual([]);
    expect(remediation?.waitingForPersonSinceMs).toBeDefined();
  });

  it('of an alert keeps that it was acknowledged and closed', () => {
    const [remediation] = only('alert-set').history.remediations;

    expect(remediation?.alertTries.map(({ state, outcome }) => [state, outcome])).toEqual([
      ['Acknowledged', 'done'],
      ['Closed', 'done'],
    ]);
  });

  it('reads `clouded` as transiently unreadable, and a later look that was not', () => {
    const { history, entries } = only('too-many-put-off');
    const until = entries.findIndex(({ entry }) => entry.kind === 'put-off');
    const early = foldTarget(history.targetId, entries.slice(0, until));

    expect(entries.some(({ entry }) => entry.kind === 'looked' && entry.clouded === true)).toBe(true);
    expect(early.remediations[0]?.look?.transientlyUnreadable).toBe(true);
    expect(history.remediations[0]?.look?.transientlyUnreadable).toBe(false);
  });

  it('says of a list that was too long which it was, and that looks were put off', () => {
    const unread = only('too-many-put-off').entries.flatMap(({ entry }) => sayUnread(entry));

    expect(unread.join('; ')).toMatch(/zones|zone/);
    expect(sentences('too-many-put-off').filter((sentence) => /put off|later/i.test(sentence))).not.toHaveLength(0);
    expect(only('too-many-put-off').history.remediations[0]?.putOffUntilMs).toBeDefined();
  });

  it('tells two remediations of one target apart', () => {
    const { history, entries } = only('refused-then-again');

    expect(history.remediations.map(({ closed }) => closed?.how)).toEqual(['recovered', undefined]);
    expect(history.remediations[0]?.attempts).toMatchObject([{ action: 'grant', outcome: 'failed' }]);
    expect(entriesOf(entries, history.targetId, 1).length + entriesOf(entries, history.targetId, 2).length).toBe(
      entries.length,
    );
  });

  it('means the same when it is read again', () => {
    for (const name of names)
      for (const { history, entries } of targetsIn(name))
        expect(foldTarget(history.targetId, entries)).toEqual(history);
  });
});
