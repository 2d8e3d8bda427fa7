// How the tests read the lists of the pages: an item, and below it one line for each thing that is said of it.

/** An item of a list, such as `- **title**` with `  - name: text` below it. Continued lines are joined, bold marks are left out. */
export interface Item {
  readonly title: string;
  /** What is said of it, by name. */
  readonly said: Readonly<Record<string, string>>;
}

/** The items of every list in a part of a page. */
export function itemsOf(page: string): Item[] {
  const joined = page.replace(/\n +(?![ -])/g, ' ');
  return joined
    .split(/^- /m)
    .slice(1)
    .map((item) => {
      const [title = '', ...below] = (item.split('\n\n')[0] ?? '').split(/\n {2}- /);
      const said = below.map((line) => /^([^:]+): ([^]*)$/.exec(line.trim())?.slice(1) ?? [line, '']);
      return { title: title.trim().replace(/\*\*/g, ''), said: Object.fromEntries(said) as Record<string, string> };
    });
}
