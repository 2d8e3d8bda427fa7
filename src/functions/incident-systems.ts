// HTTP: where an incident would be told, and, for operators, a test of a system and its refused messages once more.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { causes, storedCause } from '../lib/causes/causes.ts';
import { route } from '../lib/incidents/route.ts';
import { tellAgain, trySystem } from '../lib/telling/try-system.ts';
import { distance } from '../lib/words/distance.ts';
import type { App } from './app.ts';
import { problem } from './body.ts';
import { operatorRoute } from './operator-route.ts';
import { registerRead } from './pages.ts';

export function registerIncidentSystems(pullmedic: App): void {
  const path = (verb: string) => ({ name: `system-${verb}`, route: `incident-systems/{id}/${verb}` });
  operatorRoute(pullmedic, path('test'), (request) => onTest(pullmedic, request));
  operatorRoute(pullmedic, path('again'), (request) => onAgain(pullmedic, request));
  registerRead(pullmedic, { name: 'incident-route', route: 'incident-route' }, onRoute);
}

async function onTest({ ports, config }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const tried = await trySystem(ports, config, request.params['id'] ?? '', pause);
  if (tried.kind === 'no-such-system') return noSystem(tried.systems);
  const { kind: _kind, ...said } = tried;
  return { status: 200, jsonBody: said };
}

async function onAgain({ ports, config }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const name = request.params['id'] ?? '';
  const systems = Object.keys(config.settings.incidents.systems);
  return systems.includes(name)
    ? { status: 202, jsonBody: { again: await tellAgain(ports, name) } }
    : noSystem(systems);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function noSystem(systems: readonly string[]): HttpResponseInit {
  const there = systems.length === 0 ? 'The settings have no incident systems.' : `There are: ${systems.join(', ')}.`;
  return problem(404, `The settings have no incident system of this name. ${there}`);
}

const text = z.string().min(1).max(400);
const question = z.object({
  cause: text,
  registry: text,
  owner: z.enum(['app team', 'registry owner', 'network team', 'Microsoft']).optional(),
  severity: z.enum(['low', 'medium', 'high', 'critical']).default('high'),
  subscription: text.optional(),
  environment: text.optional(),
  at: z.iso.datetime({ offset: true }).optional(),
});

/** Names the cause that is spelled most like the one that was asked for, which is hostile text and is not repeated. */
function noSuchCause(cause: string): string {
  const far = (known: string): number => distance(known, cause);
  const nearest = causes.reduce((best, one) => (far(one) < far(best) ? one : best));
  return `There is no cause of this name. The nearest is ${nearest}; docs/runbooks lists all of them.`;
}

async function onRoute({ ports, config }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const asked = question.safeParse(Object.fromEntries(request.query));
  if (!asked.success)
    return problem(
      400,
      `Ask for cause and registry; ${asked.error.issues.map(({ path }) => path.join('.')).join(', ')} cannot be read.`,
    );
  if (storedCause(asked.data.cause) === undefined) return problem(400, noSuchCause(asked.data.cause));
  const { at, owner, subscription, environment, ...rest } = asked.data;
  const atMs = at === undefined ? ports.now() : Date.parse(at);
  const routed = route(config.settings.incidents, config.mode, {
    ...rest,
    owner: owner ?? storedCause(rest.cause)?.owner ?? 'app team',
    atMs,
    ...(subscription === undefined ? {} : { subscriptions: [subscription] }),
    ...(environment === undefined ? {} : { environments: [environment] }),
  });
  return { status: 200, jsonBody: { ...routed, atMs, mode: config.mode } };
}
