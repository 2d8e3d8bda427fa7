// Counts messages by kind, so that the report of a thousand rows is a few lines: which failure, of which apps and revisions, from when to when.
import { isPullFailure, type Label } from '../lib/classify/classify.ts';
import type { Origin } from './columns.ts';
import type { ClassifiedMessage } from './report.ts';
import { type Paint, plain } from './terminal.ts';

/** How many kinds are told apart. Of a log with more, such as one of a registry's own clean-up, the rest is counted by label. */
const mostKinds = 1000;
/** How many kinds are listed, the most frequent first. */
const mostListed = 100;
/** How many apps and revisions of a kind are named. */
const mostNames = 5;
const longestName = 80;

interface Kind {
  readonly label: Label;
  readonly what: string;
  /** The apps, with their revisions, as the rows name them. */
  readonly of: Set<string>;
  times: number;
  first?: string;
  last?: string;
}

export class Summary {
  #messages = 0;
  #pullFailures = 0;
  readonly #kinds = new Map<string, Kind>();

  /** Counts a message. True if it is the first of its kind. */
  add({ message, suspicion }: ClassifiedMessage): boolean {
    const isFailure = isPullFailure(suspicion.label);
    this.#messages += 1;
    if (isFailure) this.#pullFailures += 1;
    const what = isFailure ? plain(suspicion.image ?? suspicion.registry ?? '') : '';
    const key = JSON.stringify([suspicion.label, what, isFailure ? suspicion.rule : '']);
    const isNew = !this.#kinds.has(key) && this.#kinds.size < mostKinds;
    const isOther = !this.#kinds.has(key) && !isNew;
    const kind = isOther
      ? this.#kind(suspicion.label, suspicion.label, '(others)')
      : this.#kind(key, suspicion.label, what);
    kind.times += 1;
    if (isFailure && message.of !== undefined) note(kind, message.of);
    return isNew;
  }

  #kind(key: string, label: Label, what: string): Kind {
    const kind = this.#kinds.get(key) ?? { label, what, of: new Set<string>(), times: 0 };
    this.#kinds.set(key, kind);
    return kind;
  }

  get messages(): number {
    return this.#messages;
  }

  get pullFailures(): number {
    return this.#pullFailures;
  }

  text(paint: Paint): string {
    const kinds = [...this.#kinds.values()].sort((a, b) => b.times - a.times);
    const listed = kinds.slice(0, mostListed);
    const width = Math.max(...listed.map((kind) => kind.label.length));
    const rows = listed.flatMap((kind) => {
      const row = `  ${String(kind.times).padStart(6)}  ${kind.label.padEnd(width)}  ${kind.what}`.trimEnd();
      const where = whereAndWhen(kind);
      return where === '' ? [row] : [row, paint('dim', `          ${where}`)];
    });
    const head = `${this.#messages} messages, ${this.#pullFailures} of them about a pull that failed`;
    const rest = kinds.length - listed.length;
    const more = rest === 0 ? '' : `          and ${rest} more kinds, each less often\n`;
    return `${paint('bold', head)}\n${rows.join('\n')}\n${more}`;
  }
}

/** One more than is named is kept, so that the report can say that there are others. */
function note(kind: Kind, { app, revision, time }: Origin): void {
  const name = [app, revision]
    .flatMap((one) => (one === undefined ? [] : [plain(one).slice(0, longestName)]))
    .join(' ');
  if (name !== '' && kind.of.size <= mostNames) kind.of.add(name);
  if (time === undefined) return;
  const at = plain(time).slice(0, longestName);
  // Exports may come newest first. Times in the same ISO form sort as texts.
  if (kind.first === undefined || at < kind.first) kind.first = at;
  if (kind.last === undefined || at > kind.last) kind.last = at;
}

function whereAndWhen({ of, first, last }: Kind): string {
  const names = [...of].slice(0, mostNames).join(', ');
  const others = of.size > mostNames ? ' and others' : '';
  const when = first === undefined || last === undefined || first === last ? (first ?? '') : `${first} to ${last}`;
  return [`${names}${others}`, when].filter((part) => part !== '').join(', ');
}
