import { describe, expect, it } from 'vitest';
import { askedAfter, hasRoom } from '../../../src/lib/incidents/asked-questions.ts';
import { questionKey } from '../../../src/lib/incidents/outbox.ts';
import { question } from './incident-data.ts';

const questions = Array.from({ length: 300 }, (_, at) => ({ ...question, question: at }));
const keys = questions.map(questionKey);
const all = (stage: 'asked' | 'answered', length: number) =>
  Object.fromEntries(keys.slice(0, length).map((key) => [key, stage]));
const ask = (at: number, stage: 'asked' | 'reminded' = 'asked') =>
  ({ do: 'ask', question: keys[at] ?? '', stage }) as const;

describe('the questions that a system knows', () => {
  it('are those that it was told of, in their last stage', () => {
    const first = askedAfter({}, ask(0), questions);
    expect(askedAfter(askedAfter(first, ask(1), questions), ask(0, 'reminded'), questions)).toEqual({
      [keys[0] ?? '']: 'reminded',
      [keys[1] ?? '']: 'asked',
    });
  });

  it('stay through an update, and begin anew with an opening, a return and an end', () => {
    const asked = all('asked', 3);
    expect(askedAfter(asked, { do: 'update' }, questions)).toEqual(asked);
    for (const call of ['open', 'reopen', 'resolve'] as const)
      expect(askedAfter(asked, { do: call }, questions)).toEqual({});
  });

  it('keep every open one, and the last ten that ended', () => {
    const asked = { ...all('answered', 50), [keys[60] ?? '']: 'asked' as const };
    const after = askedAfter(asked, { do: 'answered', question: keys[70] ?? '', stage: 'expired' }, questions);
    expect(Object.keys(after)).toEqual([...keys.slice(41, 50), keys[70], keys[60]]);
  });

  it('forget one that another question replaced', () => {
    expect(Object.keys(askedAfter(all('asked', 40), { do: 'update' }, questions.slice(35)))).toHaveLength(15);
  });

  it('have room for a hundred open ones, whatever ended', () => {
    expect(hasRoom(all('asked', 99), questions)).toBe(true);
    expect(hasRoom(all('asked', 100), questions)).toBe(false);
    expect(hasRoom(all('answered', 300), questions)).toBe(true);
    expect(Object.keys(askedAfter(all('asked', 300), { do: 'update' }, questions))).toHaveLength(100);
  });
});
