// The wrapping of a message comes off, layer by layer, and nothing else.
import { describe, expect, it } from 'vitest';
import { capped, columnsWithin, unwrap, withoutControls } from '../../../src/lib/classify/unwrap.ts';

describe('plain words', () => {
  it.each([
    ['as they are', 'failed to pull', 'failed to pull'],
    ['from escaped quotes', String.raw`pull \"a\" and \'b\'`, `pull "a" and 'b'`],
    ['from coded characters', String.raw`\u0022a\u0022 \u003ca\u003E`, '"a" <a>'],
    ['from escaped slashes', String.raw`https:\/\/a.io\/v2\/`, 'https://a.io/v2/'],
    ['from escaped line breaks and tabs', String.raw`a\nb\rc\td\be\ff`, 'a b c d e f'],
    ['from Markdown', String.raw`\<registry\> \*a\* \_b\_ \[c\]`, '<registry> *a* _b_ [c]'],
    ['from escapes upon escapes', String.raw`\\\"a\\\" \\u0022`, '"a" "'],
    ['with a backslash that escapes nothing', String.raw`C:\app \xyz`, String.raw`C:\app \xyz`],
    [
      'from entities',
      '&quot;a&quot; &#34;b&#34; &lt;c&gt; &amp; &#39;d&apos; &#x27;e&#x27; &copy;',
      `"a" "b" <c> & 'd' 'e' &copy;`,
    ],
    ['from typographic quotes', '“a” ‘b’ `c`', `"a" 'b' c`],
    ['from invisible characters', 'no\u200b such\ufeff host', 'no such host'],
    ['from the frame of Terraform', '╷\n│ Error: a\n│ b\n╵', 'Error: a b'],
    ['from rulers', '--------------------------------\na', 'a'],
    ['with short dashes', 'orders--abc', 'orders--abc'],
    ['from colours', '\u001b[1;31mfailed\u001b[0m to pull', 'failed to pull'],
    ['from terminal titles', '\u001b]0;title\u0007failed \u001b]8;;http://a\u001b\\to', 'failed to'],
    ['from broken and empty lines', '\n a \r\n\n b \r c \n', 'a b c'],
    ['from many blanks', 'a    b\t\tc', 'a b c'],
    ['from control characters', 'a\0b\u202ec\u2028d', 'a b c d'],
    ['from nothing', '', ''],
  ])('come %s', (_, text, joined) => {
    expect(unwrap(text).joined).toBe(joined);
  });

  it('come from eight layers of escapes and no more', () => {
    expect(unwrap(`${'\\'.repeat(255)}"`).joined).toBe('"');
    expect(unwrap(`${'\\'.repeat(511)}"`).joined).toBe(String.raw`\"`);
  });

  it('are joined a second time where a line broke in mid-word', () => {
    expect(unwrap('no such  \n  ho\nst  a')).toStrictEqual({
      joined: 'no such ho st a',
      glued: 'no suchhost a',
      lines: ['no such', 'ho', 'st  a'],
    });
  });

  it('are joined once where there is one line', () => {
    expect(unwrap('\nno such host\n\n')).toStrictEqual({ joined: 'no such host' });
  });

  it('keep single blanks when a line is joined to the next', () => {
    expect(unwrap('a  b\nc').glued).toBe('a bc');
  });
});

describe('a long text', () => {
  it('is read whole up to 16 KiB', () => {
    const text = 'x'.repeat(16_384);

    expect(capped(text)).toBe(text);
  });

  it('is read at its start and its end beyond', () => {
    const text = `${'a'.repeat(12_288)}b${'c'.repeat(4_096)}`;

    expect(capped(text)).toBe(`${'a'.repeat(12_288)}\n${'c'.repeat(4_096)}`);
  });
});

describe('control characters', () => {
  it('become blanks, line breaks stay', () => {
    expect(withoutControls('a\u0007b\r\nc\rd\ne')).toBe('a b\nc\nd\ne');
  });
});

describe('the columns in a text', () => {
  it.each([
    ['of the log stream', '{"Reason":"ContainerTerminated","EventSource":"KEDA"}', 'ContainerTerminated', 'KEDA'],
    [
      'of an export',
      '{"Reason_s": "Pending:PortMismatch" , "EventSource_s" : "Scaling"}',
      'Pending:PortMismatch',
      'Scaling',
    ],
  ])('%s are found', (_, text, reason, eventSource) => {
    expect(columnsWithin(text)).toStrictEqual({ reason, eventSource });
  });

  it('are found one without the other', () => {
    expect(columnsWithin('{"Reason":"Failed"}')).toStrictEqual({ reason: 'Failed' });
    expect(columnsWithin('{"EventSource":"KEDA"}')).toStrictEqual({ eventSource: 'KEDA' });
  });

  it('are absent from prose', () => {
    expect(columnsWithin('Reason: Failed')).toStrictEqual({});
  });
});
