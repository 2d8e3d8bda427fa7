// HTTP: health for monitors, and for people who are signed in. Answers 200 when pullmedic is well; otherwise 503, and the body says what is
// wrong.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { checkHealth } from '../lib/console/health.ts';
import type { App } from './app.ts';
import { problem } from './body.ts';
import { mayRead } from './sign-in.ts';

export function registerHealth(pullmedic: App): void {
  const { ports, upkeep, storageTrouble } = pullmedic;
  register(pullmedic, async () => {
    const health = await checkHealth(ports, upkeep, storageTrouble());
    return { status: health.well ? 200 : 503, jsonBody: health, headers };
  });
}

/** The health endpoint of an app with invalid settings. Each problem names a setting and never quotes its value. */
export function registerUnusable(problems: readonly string[], pullmedic: Pick<App, 'signInByPlatform'>): void {
  register(pullmedic, async () => ({ status: 503, jsonBody: { well: false, settings: problems }, headers }));
}

const headers = { 'cache-control': 'no-store' };

/** A monitor has no sign-in, so one route takes a function key: the key of this function opens nothing else. The other takes a reader. */
function register(pullmedic: Pick<App, 'signInByPlatform'>, answer: () => Promise<HttpResponseInit>): void {
  app.http('health', { methods: ['GET'], authLevel: 'function', route: 'health', handler: answer });
  app.http('health-signed', {
    methods: ['GET'],
    authLevel: 'anonymous',
    route: 'health/signed',
    handler: async (request: HttpRequest) =>
      mayRead(pullmedic, request) ? answer() : problem(401, 'Sign in with the role Reader or Operator.'),
  });
}
