// The columns of a row under the names that the exports give them.
import { describe, expect, it } from 'vitest';
import { columnsOf, textOf, textsOf } from '../../src/cli/columns.ts';

describe('the columns of a row', () => {
  it.each([
    ['the log stream', { Reason: 'A', Type: 'Normal', EventSource: 'X' }],
    ['the classic table', { Reason_s: 'A', Type_s: 'Normal', EventSource_s: 'X' }],
    ['Kubernetes', { reason: 'A', type: 'Normal', eventsource: 'X' }],
  ])('are found as %s names them', (_, row) => {
    expect(columnsOf(textsOf(row))).toEqual({ reason: 'A', type: 'Normal', eventSource: 'X' });
  });

  it('are left out if they hold no text, and if there is no row', () => {
    expect(columnsOf(textsOf({ Reason: 5, Type: null, Message: 'x' }))).toEqual({});
    expect(columnsOf(textsOf({}))).toEqual({});
  });
});

describe('the text of a row', () => {
  it.each([{ Msg: 'one' }, { Log_s: 'one' }, { Log: 'one' }, { message: 'one' }, { note: 'one' }])('%j', (row) => {
    expect(textOf(textsOf(row))).toBe('one');
  });

  it('is the log before the message that Kubernetes would write', () => {
    expect(textOf(textsOf({ message: 'two', Log_s: 'one' }))).toBe('one');
  });

  it('is missing if no column holds one', () => {
    expect(textOf(textsOf({ Reason_s: 'A', Log_s: 5 }))).toBeUndefined();
  });
});
