// Reads the rows of a JSON value while it comes, so that an export of any size needs no more memory than its longest row.

/** A row of more characters than this is cut: no message is this long. */
const longestRow = 64 * 1024 * 1024;

/** The members in which APIs answer their rows: Kubernetes says `items`, ARM `value`. Log Analytics has `tables`. */
export const rowMembers = ['items', 'value', 'rows', 'results', 'records', 'events', 'data', 'logs'];

/** Paths are written as `.name` for a member and `*` for the elements of an array. */
const pathOfRows = new RegExp(`^(?:\\*|\\.(?:${rowMembers.join('|')})\\*|\\.tables\\*\\.rows\\*)$`);
const pathOfColumns = '.tables*.columns*';
/** A container deeper than the rows of a table belongs to a row. */
const deepestPath = 5;
/** No member that leads to rows has a longer name. */
const longestName = 40;

interface Container {
  readonly path: string;
  readonly isArray: boolean;
}

/**
 * Divides a JSON value into its rows, however its text is cut into pieces. It counts brackets and strings only: who parses a row sees
 * what else is wrong with it.
 */
export class JsonRows {
  readonly #open: Container[] = [];
  #depth = 0;
  #inText = false;
  /** The piece ended right after a backslash. */
  #isEscaped = false;
  #name = '';
  /** The depth of the array whose elements are collected; 0 outside of one. */
  #collecting = 0;
  #parts: string[] = [];
  #length = 0;
  #columns: string[] = [];
  #rows: string[] = [];
  #hasRows = false;

  /** Whether the value has rows, as far as it was read. */
  get hasRows(): boolean {
    return this.#hasRows;
  }

  /** Whether the value has ended. */
  get isOver(): boolean {
    return this.#depth <= 0;
  }

  /** The row that is still open. */
  get rest(): string {
    return this.#parts.join('').trim();
  }

  /** Reads on. Returns the rows that this piece completes, each as JSON. */
  feed(piece: string): string[] {
    this.#rows = [];
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      if (this.#inText) {
        at = this.#endOfText(piece, at);
        continue;
      }
      const char = piece[at];
      if (char === '"') {
        this.#inText = true;
        this.#name = '';
      } else if (char === '{' || char === '[') {
        if (this.#enter(char === '[')) from = at + 1;
      } else if (char === ',' || char === ']' || char === '}') {
        if (this.#depth === this.#collecting && this.#collecting > 0) {
          this.#keep(piece.slice(from, at));
          this.#endElement();
          from = at + 1;
        }
        if (char !== ',') this.#leave();
      }
    }
    if (this.#collecting > 0) this.#keep(piece.slice(from));
    return this.#rows;
  }

  /** The place of the quote that ends the text, or the last place of the piece. */
  #endOfText(piece: string, from: number): number {
    let at = from;
    if (this.#isEscaped) at += 1;
    this.#isEscaped = false;
    for (; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === 92) {
        at += 1;
        this.#isEscaped = at >= piece.length;
      } else if (code === 34) {
        this.#inText = false;
        break;
      }
    }
    if (this.#name.length < longestName) this.#name += piece.slice(from, Math.min(at, from + longestName));
    return at;
  }

  /** Goes into a container. True if its elements are collected from now on. */
  #enter(isArray: boolean): boolean {
    const parent = this.#open.at(-1);
    this.#depth += 1;
    if (this.#depth > deepestPath || this.#collecting > 0) return false;
    const member = parent === undefined || parent.isArray ? '' : `.${this.#name}`;
    const path = `${parent?.path ?? ''}${member}${isArray ? '*' : ''}`;
    this.#open.push({ path, isArray });
    if (path === pathOfColumns) this.#columns = [];
    if (!isArray || (path !== pathOfColumns && !pathOfRows.test(path))) return false;
    this.#collecting = this.#depth;
    this.#hasRows ||= path !== pathOfColumns;
    return true;
  }

  #leave(): void {
    if (this.#depth === this.#collecting) this.#collecting = 0;
    if (this.#collecting === 0 && this.#open.length === this.#depth) this.#open.pop();
    this.#depth -= 1;
  }

  #keep(text: string): void {
    const kept = text.slice(0, Math.max(0, longestRow - this.#length));
    this.#length += kept.length;
    this.#parts.push(kept);
  }

  #endElement(): void {
    const element = this.rest;
    this.#parts = [];
    this.#length = 0;
    if (element === '') return;
    const path = this.#open.at(-1)?.path;
    if (path === pathOfColumns) this.#columns.push(element);
    else this.#rows.push(path === '*' || !path?.startsWith('.tables') ? element : rowOfTable(this.#columns, element));
  }
}

/** A row of a table as an object; the row as it is if it does not parse. */
function rowOfTable(columns: readonly string[], element: string): string {
  try {
    const names = columns.map((column) => nameOf(JSON.parse(column)));
    const cells: unknown = JSON.parse(element);
    if (!Array.isArray(cells)) return element;
    return JSON.stringify(Object.fromEntries(cells.map((cell: unknown, at) => [names[at] ?? '', cell])));
  } catch {
    return element;
  }
}

function nameOf(column: unknown): string {
  return typeof column === 'object' && column !== null && 'name' in column ? String(column.name) : '';
}
