import { describe, expect, it } from 'vitest';
import type { QuestionTelling, Telling } from '../../../src/lib/incidents/system.ts';
import { questionNews, titleOf } from '../../../src/lib/incidents/telling-words.ts';
import { nowMs } from '../facts.ts';
import { factsOf, question } from './incident-data.ts';

const telling: Telling = { key: 'k', delivery: 'd', atMs: nowMs, again: false, facts: factsOf() };
const link = 'https://pullmedic.example/answer';
const news = (stage: QuestionTelling['stage']) => {
  const says = stage === 'answered' || stage === 'expired' ? stage : 'asked';
  return questionNews({ ...telling, stage, question: { ...question, says, name: 'ca-orders', link } });
};

describe('the title of a call', () => {
  it('says of a test that it is one, and stays within the limit', () => {
    expect(titleOf(telling, 200)).toMatch(/^Link the private DNS zone/);
    expect(titleOf({ ...telling, test: true }, 200)).toMatch(/^Test: Link the private DNS zone/);
    expect(titleOf({ ...telling, test: true }, 20)).toHaveLength(20);
  });
});

describe('the news of a question', () => {
  it.each(['asked', 'reminded'] as const)('leads to the page to answer while it is %s', (stage) => {
    expect(news(stage)).toContainEqual({ kind: 'link', text: 'Answer the question', url: link });
  });

  it('says of a reminder that half of the time is over', () => {
    expect(JSON.stringify(news('reminded'))).toContain('Half of the time is over');
    expect(JSON.stringify(news('asked'))).not.toContain('Half of the time');
  });

  it.each(['answered', 'expired'] as const)('asks for nothing any more once it is %s', (stage) => {
    expect(news(stage)).toHaveLength(1);
    expect(JSON.stringify(news(stage))).toContain('ca-orders');
  });
});
