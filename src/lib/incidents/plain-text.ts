// Writes parts as plain text, for systems that show text as it is.

import { oneLine, type Part, plainLines } from './parts.ts';

/** Every value stays in its own line; only commands have several lines. */
export function plainText(parts: readonly Part[]): string {
  return parts.map(write).join('\n\n');
}

function write(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return oneLine(part.text).toUpperCase();
    case 'paragraph':
      return oneLine(part.text);
    case 'fields':
      return part.fields.map(([name, value]) => `${oneLine(name)}: ${oneLine(value)}`).join('\n');
    case 'list':
      return part.items.map((item) => `- ${oneLine(item)}`).join('\n');
    case 'code':
      return plainLines(part.text);
    case 'link':
      return `${oneLine(part.text)}: ${part.url}`;
  }
}
