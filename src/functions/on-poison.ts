// Timer: what failed five times lies in a poison queue. It is sent again for some hours, then kept where people see it.
import { app } from '@azure/functions';
import { drainPoison } from '../lib/intake/dead-letter.ts';
import type { App } from './app.ts';

/**
 * Every minute, off the full one. Not by queue triggers: a message that is not in the encoding of the queue never reaches a function,
 * and it would lie in its poison queue unseen.
 */
export function registerOnPoison({ ports, upkeep }: App): void {
  app.timer('on-poison', {
    schedule: '15 * * * * *',
    handler: async () => {
      await drainPoison(upkeep, ports);
    },
  });
}
