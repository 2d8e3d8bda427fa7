// The buttons of a page: those that would work for the person who looks, each to the confirmation of what is shown; else words.
import { describe, expect, it } from 'vitest';
import { readIntent } from '../../../src/lib/answers/verbs.ts';
import {
  answerButtons,
  messageIntents,
  otherIntents,
  questionIntents,
  switchIntents,
} from '../../../src/lib/console/answer-forms.ts';
import { showRemediation } from '../../../src/lib/console/views.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { after, asks, assignment, expiresAtMs, grant, id, made, opened } from '../answers/asked.ts';
import { minute, nowMs } from '../facts.ts';
import { deadStep } from '../memory-upkeep.ts';

const ada = { mayAnswer: true, name: 'Ada', id: 'a' } as const;
const rita = { mayAnswer: false, name: 'Rita', because: 'no-role' } as const;

async function possible(entries: readonly Entry[], undo = true): Promise<readonly string[]> {
  const { ports } = await after(entries);
  const found = await showRemediation(ports, id);
  if (found === undefined) throw new Error('no remediation');
  return [...questionIntents(found.remediation, nowMs), ...otherIntents(found.remediation, undo)].map(
    ({ verb, shown }) => `${verb} ${shown}`.trim(),
  );
}

const answered = (answer: 'approved' | 'rejected'): Entry => ({
  kind: 'answered',
  grant,
  answer,
  by: 'bo',
  question: 2,
});
const undoAsked: Entry = { kind: 'undo-asked', remediation: id, grant, assignment, by: 'bo' };
const bound = { how: 'rejected', app: grant.registryId, remediation: id, atMs: 7, by: 'bo' } as const;

describe('what an operator can do about a remediation', () => {
  it.each<[string, readonly Entry[], readonly string[]]>([
    ['that asks', [opened, asks], ['approve 2', 'reject 2', 'look']],
    ['that was approved', [opened, asks, answered('approved')], ['reject 2', 'look']],
    ['that was rejected', [opened, asks, answered('rejected')], ['look']],
    ['that made a grant', [opened, ...made], ['undo made-by-us', 'look']],
    ['whose undo is under way', [opened, ...made, undoAsked], ['look']],
    [
      'whose undo was refused because others rely on the grant',
      [
        opened,
        ...made,
        undoAsked,
        { kind: 'undo-decided', remediation: id, refusals: [{ guard: 'undo', why: 'others-rely' }] },
      ],
      ['undo-anyway made-by-us', 'look'],
    ],
    [
      'whose undo was refused by the kill switch',
      [
        opened,
        ...made,
        undoAsked,
        { kind: 'undo-decided', remediation: id, refusals: [{ guard: 'kill-switch', why: 'on' }] },
      ],
      ['undo made-by-us', 'look'],
    ],
    [
      'that a refusal binds',
      [
        opened,
        {
          kind: 'decided',
          decision: { do: 'incident', cause: 'pull-role-missing', because: 'needs-a-person' },
          dueAtMs: nowMs,
          refusals: [],
          bound,
        },
      ],
      ['forget 7', 'look'],
    ],
  ])('%s', async (_, entries, verbs) => {
    expect(await possible(entries)).toEqual(verbs);
  });

  it('that made a grant is not to take it back where the settings do not allow that', async () => {
    expect(await possible([opened, ...made], false)).toEqual(['look']);
  });

  const asked = {
    question: 2,
    cause: 'pull-role-missing',
    because: [],
    askedAtMs: nowMs,
    expiresAtMs,
    grant,
  } as const;

  it('whose question expired is to have it asked again', () => {
    const approval = { ...asked, state: 'expired' } as const;

    expect(questionIntents({ id, approval }, nowMs)).toEqual([{ verb: 'ask', subject: id, shown: '2' }]);
  });

  it('can be taken back by a no only while the yes still allows a change', () => {
    const endsAtMs = nowMs + minute;
    const approval = { ...asked, state: 'approved', endsAtMs } as const;
    const closed = { how: 'recovered', because: 'pulled-and-ready', atMs: nowMs } as const;
    const verbs = (...[view, atMs]: Parameters<typeof questionIntents>): string[] =>
      questionIntents(view, atMs).map(({ verb }) => verb);

    expect(verbs({ id, approval }, endsAtMs - 1)).toEqual(['reject']);
    expect(verbs({ id, approval }, endsAtMs)).toEqual([]);
    expect(verbs({ id, approval, closed }, nowMs)).toEqual([]);
    expect(verbs({ id, approval: { ...approval, usedAtMs: nowMs } }, nowMs)).toEqual([]);
  });
});

describe('what an operator can do about the rest', () => {
  it('is to send a message again or dismiss it, and only to dismiss one that cannot be read', () => {
    expect(messageIntents(deadStep).map(({ verb }) => verb)).toEqual(['replay', 'dismiss']);
    expect(messageIntents({ ...deadStep, kind: 'unreadable' }).map(({ verb }) => verb)).toEqual(['dismiss']);
  });

  it('is to turn the kill switch the other way, and on for sure where it cannot be read', () => {
    const setting = { on: true, by: 'bo', atMs: nowMs, version: 'v1' };

    expect(switchIntents(false, undefined)).toMatchObject([{ verb: 'switch-on' }]);
    expect(switchIntents(true, setting)).toMatchObject([{ verb: 'switch-off', shown: 'v1' }]);
    expect(switchIntents(true, undefined)).toMatchObject([{ verb: 'switch-on' }]);
    expect(switchIntents(false, { ...setting, on: false })).toMatchObject([{ verb: 'switch-on' }]);
  });
});

describe('buttons', () => {
  const intents = questionIntents(
    {
      id,
      approval: {
        state: 'pending',
        question: 2,
        cause: 'pull-role-missing',
        because: [],
        askedAtMs: nowMs,
        expiresAtMs,
        grant,
      },
    },
    nowMs,
  );

  it('lead an operator to the confirmation of each answer, by a link that changes nothing', () => {
    const text = answerButtons(ada, intents)?.text ?? '';
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(
      ([, href = '']) => new URL(href.replaceAll('&amp;', '&'), 'https://x.example'),
    );

    expect(
      links.map(({ pathname, searchParams }) =>
        readIntent(pathname.split('/').at(-1) ?? '', searchParams.get('of') ?? '', searchParams.get('shown') ?? ''),
      ),
    ).toEqual(intents);
    expect(text).not.toContain('<form');
  });

  it('are words for a reader, and nothing where there is nothing to do', () => {
    expect(answerButtons(rita, intents)?.text).toContain('without the app role Operator');
    expect(answerButtons(rita, intents)?.text).not.toContain('href');
    expect(answerButtons(ada, [])).toBeUndefined();
    expect(answerButtons(rita, [])).toBeUndefined();
  });
});
