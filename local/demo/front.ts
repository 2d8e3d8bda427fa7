// A small page that links the histories of all scenarios. An app whose scenario is over is started for reading when it is asked for.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Scenario } from '../scenarios/schema.ts';
import type { AppProcess } from './app-process.ts';
import { shortly } from './terminal.ts';
import { type Told, type Verdict, verdictOf } from './told.ts';

/** Each one is a process; the one that was asked for longest ago makes room. */
const mostOpen = 3;

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What the page shows of a scenario. */
export interface Shown {
  readonly scenario: Scenario;
  /** Absent until it is over. */
  readonly told?: Told | undefined;
  /** Where its history is; absent where none can be opened. */
  readonly href?: string | undefined;
}

const results: Readonly<Record<Verdict, string>> = {
  'as-expected': 'As expected.',
  'not-as-expected': 'NOT as expected: the terminal says what was not.',
  'not-judged': 'Not judged, because this machine was too slow.',
};

function resultOf({ told, href }: Shown): string {
  if (told === undefined) return href === undefined ? 'Not begun yet.' : 'Is being played.';
  const each = told.histories.remediations.map((one) => `${one.target.appName}: ${shortly(one)}`).reverse();
  return `${results[verdictOf(told)]} ${each.map((one) => `${one}.`).join(' ')}`;
}

const isShown = `What is over is only shown. Its timer is off, so its page Now says that pullmedic is not well, and nothing acts on an answer there. ${mostOpen} histories are open at a time: one that no longer answers is opened again from here. To try the buttons on an app that goes on: <code>npm start -- --keep --speed 10 --scenario docs/examples/by-hand.yaml</code>`;
const goesOn = 'Each pullmedic goes on once its scenario is over: it acts on the answers that you give.';

/** How many came to which result; each result that none came to is left out. */
function countsOf(all: readonly Shown[]): string {
  const count = (words: string, verdict?: Verdict): string[] => {
    const number = all.filter(({ told }) => (told === undefined ? undefined : verdictOf(told)) === verdict).length;
    return number === 0 ? [] : [`${number} ${words}`];
  };
  const parts = [
    ...count('as expected', 'as-expected'),
    ...count('NOT as expected', 'not-as-expected'),
    ...count('not judged', 'not-judged'),
    ...count('not over yet'),
  ];
  return `${parts.join(', ')}.`;
}

/**
 * The start page: every scenario with its cause and result, and a link only where there is a history to open. `answersAct`: each pullmedic goes on
 * once its scenario is over.
 */
export function startPage(all: readonly Shown[], answersAct = false): string {
  const items = all
    .map((shown) => {
      const name = `<strong>${escape(shown.scenario.name)}</strong>`;
      const title = shown.href === undefined ? name : `<a href="${escape(shown.href)}">${name}</a>`;
      const wrong = shown.told !== undefined && verdictOf(shown.told) !== 'as-expected' ? ' class="wrong"' : '';
      return `<li><p>${title}</p><p>${escape(shown.scenario.summary)}</p><p${wrong}>${escape(resultOf(shown))}</p></li>`;
    })
    .join('');
  // While scenarios are played the page is read again by itself: seconds.
  const refresh = all.some(({ told }) => told === undefined) ? '<meta http-equiv="refresh" content="5">' : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>pullmedic scenarios</title><style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}p{margin:.2rem 0}li{margin:.8rem 0}a{color:inherit}.wrong{font-weight:bold;border-left:.3rem solid;padding-left:.5rem}</style>${refresh}</head><body><h1>Scenarios</h1><p>${countsOf(all)}</p><p>Each one has a simulated Azure and a pullmedic of its own. Where the name is a link, it opens the history.</p><p>${answersAct ? goesOn : isShown}</p><ul>${items}</ul></body></html>`;
}

export interface Front {
  /** The process of the scenario at this index answers: its history can be watched. */
  answers(index: number): void;
  /** The scenario is over. `app` shows its history once it is started again; without it, the scenario's own process goes on. */
  isOver(index: number, told: Told, app: AppProcess | undefined): void;
  /** Scenarios that have no history to open. */
  alsoPlayed(others: readonly Told[]): void;
  /** Its simulated Azure goes on; this is how to reach it. */
  keeps(index: number, env: Readonly<Record<string, string>>): void;
  stop(): Promise<void>;
}

/** Keeps a few histories open, the last asked for. One at a time: two requests never start the same app twice. */
class Shelf {
  #open: AppProcess[] = [];
  #last: Promise<unknown> = Promise.resolve();

  async open(app: AppProcess): Promise<void> {
    const turn = this.#last.then(async () => {
      const isOpen = this.#open.includes(app);
      this.#open = [...this.#open.filter((one) => one !== app), app];
      if (isOpen) return;
      const [oldest] = this.#open.length > mostOpen ? this.#open.splice(0, 1) : [];
      await oldest?.kill();
      await app.startToRead();
    });
    this.#last = turn.catch(() => undefined);
    await turn;
  }

  async close(): Promise<void> {
    await this.#last;
    await Promise.all(this.#open.map((app) => app.kill()));
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    ...headers,
  });
  response.end(body);
}

const preload = new URL('../../dist/local/clock.mjs', import.meta.url).href;

function sendSimulation(response: ServerResponse, env: Readonly<Record<string, string>> | undefined): void {
  response.writeHead(env === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(env === undefined ? { error: 'No simulation is kept here.' } : { env, preload }));
}

/** Serves the page on loopback. `answersAct` as in {@link startPage}. Rejects when the port is taken. */
export async function startFront(
  port: number,
  scenarios: readonly Scenario[],
  addressOf: (index: number) => string,
  answersAct = false,
): Promise<Front> {
  const over: (AppProcess | undefined)[] = scenarios.map(() => undefined);
  const told = new Map<number, Told>();
  const answering = new Set<number>();
  let others: readonly Told[] = [];
  const shown = (): Shown[] => [
    ...scenarios.map((scenario, at) => ({
      scenario,
      told: told.get(at),
      href: answering.has(at) ? `/open/${at}` : undefined,
    })),
    ...others.map((one) => ({ scenario: one.scenario, told: one })),
  ];
  const kept = new Map<number, Readonly<Record<string, string>>>();
  const shelf = new Shelf();
  const server: Server = createServer((request, response) => {
    const simulation = /^\/simulations\/(\d{1,4})$/.exec(request.url ?? '')?.[1];
    if (simulation !== undefined) return sendSimulation(response, kept.get(Number(simulation)));
    const index = /^\/open\/(\d{1,4})$/.exec(request.url ?? '')?.[1];
    if (index === undefined) return send(response, request.url === '/' ? 200 : 404, startPage(shown(), answersAct));
    const app = over[Number(index)];
    const redirect = (): void => send(response, 302, '', { location: addressOf(Number(index)) });
    if (Number(index) >= scenarios.length) return send(response, 404, 'There is no such scenario.');
    // While it is being played, and where it goes on, its own process shows the history.
    if (app === undefined) return redirect();
    shelf
      .open(app)
      .then(redirect, () => send(response, 500, 'The history could not be opened; the terminal says why.'));
    return undefined;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    answers: (index) => void answering.add(index),
    isOver(index, one, app) {
      told.set(index, one);
      answering.add(index);
      over[index] = app;
    },
    alsoPlayed: (played) => void (others = played),
    keeps: (index, env) => void kept.set(index, env),
    async stop() {
      server.close();
      server.closeAllConnections();
      await shelf.close();
    },
  };
}
