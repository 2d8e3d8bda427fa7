import { describe, expect, it } from 'vitest';
import type { QuestionTelling, Telling } from '../../../src/lib/incidents/system.ts';
import { changeNews, questionNews, titleOf } from '../../../src/lib/incidents/telling-words.ts';
import { nowMs } from '../facts.ts';
import { appNamed, factsOf, question, remediationOf } from './incident-data.ts';

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

describe('the news of a change', () => {
  it('names each app and how it left, up to twenty of them', () => {
    const many = Array.from({ length: 23 }, (_, at) => ({
      remediation: remediationOf('b'),
      app: appNamed(`ca-${at}`),
    }));
    const [first, ...others] = many;
    const members = first === undefined ? [] : [{ ...first, left: 'recovered' as const }, ...others];
    const [advice, heading, list] = changeNews(factsOf({ members }));

    expect(advice).toMatchObject({
      kind: 'paragraph',
      text: expect.stringContaining('The zone has no link') as string,
    });
    expect(heading).toEqual({ kind: 'heading', text: 'Affected apps: 23' });
    expect(list?.kind === 'list' ? [list.items[0], list.items[1], list.items.at(-1)] : []).toEqual([
      'ca-0: recovered',
      'ca-1',
      'and 3 more',
    ]);
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
