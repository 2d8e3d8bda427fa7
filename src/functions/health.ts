// HTTP: for monitors. 200 when pullmedic is well, 503 with what is not.
import { app } from '@azure/functions';
import type { App } from '../app.ts';
import { checkHealth } from '../lib/health.ts';

export function registerHealth({ ports }: App): void {
  app.http('health', {
    methods: ['GET'],
    authLevel: 'function',
    route: 'health',
    handler: async () => {
      const health = await checkHealth(ports);
      return { status: health.well ? 200 : 503, jsonBody: health, headers: { 'cache-control': 'no-store' } };
    },
  });
}
