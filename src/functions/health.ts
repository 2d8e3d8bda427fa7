// HTTP: for monitors. 200 when pullmedic is well, 503 with what is not.
import { app } from '@azure/functions';
import { checkHealth } from '../lib/console/health.ts';
import type { App } from './app.ts';

export function registerHealth({ ports, upkeep }: App): void {
  app.http('health', {
    methods: ['GET'],
    authLevel: 'function',
    route: 'health',
    handler: async () => {
      const health = await checkHealth(ports, upkeep);
      return { status: health.well ? 200 : 503, jsonBody: health, headers: { 'cache-control': 'no-store' } };
    },
  });
}

/** All that is left of an app whose settings cannot be used: where health would be, what is wrong. Problems name settings, no values. */
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
