// HTML that is escaped by construction: the template escapes every value unless this file made it.

/** Finished HTML. Only a template makes one: an object of another origin is not HTML, whatever members it has. */
export interface Html {
  readonly [made]: true;
  readonly text: string;
}

/** Not exported, so that no other file can mark its text as finished HTML. */
const made = Symbol('made by a template');

type Piece = string | number | Html | readonly Piece[] | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template that escapes its values, except nested templates and lists of them. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { [made]: true, text: parts.map((part, index) => `${part}${render(pieces[index])}`).join('') };
}

function render(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string' || typeof piece === 'number') return escape(String(piece));
  if (isHtml(piece)) return piece.text;
  return piece.map(render).join('');
}

/** Escapes text. A page shows control characters as a replacement character. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '').replace(/[^\n\t\P{Cc}]|\p{Cf}/gu, '\ufffd');
}

function isHtml(piece: Piece): piece is Html {
  return typeof piece === 'object' && made in piece;
}
