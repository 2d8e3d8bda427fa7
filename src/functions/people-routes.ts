// Tells the platform of every function for people before the code of one of them loads: an alert does not wait for pages. The first request
// to any of them loads them all.
import type { HttpHandler, HttpMethod } from '@azure/functions';
import { once } from '../lib/ports/ports-later.ts';
import type { App } from './app.ts';

const get = ['GET'] as const satisfies HttpMethod[];
const post = ['POST'] as const satisfies HttpMethod[];
const getAndPost = ['GET', 'POST'] as const satisfies HttpMethod[];

/** Name, methods and route of each. A test holds the table against what `people.ts` registers. */
export const peopleRoutes: readonly (readonly [name: string, methods: readonly HttpMethod[], route: string])[] = [
  ['operator', post, 'signals'],
  ['question', get, 'remediations/{id}/question'],
  ['approve', post, 'remediations/{id}/approve'],
  ['reject', post, 'remediations/{id}/reject'],
  ['ask', post, 'remediations/{id}/ask'],
  ['undo', post, 'remediations/{id}/undo'],
  ['answer', getAndPost, 'answers/{verb}'],
  ['dead-letters-replay', post, 'dead-letters/{id}/replay'],
  ['dead-letters-dismiss', post, 'dead-letters/{id}/dismiss'],
  ['events-again', post, 'events'],
  ['system-test', post, 'incident-systems/{id}/test'],
  ['system-again', post, 'incident-systems/{id}/again'],
  ['incident-route', get, 'incident-route'],
  ['kill-switch', post, 'kill-switch'],
  ['forget-refusal', post, 'remediations/{id}/forget-refusal'],
  ['now', get, 'now'],
  ['history', get, 'history'],
  ['history-one', get, 'history/{id}'],
  ['remediations', get, 'remediations'],
  ['remediations-one', get, 'remediations/{id}'],
  ['incidents', get, 'incidents'],
  ['incidents-one', get, 'incidents/{id}'],
  ['dead-letters', get, 'dead-letters'],
  ['measures', get, 'measures'],
  ['runbooks', get, 'runbooks'],
  ['runbooks-one', get, 'runbooks/{id}'],
  ['settings', get, 'settings'],
  ['messages', get, 'messages'],
  ['history-report', get, 'history/{id}/report'],
];

/** Registers them all. Who may call is for each of them to say, so the platform asks for no key. */
export function registerPeopleLater(pullmedic: App): void {
  const handlers = once(() => loadPeople(pullmedic));
  for (const [name, methods, route] of peopleRoutes)
    pullmedic.http(name, {
      methods: [...methods],
      authLevel: 'anonymous',
      route,
      handler: async (request, context) => {
        const handler = (await handlers()).get(name);
        if (handler === undefined) throw new Error(`The function ${name} has no handler.`);
        return handler(request, context);
      },
    });
}

async function loadPeople(pullmedic: App): Promise<ReadonlyMap<string, HttpHandler>> {
  const { registerPeople } = await import('./people.ts');
  const handlers = new Map<string, HttpHandler>();
  registerPeople({ ...pullmedic, http: (name, { handler }) => void handlers.set(name, handler) });
  return handlers;
}
