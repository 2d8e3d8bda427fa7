// HTML that is escaped by construction: the template escapes every value unless this file made it.

declare const safe: unique symbol;
export interface Html {
  readonly [safe]: true;
  readonly text: string;
}

export type Piece = string | number | Html | readonly Piece[] | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text. A page shows control characters as a replacement character. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '').replace(/[^\n\t\P{Cc}]|\p{Cf}/gu, '\ufffd');
}

function made(text: string): Html {
  return { text } as Html;
}

function isHtml(piece: Piece): piece is Html {
  return typeof piece === 'object' && 'text' in piece;
}

function render(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string' || typeof piece === 'number') return escape(String(piece));
  if (isHtml(piece)) return piece.text;
  return piece.map(render).join('');
}

/** A template that escapes its values, except nested templates and lists of them. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return made(parts.map((part, index) => `${part}${render(pieces[index])}`).join(''));
}
