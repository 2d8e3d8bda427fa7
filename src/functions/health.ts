// HTTP: health for monitors. Answers 200 when pullmedic is well; otherwise 503, and the body says what is wrong.
import { app } from '@azure/functions';
import { checkHealth } from '../lib/console/health.ts';
import type { App } from './app.ts';

export function registerHealth({ ports, upkeep, storageTrouble }: App): void {
  app.http('health', {
    methods: ['GET'],
    authLevel: 'function',
    route: 'health',
    handler: async () => {
      const health = await checkHealth(ports, upkeep, storageTrouble());
      return { status: health.well ? 200 : 503, jsonBody: health, headers: { 'cache-control': 'no-store' } };
    },
  });
}

/** The health endpoint of an app with invalid settings. Each problem names a setting and never quotes its value. */
export function registerUnusable(problems: readonly string[]): void {
  app.http('health', {
    methods: ['GET'],
    authLevel: 'function',
    route: 'health',
    handler: () => ({
      status: 503,
      jsonBody: { well: false, settings: problems },
      headers: { 'cache-control': 'no-store' },
    }),
  });
}
