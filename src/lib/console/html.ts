// HTML that is escaped by construction: what is put into the template is text unless this file made it.

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

/** Control characters have no business on a page either: they are shown as a replacement character. */
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

/** A template whose interpolations are escaped, nested templates and lists of them excepted. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return made(parts.map((part, index) => `${part}${render(pieces[index])}`).join(''));
}
