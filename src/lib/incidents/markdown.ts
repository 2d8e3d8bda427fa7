// Writes parts as Markdown. Values from outside stay text: they make no link, no heading, no mention and no HTML.

import { oneLine, type Part, plainLines } from './parts.ts';

export function markdown(parts: readonly Part[]): string {
  return parts.map(write).join('\n\n');
}

function write(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return `### ${markdownText(part.text)}`;
    case 'paragraph':
      return markdownText(part.text);
    case 'fields':
      return part.fields.map(([name, value]) => `- **${markdownText(name)}**: ${markdownText(value)}`).join('\n');
    case 'list':
      return part.items.map((item) => `- ${markdownText(item)}`).join('\n');
    case 'code':
      return fenced(part.language, plainLines(part.text));
    case 'link':
      return `[${markdownText(part.text)}](<${encodeURI(decodedOnce(part.url.toWellFormed())).replaceAll('>', '%3E')}>)`;
  }
}

/**
 * Text of one line in which nothing is markup. Marks are escaped by a backslash (CommonMark 0.31, 2.4); those of a list only where the text
 * begins (5.2), so that an instant or a name with hyphens reads well also where nobody renders it. Parentheses make a link only after a
 * bracket, which is escaped. GitHub makes mentions, references and links out of text that holds no markup at all, so an invisible word joiner
 * follows the characters that begin them.
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>#!|~&]/g, (mark) => `\\${mark}`)
    .replace(/^(\d+)(?=[.)](?: |$))|^(?=[-+])/, '$1\\')
    .replace(/@|#|:(?=\/\/)|www(?=\.)/gi, (mark) => `${mark}\u2060`);
}

/** A block of code whose fence is longer than any run of backticks in it. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** The address without its percent signs doubled when it is encoded again. */
function decodedOnce(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}
