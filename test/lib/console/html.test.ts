// HTML that is escaped by construction: whatever is put into a template stays text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../../src/lib/console/html.ts';

describe('a template', () => {
  it('escapes what is put into it, between tags and in attributes', () => {
    expect(html`<p title="${'" onclick="x'}">${"<script>'&"}</p>`.text).toBe(
      '<p title="&quot; onclick=&quot;x">&lt;script&gt;&#39;&amp;</p>',
    );
  });

  it('takes another template and lists of them as they are, once escaped', () => {
    const items = ['<a>', '<b>'].map((name) => html`<li>${name}</li>`);

    expect(html`<ul>${items}</ul>`.text).toBe('<ul><li>&lt;a&gt;</li><li>&lt;b&gt;</li></ul>');
    expect(html`${['<', ['>']]}`.text).toBe('&lt;&gt;');
  });

  it('takes no object for finished HTML that only looks like it, such as parsed JSON', () => {
    const lookalike = JSON.parse('{"text":"<script>"}') as ReturnType<typeof html>;

    expect(() => html`<p>${lookalike}</p>`).toThrow(TypeError);
    expect(html`<p>${html`<b>`}</p>`.text).toBe('<p><b></p>');
  });

  it('shows nothing for nothing, and a number as it is', () => {
    expect(html`[${undefined}|${0}|${[]}]`.text).toBe('[|0|]');
  });

  it('shows a control character or a change of direction as a replacement, and keeps line breaks', () => {
    expect(html`${'a\u001b[31m\u202eb\0\n\tc'}`.text).toBe('a\ufffd[31m\ufffdb\ufffd\n\tc');
  });

  it('leaves no text a way out of its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { text: page } = html`<p title="${text}">`;

        expect(page.slice('<p title="'.length, -'">'.length)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});
