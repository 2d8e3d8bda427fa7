import { describe, expect, it } from 'vitest';
import { questionBlock, questionLines } from '../../../src/lib/console/questions.ts';
import { type IncidentView, type RemediationView, viewRemediation } from '../../../src/lib/console/views.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { asking, grant, looked } from '../console-entries.ts';
import { appId, history, minute, nowMs, principal } from '../facts.ts';

function view(...entries: Entry[]): RemediationView {
  const [remediation] = history(...entries).remediations;
  if (remediation === undefined) throw new Error('no remediation');
  return viewRemediation(remediation);
}

describe('the question of a remediation', () => {
  it('says what would be granted to whom, why it is asked, until when, and how to answer', () => {
    const asked = view(looked, { ...asking, refusals: [{ guard: 'role-removed', why: 'taken-away' }] });
    const text = questionBlock(asked, nowMs)?.text ?? '';

    expect(text).toContain('May pullmedic grant AcrPull to id-orders on the registry acrshop?');
    expect(text).toContain(`id-orders is the principal ${principal}.`);
    expect(text).toContain('another person or system removed this role');
    expect(text).toContain('It can be answered until 2026-06-01 03:00:00 UTC');
    expect(text).toContain(`pullmedic approve ${asked.id} --question 3`);
    expect(text).toContain(`pullmedic reject ${asked.id} --question 3`);
  });

  it('about a suspicion says that its cause is one', () => {
    const doubts = [{ guard: 'cause-not-proved', why: 'suspected' }] as const;

    expect(questionBlock(view(looked, { ...asking, refusals: doubts }), nowMs)?.text).toContain('pull (suspected).');
    expect(questionBlock(view(looked, asking), nowMs)?.text).not.toContain('(suspected)');
  });

  it('that was answered says by whom', () => {
    const answered: Entry = { kind: 'answered', answer: 'rejected', by: '<b>Ada</b>', question: 3, grant };

    expect(questionBlock(view(looked, asking, answered), nowMs)?.text).toContain('rejected by &lt;b&gt;Ada&lt;/b&gt;');
  });

  it('that was approved says until when the yes holds, and only while it does', () => {
    const approved: Entry = { kind: 'answered', answer: 'approved', by: 'Ada', question: 3, grant };
    const answered = view(looked, asking, approved);
    const ended = view(looked, asking, approved, { kind: 'closed', how: 'withdrawn', because: 'app-gone' });

    expect(questionBlock(answered, nowMs)?.text).toContain('approved by Ada, good until 2026-06-01 02:');
    expect(questionBlock(answered, nowMs + 20 * minute)?.text).toContain('approved by Ada.');
    expect(questionBlock(ended, nowMs)?.text).toContain('approved by Ada.');
  });

  it('has buttons for an operator, words for a reader, and none once it was rejected', () => {
    const ada = { mayAnswer: true, name: 'Ada', id: 'a' } as const;
    const rita = { mayAnswer: false, name: 'Rita', because: 'no-role' } as const;
    const open = view(looked, asking);
    const rejected = view(looked, asking, { kind: 'answered', answer: 'rejected', by: 'Bo', question: 3, grant });

    expect(questionBlock(open, nowMs, ada)?.text).toContain(`href="/api/answers/approve?of=${open.id}&amp;shown=3"`);
    expect(questionBlock(open, nowMs, ada)?.text).toContain(`href="/api/answers/reject?of=${open.id}&amp;shown=3"`);
    expect(questionBlock(open, nowMs, rita)?.text).toContain('without the app role Operator');
    expect(questionBlock(open, nowMs, rita)?.text).not.toContain('/api/answers/');
    expect(questionBlock(rejected, nowMs, ada)?.text).not.toContain('/api/answers/');
  });

  it('is absent where none was asked', () => {
    expect(questionBlock(view(looked), nowMs)).toBeUndefined();
  });
});

describe('the questions of an incident', () => {
  const question = { remediation: `t${'0'.repeat(24)}.1`, app: appId, question: 3, expiresAtMs: nowMs } as const;
  const incident = (says: 'asked' | 'answered' | 'expired', state: 'open' | 'resolved' = 'open'): IncidentView =>
    ({ state, questions: [{ ...question, says }] }) as unknown as IncidentView;

  it.each([
    ['asked', 'was asked; it can be answered until'],
    ['answered', 'was answered.'],
    ['expired', 'no person answered it in time. It can be asked again.'],
  ] as const)('say what became of each: %s', (says, words) => {
    expect(questionLines(incident(says), { nowMs })?.text).toContain(words);
  });

  it('name the identity, where the remediation knows it', () => {
    const asked = { ...question, says: 'asked', about: { grant } } as const;
    const open = { state: 'open', questions: [asked] } as unknown as IncidentView;
    const member = { ...view(looked), id: question.remediation as RemediationView['id'] };

    expect(questionLines(open, { nowMs }, [member])?.text).toContain('grant AcrPull to id-orders on the registry');
    expect(questionLines(open, { nowMs })?.text).toContain(principal);
  });

  it('are not shown once it has ended', () => {
    expect(questionLines(incident('asked', 'resolved'), { nowMs })).toBeUndefined();
  });
});
