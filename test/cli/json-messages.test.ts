// A JSON value becomes its rows, or is a text itself; one that nobody can read is a text, with a word about it.
import { describe, expect, it } from 'vitest';
import { messageOfRow, messagesOfJson } from '../../src/cli/json-messages.ts';

describe('the messages of a JSON text', () => {
  it('are its rows, with their columns and where they come from', () => {
    const text = JSON.stringify([
      { Log_s: 'one', Reason_s: 'A', ContainerAppName_s: 'shop', RevisionName_s: 'shop--r1', TimeStamp_s: '09:14' },
    ]);

    expect([...messagesOfJson(text, 3)]).toEqual([
      {
        kind: 'message',
        line: 3,
        text: 'one',
        columns: { reason: 'A' },
        of: { app: 'shop', revision: 'shop--r1', time: '09:14' },
      },
    ]);
  });

  it('is the text itself where it is no JSON, or an object without a text', () => {
    expect([...messagesOfJson('{no', 1)]).toMatchObject([{ text: '{no' }]);
    expect([...messagesOfJson('{"code": 1}', 1)]).toMatchObject([{ text: '{"code":1}' }]);
  });

  it('is the text itself where it is nested too deeply, which is said', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

    expect([...messagesOfJson(deep, 1)].map(({ kind }) => kind)).toEqual(['problem', 'message']);
  });
});

describe('a row without a text', () => {
  it('has the text that it is given', () => {
    expect(messageOfRow({ Reason: 'A' }, 1, () => 'other')).toMatchObject({ text: 'other', columns: { reason: 'A' } });
  });
});
