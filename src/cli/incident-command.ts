// Commands about incident systems: try one, have what it refused sent again, and say where an incident would be told.
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import type { Arguments } from './arguments.ts';
import { withApp } from './deployed-commands.ts';
import { printAnswer, printJson, say } from './printed.ts';
import { UsageError } from './usage-error.ts';

/** Tries a system, or has what it refused sent again. */
export function incidentCommand(given: Arguments<'incident'>): Promise<number> {
  const [verb] = given.words;
  const { to, json } = given.values;
  if (verb !== 'test' && verb !== 'again') throw new UsageError('incident takes test or again.');
  if (to === undefined || !/^[a-z][a-z0-9-]{0,31}$/.test(to))
    throw new UsageError('--to takes the name of a system, as the settings have it.');
  return withApp(given, async (deployed) => {
    const answered = await deployed.post(`incident-systems/${to}/${verb}`, {});
    return verb === 'again' ? sayAgain(answered, json) : sayTried(answered, json);
  });
}

/** Prints where an incident would be told. */
export function routeCommand(given: Arguments<'route'>): Promise<number> {
  const { cause, registry, severity, owner, subscription, environment, at, json } = given.values;
  if (cause === undefined || registry === undefined) throw new UsageError('route takes --cause and --registry.');
  const asked = Object.entries({ cause, registry, severity, owner, subscription, environment, at }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]),
  );
  return withApp(given, async (deployed) => {
    const answered = await deployed.get(`incident-route?${asked.join('&')}`);
    const route = readAs(routed, answered, 'a route');
    if (json === true) printJson(answered);
    else sayRoute(route);
    return 0;
  });
}

const call = z.object({ kind: z.string(), why: z.string().optional(), detail: z.string().optional() });
const tried = z.object({ opened: call, resolved: call.optional(), url: z.string().optional(), again: z.number() });

function sayAgain(answered: unknown, json: boolean | undefined): number {
  const { again } = readAs(z.object({ again: z.number() }), answered, 'what was sent again');
  printAnswer(json, answered, `Sent again: ${again}.`);
  return 0;
}

function sayTried(answered: unknown, json: boolean | undefined): number {
  const { opened, resolved, url, again } = readAs(tried, answered, 'what became of the test');
  if (json === true) printJson(answered);
  else {
    say(`opened    ${sayCall(opened)}${url === undefined ? '' : `: ${url}`}`);
    if (resolved !== undefined) say(`resolved  ${sayCall(resolved)}`);
    if (again > 0) say(`Sent again, because the system takes our messages: ${again}.`);
  }
  return opened.kind === 'failed' || resolved?.kind === 'failed' ? 1 : 0;
}

function sayCall({ kind, why, detail }: z.infer<typeof call>): string {
  return why === undefined ? kind : `${kind}: ${why} (${detail ?? 'no detail'})`;
}

const routed = z.object({
  to: z.array(z.string()),
  matched: z.array(z.number()),
  because: z.string(),
  undecided: z.array(z.number()).default([]),
  atMs: z.number(),
  mode: z.string(),
});

function sayRoute({ to, matched, undecided, because, atMs, mode }: z.infer<typeof routed>): void {
  const told = to.length === 0 ? 'nobody is told' : to.join(', ');
  say(`At ${new Date(atMs).toISOString()}, in the mode ${mode}: ${told}.`);
  say(sayWhy(because, because === 'not-known' ? undecided : matched));
}

/** `routes`: those that match, or those that would match if more were known of the incident; from 0. */
function sayWhy(because: string, routes: readonly number[]): string {
  const places = routes.map((at) => at + 1).join(', ');
  switch (because) {
    case 'no-systems':
      return 'The settings have no incident systems.';
    case 'observe':
      return 'The mode observe sends nothing; the setting incidents.inObserve changes that.';
    case 'no-route':
      return 'No route matches, so every system is told.';
    case 'not-known':
      return `No route matches for certain. Routes that ask for a subscription or an environment that was not given, counted from 1: ${places}.`;
    default:
      return `Routes that match, counted from 1: ${places}.`;
  }
}
