// Timer: a message that failed five times is in a poison queue. pullmedic sends it again for some hours, then keeps it as a dead letter
// that people see.
import { app } from '@azure/functions';
import type { App } from './app.ts';

/**
 * Runs every minute, 15 seconds past it. A queue trigger would not do: a message in another encoding than the queue's never reaches a
 * function, and it would stay in its poison queue unseen.
 */
export function registerOnPoison({ ports, upkeep }: App): void {
  app.timer('on-poison', {
    schedule: '15 * * * * *',
    handler: async () => {
      const { drainPoison } = await import('./work.ts');
      await drainPoison(upkeep, ports);
    },
  });
}
