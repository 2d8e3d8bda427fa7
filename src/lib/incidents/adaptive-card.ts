// Writes parts as an Adaptive Card (adaptivecards.io, schema 1.4). Text runs of a RichTextBlock hold plain text: "Markdown is not supported",
// so values from outside make no link, no mention and no bold type.

import { oneLine, type Part, plainLines } from './parts.ts';

interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Large';
  readonly fontType?: 'Monospace';
}
type Element =
  | { readonly type: 'RichTextBlock'; readonly inlines: readonly TextRun[]; readonly spacing: 'None' | 'Medium' }
  | { readonly type: 'ActionSet'; readonly actions: readonly unknown[] };

/** The card. `title` stands above the parts. */
export function adaptiveCard(title: string, parts: readonly Part[]): unknown {
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [line([{ ...run(title), weight: 'Bolder', size: 'Large' }]), ...parts.flatMap(elementsOf)],
  };
}

function elementsOf(part: Part): readonly Element[] {
  switch (part.kind) {
    case 'heading':
      return [line([bold(part.text)])];
    case 'paragraph':
      return [line([run(part.text)])];
    case 'fields':
      return part.fields.map(([name, value]) => line([bold(`${oneLine(name)}: `), run(value)], 'None'));
    case 'list':
      return part.items.map((item) => line([run(`• ${oneLine(item)}`)], 'None'));
    case 'code':
      return plainLines(part.text)
        .split('\n')
        .map((text) => line([{ type: 'TextRun', text: text || ' ', fontType: 'Monospace' }], 'None'));
    case 'link':
      return [{ type: 'ActionSet', actions: [{ type: 'Action.OpenUrl', title: oneLine(part.text), url: part.url }] }];
  }
}

function line(inlines: readonly TextRun[], spacing: 'None' | 'Medium' = 'Medium'): Element {
  return { type: 'RichTextBlock', inlines, spacing };
}

function run(text: string): TextRun {
  return { type: 'TextRun', text: oneLine(text) || ' ' };
}

function bold(text: string): TextRun {
  return { type: 'TextRun', text: text || ' ', weight: 'Bolder' };
}
