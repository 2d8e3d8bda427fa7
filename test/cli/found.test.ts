// Lines that turned out to be plain text keep every failure in them.
import { describe, expect, it } from 'vitest';
import { messagesOfLines, messagesOfText, textMessage } from '../../src/cli/found.ts';

const lines = ['Failed to pull image "a/b:1": manifest unknown', 'Failed to pull image "a/c:1": manifest unknown'].map(
  (text, at) => ({ number: at + 4, text }),
);

describe('lines of plain text', () => {
  it('are divided into messages with the lines on which they begin', () => {
    expect([...messagesOfLines(lines)].map(({ line }) => line)).toEqual([4, 5]);
  });

  it('that are one message are joined', () => {
    expect([...messagesOfText([lines])]).toMatchObject([{ line: 4, text: lines.map(({ text }) => text).join('\n') }]);
  });

  it('have the columns of a row of kubectl', () => {
    expect(textMessage(1, '2m  Warning  Failed  pod/a  Error: ErrImagePull').columns).toEqual({
      type: 'Warning',
      reason: 'Failed',
    });
  });

  it('say when, and of which app, where they begin with a time or the platform names the app', () => {
    expect(textMessage(1, "2026-11-02T09:14:11Z Failed to provision revision for container app 'shop'").of).toEqual({
      app: 'shop',
      time: '2026-11-02T09:14:11Z',
    });
    expect(textMessage(1, 'Failed to pull').of).toBeUndefined();
  });
});
