// The confirmation: what is done to what, what speaks against it, one form; and every value as text.
import { describe, expect, it } from 'vitest';
import type { Proposal } from '../../../src/lib/answers/answering.ts';
import { confirmPage, noAnswerPage } from '../../../src/lib/console/confirm-page.ts';
import { nowMs } from '../facts.ts';

const shell = { nowMs, address: '/api/now', alone: true } as const;
const proposal: Proposal = {
  kind: 'possible',
  title: 'Approve question 2 about ca-orders?',
  facts: [{ name: 'App', value: 'ca-orders' }],
  does: ['pullmedic will grant AcrPull.'],
  doubts: ['the network cannot be read'],
  button: 'Approve',
};
const confirming = {
  intent: { verb: 'approve', subject: 't1', shown: '2' },
  sealed: { untilMs: 7, seal: 'abc' },
  back: '/api/history/t1',
  by: 'Ada',
} as const;

describe('a confirmation', () => {
  it('says what, to what, what speaks against it and who is signed in, and has one form with one button', () => {
    const page = confirmPage(proposal, confirming, shell);

    for (const words of [
      'ca-orders',
      'pullmedic will grant AcrPull.',
      'What speaks against it',
      'the network cannot be read',
      'You are signed in as Ada',
    ])
      expect(page).toContain(words);
    expect(page.match(/<form /g)).toHaveLength(1);
    expect(page.match(/<button /g)).toHaveLength(1);
    expect(page).toContain('<a class="button" href="/api/history/t1">Not now</a>');
  });

  it('says why it asks apart from what speaks against it', () => {
    const page = confirmPage({ ...proposal, asks: ['the mode is approve'], doubts: [] }, confirming, shell);

    expect(page).toContain('<h2>Why it asks</h2><ul><li>the mode is approve</li></ul>');
    expect(page).not.toContain('What speaks against it');
    expect(confirmPage(proposal, confirming, shell)).not.toContain('Why it asks');
  });

  it('says that nothing will happen yet where the kill switch holds it back', () => {
    expect(confirmPage({ ...proposal, held: 'The kill switch is on.' }, confirming, shell)).toContain(
      '<strong>The kill switch is on.</strong>',
    );
  });

  it('requires the reason where one is needed', () => {
    expect(confirmPage(proposal, { ...confirming, intent: { ...confirming.intent, verb: 'undo' } }, shell)).toContain(
      ' required></textarea>',
    );
    expect(confirmPage(proposal, confirming, shell)).not.toContain(' required></textarea>');
  });

  it('shows hostile names as text, in every place', () => {
    const evil = '"><script>alert(1)</script>';
    const page = confirmPage(
      {
        ...proposal,
        title: evil,
        facts: [{ name: 'App', value: evil }],
        does: [evil],
        doubts: [evil],
        held: evil,
        button: evil,
      },
      {
        ...confirming,
        intent: { verb: 'approve', subject: evil, shown: evil },
        sealed: { untilMs: 7, seal: evil },
        by: evil,
        back: evil,
      },
      shell,
    );

    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/"">/);
  });

  it('is not read again by itself, and offers nothing beside it', () => {
    const page = confirmPage(proposal, confirming, shell);

    expect(page).not.toContain('http-equiv="refresh"');
    expect(page).not.toContain('as=json');
  });
});

describe('a page that says why an answer was not given', () => {
  it('says it as an alert, and leads on and back', () => {
    const page = noAnswerPage(
      { title: 'No', says: '<b>why</b>', back: '/api/messages', links: [{ href: '/api/answers/x', words: 'Again' }] },
      shell,
    );

    expect(page).toContain('<p role="alert" class="notice bad">&lt;b&gt;why&lt;/b&gt;</p>');
    expect(page).toContain('<a href="/api/answers/x">Again</a>');
    expect(page).toContain('<a href="/api/messages">Back to the page</a>');
  });
});
