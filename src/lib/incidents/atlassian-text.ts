// Writes parts as a document of Atlassian ("Atlassian Document Format"). Text nodes hold plain text, in which Jira reads no markup. It refuses
// an empty one.

import { oneLine, type Part, plainLines } from './parts.ts';

interface Node {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly Node[];
  readonly text?: string;
  readonly marks?: readonly { readonly type: string; readonly attrs?: Readonly<Record<string, string>> }[];
}

export function atlassianText(parts: readonly Part[]): unknown {
  return { type: 'doc', version: 1, content: parts.map(nodeOf) };
}

function nodeOf(part: Part): Node {
  switch (part.kind) {
    case 'heading':
      return { type: 'heading', attrs: { level: 3 }, content: [text(part.text)] };
    case 'paragraph':
      return paragraph(text(part.text));
    case 'fields':
      return listOf(
        part.fields.map(([name, value]) => [{ ...text(`${name}: `), marks: [{ type: 'strong' }] }, text(value)]),
      );
    case 'list':
      return listOf(part.items.map((item) => [text(item)]));
    case 'code':
      return codeBlock(part.language, plainLines(part.text));
    case 'link':
      return paragraph({ ...text(part.text), marks: [{ type: 'link', attrs: { href: part.url } }] });
  }
}

function paragraph(...content: readonly Node[]): Node {
  return { type: 'paragraph', content };
}

function listOf(items: readonly (readonly Node[])[]): Node {
  return { type: 'bulletList', content: items.map((item) => ({ type: 'listItem', content: [paragraph(...item)] })) };
}

function codeBlock(language: string, code: string): Node {
  return { type: 'codeBlock', attrs: { language }, content: code === '' ? [] : [{ type: 'text', text: code }] };
}

function text(value: string): Node {
  const space = value.endsWith(' ') ? ' ' : '';
  return { type: 'text', text: `${oneLine(value)}${space}` || ' ' };
}
