import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdown, markdownText } from '../../../src/lib/incidents/markdown.ts';

describe('Markdown of values from outside', () => {
  it.each([
    ['[x](https://evil.example)', String.raw`\[x\](https:${'\u2060'}//evil.example)`],
    ['![x](y)', String.raw`\!\[x\](y)`],
    ['www.evil.example', 'www\u2060.evil.example'],
    ['@team', '@\u2060team'],
    ['#12', '\\#\u2060' + '12'],
    ['<b>', String.raw`\<b\>`],
    ['a_b*c', String.raw`a\_b\*c`],
    ['- not an item', String.raw`\- not an item`],
    ['---', String.raw`\---`],
    ['+ not an item', String.raw`\+ not an item`],
    ['1. not an item', String.raw`1\. not an item`],
    ['12) not an item', String.raw`12\) not an item`],
    ['7.', String.raw`7\.`],
    ['2026-06-01 02:00:00 UTC: ca-orders--1 (2 min), 1.5', '2026-06-01 02:00:00 UTC: ca-orders--1 (2 min), 1.5'],
  ])('%s is text', (value, written) => {
    expect(markdownText(value)).toBe(written);
  });

  it('leaves no mark of markup without a backslash, and no mention', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const written = markdownText(value);
        expect(written.replace(/\\./g, '')).not.toMatch(/[`*_[\]<>#!|~&]/);
        expect(written).not.toMatch(/@(?!\u2060)/);
        expect(written).not.toContain('\n');
      }),
    );
  });

  it('fences a command with more backticks than it has', () => {
    const [written] = [markdown([{ kind: 'code', language: 'sh', text: 'echo ````\naz b' }])];
    expect(written).toBe('`````sh\necho ````\naz b\n`````');
  });

  it('writes a link whatever marks its address holds', () => {
    expect(markdown([{ kind: 'link', text: 'Page', url: 'https://pullmedic.example/\ud800' }])).toBe(
      '[Page](<https://pullmedic.example/%EF%BF%BD>)',
    );
  });

  it('writes headings, fields, lists and links', () => {
    expect(
      markdown([
        { kind: 'heading', text: 'What to do' },
        { kind: 'fields', fields: [['Cause', 'no link']] },
        { kind: 'list', items: ['one', 'two'] },
        { kind: 'paragraph', text: 'Done' },
        { kind: 'link', text: 'Page', url: 'https://pullmedic.example/a b>c%20d' },
      ]),
    ).toBe(
      '### What to do\n\n- **Cause**: no link\n\n- one\n- two\n\nDone\n\n[Page](<https://pullmedic.example/a%20b%3Ec%20d>)',
    );
  });
});
