// The action group: posts alerts to pullmedic with the documented retries.
import type { Sim } from '../model/sim.ts';
import { note } from '../model/sim.ts';

/** The documented retries of an action group: only on these statuses and on network errors. */
const retryMs = [5000, 20_000, 5000, 40_000, 5000];
const retryable = new Set([408, 429, 503, 504]);

async function post(url: string, body: unknown): Promise<'delivered' | 'retry' | 'lost'> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.status >= 200 && response.status < 300) return 'delivered';
    return retryable.has(response.status) ? 'retry' : 'lost';
  } catch {
    return 'retry';
  }
}

/** Posts one alert, in the common alert schema. */
export function deliver(sim: Sim, url: string, body: unknown, attempt = 0): void {
  void post(url, body).then((result) => {
    const delay = retryMs[attempt];
    if (result !== 'retry') return;
    if (delay === undefined) return note(sim, 'The action group gave up on an alert');
    sim.scheduler.at(sim.scheduler.now() + delay, () => deliver(sim, url, body, attempt + 1));
  });
}
