import { describe, expect, it } from 'vitest';
import { slackBlocks, slackEscaped } from '../../../src/lib/incidents/slack-text.ts';

describe('rich text for Slack', () => {
  it('writes every kind of part', () => {
    expect(
      slackBlocks([
        { kind: 'heading', text: 'Title' },
        { kind: 'paragraph', text: 'one\ntwo' },
        { kind: 'fields', fields: [['Registry', 'acr']] },
        { kind: 'list', items: ['ca-orders'] },
        { kind: 'code', language: 'sh', text: 'az a\naz b' },
        { kind: 'link', text: 'Page', url: 'https://a.example' },
      ]),
    ).toEqual([
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'Title', style: { bold: true } }] },
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'one two' }] },
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [
              {
                type: 'rich_text_section',
                elements: [
                  { type: 'text', text: 'Registry: ', style: { bold: true } },
                  { type: 'text', text: 'acr' },
                ],
              },
            ],
          },
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'ca-orders' }] }],
          },
          { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'az a\naz b' }] },
          { type: 'rich_text_section', elements: [{ type: 'link', url: 'https://a.example', text: 'Page' }] },
        ],
      },
    ]);
  });

  it('has no empty text, which Slack would refuse', () => {
    const parts = [
      { kind: 'paragraph', text: '' },
      { kind: 'code', language: 'sh', text: '' },
      { kind: 'link', text: '', url: 'https://a.example' },
    ] as const;
    expect(JSON.stringify(slackBlocks(parts))).not.toContain('"text":""');
  });

  it('mentions no one in the fields that Slack reads markup in', () => {
    expect(slackEscaped('<!channel> & <@U1>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;');
  });
});
