// Serves pages that were read before, with the headers that the app gave them: a browser can look at them when the app is gone.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CrawledPage } from './crawl.ts';

export interface PageServer {
  /** Where the pages are, without a path. */
  readonly base: string;
  stop(): Promise<void>;
}

/** Serves the pages on a free port of this machine; any other address answers 404. */
export async function servePages(pages: readonly CrawledPage[]): Promise<PageServer> {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const server = createServer((request, response) => {
    const page = byPath.get(request.url ?? '');
    if (page === undefined) response.writeHead(404).end();
    else response.writeHead(page.status, { ...page.headers }).end(page.body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
