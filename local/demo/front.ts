// A small page that links the histories of all scenarios.
import { createServer, type Server } from 'node:http';
import type { Scenario } from '../scenarios/schema.ts';

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(rows: readonly { readonly scenario: Scenario; readonly url: string }[]): string {
  const items = rows
    .map(
      ({ scenario, url }) =>
        `<li><p><a href="${escape(url)}"><strong>${escape(scenario.name)}</strong></a></p><p>${escape(scenario.summary)}</p></li>`,
    )
    .join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>pullmedic scenarios</title><style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:0 auto;padding:1rem}p{margin:.2rem 0}li{margin:.8rem 0}a{color:inherit}</style></head><body><h1>Scenarios</h1><p>Each one has a simulated Azure and a pullmedic of its own. Open its history.</p><ul>${items}</ul></body></html>`;
}

/** Serves the page on loopback. Rejects when the port is taken. */
export async function startFront(
  port: number,
  rows: readonly { readonly scenario: Scenario; readonly url: string }[],
): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    });
    response.end(page(rows));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return server;
}
