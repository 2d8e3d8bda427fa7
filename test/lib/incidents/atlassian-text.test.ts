import { describe, expect, it } from 'vitest';
import { atlassianText } from '../../../src/lib/incidents/atlassian-text.ts';

const text = (value: string, more: object = {}) => ({ type: 'text', text: value, ...more });
const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
const item = (...content: object[]) => ({ type: 'listItem', content: [paragraph(...content)] });

describe('a document of Atlassian', () => {
  it('writes every kind of part', () => {
    expect(
      atlassianText([
        { kind: 'heading', text: 'What to do' },
        { kind: 'paragraph', text: 'one\ntwo' },
        { kind: 'fields', fields: [['Registry', 'acr']] },
        { kind: 'list', items: ['ca-orders'] },
        { kind: 'code', language: 'sh', text: 'az a\naz b' },
        { kind: 'link', text: 'Page', url: 'https://a.example' },
      ]),
    ).toEqual({
      type: 'doc',
      version: 1,
      content: [
        { type: 'heading', attrs: { level: 3 }, content: [text('What to do')] },
        paragraph(text('one two')),
        { type: 'bulletList', content: [item(text('Registry: ', { marks: [{ type: 'strong' }] }), text('acr'))] },
        { type: 'bulletList', content: [item(text('ca-orders'))] },
        { type: 'codeBlock', attrs: { language: 'sh' }, content: [text('az a\naz b')] },
        paragraph(text('Page', { marks: [{ type: 'link', attrs: { href: 'https://a.example' } }] })),
      ],
    });
  });

  it('has no empty text, which Jira would refuse', () => {
    const written = atlassianText([
      { kind: 'paragraph', text: '' },
      { kind: 'code', language: 'sh', text: '' },
    ]);
    expect(JSON.stringify(written)).not.toContain('"text":""');
  });
});
