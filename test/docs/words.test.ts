// The glossary has a line for every code that the pages and the JSON show, and none for a code that does not exist.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labels } from '../../src/lib/classify/labels.ts';
import type { State } from '../../src/lib/console/views.ts';
import type { CauseReads } from '../../src/lib/history/cause-reads.ts';
import type { CloseHow, CloseReason } from '../../src/lib/history/closing.ts';
import type { Decision, WaitReason } from '../../src/lib/history/decision.ts';

import type { Sureness } from '../../src/lib/history/diagnosis.ts';
import type { OutcomeKind, UndoOutcome } from '../../src/lib/history/entries.ts';
import { guardNames } from '../../src/lib/history/refusals.ts';

import { modes } from '../../src/lib/settings/modes.ts';
import { vias } from '../../src/lib/signals/signal.ts';
import type { Unreadable } from '../../src/lib/words/fact.ts';
import { itemsOf } from './list.ts';

const page = readFileSync('docs/words.md', 'utf8');

/** The members of a union, spelled so that the compiler refuses a list with one missing or one too many. */
function members<Code extends string>(codes: Readonly<Record<Code, true>>): string[] {
  return Object.keys(codes);
}

const lists: Readonly<Record<string, readonly string[]>> = {
  Modes: modes,
  Guards: guardNames,
  Labels: labels,
  'Where a signal comes from': vias,
  'States of a remediation': members<State>({
    looking: true,
    waiting: true,
    'partly-recovered': true,
    'needs-approval': true,
    'needs-person': true,
    closed: true,
  }),
  'How sure a diagnosis is': members<Sureness>({ confirmed: true, suspected: true, unexplained: true }),
  'How the cause reads where the app serves': members<CauseReads>({
    clear: true,
    true: true,
    suspected: true,
    'cannot-tell': true,
  }),
  Decisions: members<Decision['do']>({
    grant: true,
    restart: true,
    'new-revision': true,
    start: true,
    wait: true,
    ask: true,
    incident: true,
    close: true,
  }),
  'What it waits for': members<WaitReason>({
    'role-propagating': true,
    'registry-busy': true,
    'tokens-refresh': true,
    'cause-cleared': true,
    'proving-recovery': true,
    'proving-stability': true,
    'no-text-yet': true,
    'slow-start': true,
    'answer-lost': true,
    'grant-throttled': true,
    'restart-takes-effect': true,
    'next-execution': true,
    'another-image': true,
    'pulling-now': true,
    'partly-recovered': true,
    'looking-again': true,
  }),
  Endings: members<CloseHow>({ recovered: true, withdrawn: true, unproven: true }),
  'Why it ended': members<CloseReason>({
    'pulled-and-ready': true,
    'not-a-pull-failure': true,
    'push-refused': true,
    'build-refused': true,
    'app-gone': true,
    deactivated: true,
    superseded: true,
    'not-tried-again': true,
    'nothing-failing': true,
    'waits-for-another': true,
    'no-replica-asked-to-start': true,
    'ready-without-a-row': true,
  }),
  'Outcomes of an action': members<OutcomeKind>({
    done: true,
    'already-there': true,
    failed: true,
    unknown: true,
    withheld: true,
  }),
  'Outcomes of an undo': members<UndoOutcome>({
    removed: true,
    'already-gone': true,
    failed: true,
    unknown: true,
    withheld: true,
  }),
  'Why a fact is unreadable': members<Unreadable>({
    forbidden: true,
    throttled: true,
    'timed-out': true,
    unavailable: true,
    'unexpected-answer': true,
    'not-asked': true,
    'look-cap-reached': true,
    'list-too-long': true,
    'read-on-later': true,
    'fact-too-large': true,
    'too-many-endpoints': true,
    'no-workspace': true,
    'too-many': true,
    'over-budget': true,
  }),
};

const sections = page
  .split('\n## ')
  .slice(1)
  .map((part) => [part.split('\n')[0] ?? '', part] as const);

describe('the glossary', () => {
  it('has a section for each list of codes, and one for the words of the path', () => {
    expect(sections.map(([title]) => title).toSorted()).toEqual(
      [...Object.keys(lists), 'The path of a signal'].toSorted(),
    );
  });

  it.each(Object.entries(lists))('%s: one line for each code of the code, and no other', (title, codes) => {
    const section = sections.find(([name]) => name === title)?.[1] ?? '';
    const items = itemsOf(section).map((item) => /^`([\w-]+)`: (.+)$/.exec(item.title) ?? [item.title, item.title, '']);

    expect(items.map(([, code = '']) => code).toSorted()).toEqual([...codes].toSorted());
    for (const [, , meaning = ''] of items) expect(meaning.length).toBeGreaterThan(10);
  });
});
