import { describe, expect, it } from 'vitest';
import { adaptiveCard } from '../../../src/lib/incidents/adaptive-card.ts';

const run = (text: string, more: object = {}) => ({ type: 'TextRun', text, ...more });
const line = (spacing: string, ...inlines: object[]) => ({ type: 'RichTextBlock', inlines, spacing });

describe('an Adaptive Card', () => {
  it('writes every kind of part, each value as a text run', () => {
    const card = adaptiveCard('Title', [
      { kind: 'heading', text: 'What to do' },
      { kind: 'paragraph', text: 'one\ntwo [x](https://evil.example)' },
      { kind: 'fields', fields: [['Registry', 'acr']] },
      { kind: 'list', items: ['ca-orders'] },
      { kind: 'code', language: 'sh', text: 'az a\n\naz b' },
      { kind: 'link', text: 'Page', url: 'https://a.example' },
    ]);

    expect(card).toMatchObject({
      type: 'AdaptiveCard',
      version: '1.4',
      body: [
        line('Medium', run('Title', { weight: 'Bolder', size: 'Large' })),
        line('Medium', run('What to do', { weight: 'Bolder' })),
        line('Medium', run('one two [x](https://evil.example)')),
        line('None', run('Registry: ', { weight: 'Bolder' }), run('acr')),
        line('None', run('• ca-orders')),
        line('None', run('az a', { fontType: 'Monospace' })),
        line('None', run(' ', { fontType: 'Monospace' })),
        line('None', run('az b', { fontType: 'Monospace' })),
        { type: 'ActionSet', actions: [{ type: 'Action.OpenUrl', title: 'Page', url: 'https://a.example' }] },
      ],
    });
  });

  it('has no block in which Teams reads Markdown', () => {
    const text = JSON.stringify(adaptiveCard('*a*', [{ kind: 'paragraph', text: '' }]));
    expect(text).not.toContain('"TextBlock"');
    expect(text).not.toContain('"text":""');
  });
});
