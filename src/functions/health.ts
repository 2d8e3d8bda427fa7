// HTTP: health for monitors, and for people who are signed in. Answers 200 when pullmedic is well; otherwise 503, and the body says what is
// wrong.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import type { CallerSignIn } from '../lib/settings/caller-sign-in.ts';
import type { App } from './app.ts';
import { mayRead } from './sign-in.ts';

export function registerHealth(pullmedic: App): void {
  const { config, ports, upkeep, storageTrouble, callers } = pullmedic;
  register(pullmedic, async () => {
    const { checkHealth } = await import('../lib/console/health.ts');
    const health = await checkHealth(ports, upkeep, storageTrouble(), Object.keys(config.settings.incidents.systems));
    return { status: health.well ? 200 : 503, jsonBody: { ...health, callerSignIn: callers.state }, headers };
  });
}

/** The health endpoint of an app with invalid settings. Each problem names a setting and never quotes its value. */
export function registerUnusable(problems: readonly string[], pullmedic: Pick<App, 'callers'>): void {
  register(pullmedic, async () => ({
    status: 503,
    jsonBody: { well: false, settings: problems, callerSignIn: pullmedic.callers.state },
    headers,
  }));
}

const headers = { 'cache-control': 'no-store' };

/** A monitor has no sign-in, so one route takes a function key: the key of this function opens nothing else. The other takes a reader. */
function register(pullmedic: Pick<App, 'callers'>, answer: () => Promise<HttpResponseInit>): void {
  app.http('health', { methods: ['GET'], authLevel: 'function', route: 'health', handler: answer });
  app.http('health-signed', {
    methods: ['GET'],
    authLevel: 'anonymous',
    route: 'health/signed',
    handler: async (request: HttpRequest) => (mayRead(pullmedic, request) ? answer() : signInFirst(pullmedic.callers)),
  });
}

/** The refusal names the app registration, so that the command line knows what to ask a token for. A client id is no secret. */
function signInFirst({ clientId }: CallerSignIn): HttpResponseInit {
  const error = 'Sign in with the role Reader or Operator.';
  return { status: 401, jsonBody: clientId === undefined ? { error } : { error, clientId }, headers };
}
