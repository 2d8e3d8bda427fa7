// Writes parts as Slack's rich text ("Rich text block" of Block Kit). Its elements hold plain text, in which Slack reads no markup: values
// from outside make no mention, no link and no bold type. Slack refuses empty elements.

import { oneLine, type Part, plainLines } from './parts.ts';

interface Run {
  readonly type: 'text' | 'link';
  readonly text: string;
  readonly url?: string;
  readonly style?: { readonly bold: true };
}
interface Section {
  readonly type: 'rich_text_section' | 'rich_text_preformatted';
  readonly elements: readonly Run[];
}
type Element =
  | Section
  | { readonly type: 'rich_text_list'; readonly style: 'bullet'; readonly elements: readonly Section[] };

/** The blocks of a message. */
export function slackBlocks(parts: readonly Part[]): readonly unknown[] {
  return [{ type: 'rich_text', elements: parts.map(elementOf) }];
}

/** Text for the fields in which Slack reads markup: `&`, `<` and `>` begin a mention or a link ("Formatting text: escaping text"). */
export function slackEscaped(text: string): string {
  return oneLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function elementOf(part: Part): Element {
  switch (part.kind) {
    case 'heading':
      return section({ ...run(part.text), style: { bold: true } });
    case 'paragraph':
      return section(run(part.text));
    case 'fields':
      return listOf(part.fields.map(([name, value]) => [{ ...run(`${name}: `), style: { bold: true } }, run(value)]));
    case 'list':
      return listOf(part.items.map((item) => [run(item)]));
    case 'code':
      return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: plainLines(part.text) || ' ' }] };
    case 'link':
      return section({ type: 'link', url: part.url, text: oneLine(part.text) || part.url });
  }
}

function section(...elements: readonly Run[]): Section {
  return { type: 'rich_text_section', elements };
}

function listOf(items: readonly (readonly Run[])[]): Element {
  return { type: 'rich_text_list', style: 'bullet', elements: items.map((item) => section(...item)) };
}

function run(text: string): Run {
  const space = text.endsWith(' ') ? ' ' : '';
  return { type: 'text', text: `${oneLine(text)}${space}` || ' ' };
}
