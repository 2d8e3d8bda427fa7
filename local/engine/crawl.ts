// Reads the pages of the app as a person would who follows every link: for pictures, and for checks that hold for every page.

export interface CrawledPage {
  /** Path and query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How many pages are read at most: a page that leads to ever new pages must not go on for ever. */
const mostPages = 300;

/** Every page that can be reached by links from the first one, each once. The first one is the first of the list. */
export async function crawl(base: string, first: string): Promise<readonly CrawledPage[]> {
  const pages = new Map<string, CrawledPage>();
  const todo = [first];
  for (let path = todo.shift(); path !== undefined && pages.size < mostPages; path = todo.shift()) {
    if (pages.has(path)) continue;
    const response = await fetch(`${base}${path}`);
    const body = await response.text();
    pages.set(path, { path, status: response.status, headers: Object.fromEntries(response.headers), body });
    if (response.headers.get('content-type')?.startsWith('text/html') === true) todo.push(...linksIn(body));
  }
  return [...pages.values()];
}

/** The addresses that a page leads to within the app, without the part after `#`. */
function linksIn(body: string): readonly string[] {
  return [...body.matchAll(/ href="(\/api\/[^"#]*)/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"'),
  );
}
