// What an answer to a question would do: bound to the question that was shown, with its doubts, its grant and its deadline.
import { describe, expect, it } from 'vitest';
import { proposeAnswer, proposeAsking, proposeLook } from '../../../src/lib/answers/question-proposals.ts';
import { minute } from '../facts.ts';
import { after, asks, expiresAtMs, grant, id, opened } from './asked.ts';

const shown = { subject: id, shown: '2' } as const;

describe('an answer to a question', () => {
  it('says what would be granted to whom, why, until when, and what speaks against it', async () => {
    const proposal = await proposeAnswer(await after([opened, asks]), { verb: 'approve', ...shown });

    expect(proposal).toMatchObject({
      kind: 'possible',
      title: 'Approve question 2 about ca-orders?',
      button: 'Approve',
    });
    expect(JSON.stringify(proposal)).toContain('pullmedic will grant AcrPull to');
    expect(JSON.stringify(proposal)).toContain('ends after 15 minutes');
    expect(proposal).toMatchObject({ asks: [expect.stringContaining('the mode is approve: ') as string], doubts: [] });
  });

  it('that is a no says what it binds: a grant everywhere, a restart the app', async () => {
    const restart = {
      ...asks,
      decision: {
        do: 'ask',
        restart: 'ca-orders--1',
        cause: 'pull-role-missing',
        because: 'needs-approval',
        expiresAtMs,
      },
    } as typeof asks;
    const [ofGrant, ofRestart] = [await after([opened, asks]), await after([opened, restart])];

    expect(JSON.stringify(await proposeAnswer(ofGrant, { verb: 'reject', ...shown }))).toContain(
      'binds every app and image with the same identity',
    );
    expect(JSON.stringify(await proposeAnswer(ofRestart, { verb: 'reject', ...shown }))).toContain(
      'binds every remediation of this app',
    );
  });

  it.each([
    ['another number', [opened, asks], '3', 'Question 2 is open by now'],
    [
      'a number that was answered',
      [opened, asks, { kind: 'answered', grant, answer: 'rejected', by: 'bo', question: 2 }],
      '2',
      'asks nothing here now',
    ],
    ['a remediation that asks nothing', [opened], '2', 'asks nothing here now'],
  ] as const)('to %s is not possible', async (_, entries, number, words) => {
    const here = await after(entries);
    const refused = { kind: 'impossible', status: 409, says: expect.stringContaining(words) as string };

    expect(await proposeAnswer(here, { verb: 'approve', subject: id, shown: number })).toMatchObject(refused);
    expect(await proposeAnswer(here, { verb: 'reject', subject: id, shown: number })).toMatchObject(refused);
  });

  it('is possible until the question expires', async () => {
    const here = await after([opened, asks]);
    here.running.world.nowMs = expiresAtMs - 1;
    expect(await proposeAnswer(here, { verb: 'approve', ...shown })).toMatchObject({ kind: 'possible' });
    here.running.world.nowMs = expiresAtMs;
    expect(await proposeAnswer(here, { verb: 'approve', ...shown })).toMatchObject({ kind: 'impossible' });
  });
});

describe('a question that expired', () => {
  it('can be asked again, if it is the one that was shown', async () => {
    const here = await after([opened, asks]);
    expect(await proposeAsking(here, { verb: 'ask', ...shown })).toMatchObject({ kind: 'impossible' });
    here.running.world.nowMs = expiresAtMs + minute;

    expect(await proposeAsking(here, { verb: 'ask', ...shown })).toMatchObject({ kind: 'possible' });
    expect(await proposeAsking(here, { verb: 'ask', subject: id, shown: '3' })).toMatchObject({ kind: 'impossible' });
  });
});

describe('a look', () => {
  it('says that looking changes nothing, and what decides afterwards', async () => {
    const proposal = await proposeLook(await after([opened]), { verb: 'look', subject: id, shown: '' });

    expect(JSON.stringify(proposal)).toContain('Looking changes nothing in Azure.');
    expect(JSON.stringify(proposal)).toContain('the mode (act) and the guards decide');
  });
});
