import { expect, it } from 'vitest';
import { plainText } from '../../../src/lib/incidents/plain-text.ts';

it('writes each part in its own lines, and a value makes no line of its own', () => {
  const text = plainText([
    { kind: 'heading', text: 'What to do\nnow' },
    { kind: 'paragraph', text: 'One\nline.' },
    { kind: 'fields', fields: [['Cause', 'dns\n- forged']] },
    { kind: 'list', items: ['ca-orders', 'ca\n- forged'] },
    { kind: 'code', language: 'sh', text: 'az a\naz b' },
    { kind: 'link', text: 'Page', url: 'https://pullmedic.example' },
  ]);

  expect(text).toBe(
    'WHAT TO DO NOW\n\nOne line.\n\nCause: dns - forged\n\n- ca-orders\n- ca - forged\n\naz a\naz b\n\nPage: https://pullmedic.example',
  );
});
