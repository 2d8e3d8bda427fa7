// Disturbs a scenario on virtual time at one request: spoils its answer, or kills the app's process there and starts it again.
import type { Spoilt } from '../azure/seam/proxy.ts';
import type { SimRequest } from '../azure/wire/request.ts';

/** Requests that can be disturbed: those to Azure, and those that change storage. */
export type Wire = 'azure' | 'storage';

/** Plain data, so that a line of a report plays it again. Requests count from 1. */
export type Disturbance =
  | {
      readonly kind: 'spoil';
      readonly request: number;
      readonly spoilt: Spoilt;
      /** How often the same request is spoilt: a client sends some of them again. */
      readonly tries: number;
    }
  | {
      readonly kind: 'kill';
      readonly wire: Wire;
      readonly request: number;
      /** Whether the request took effect. Its answer never comes. */
      readonly when: 'before' | 'after';
      /** How long the process is down, in virtual milliseconds. */
      readonly downMs: number;
    };

/** How many requests a run sent, and whether it came to the one that was to be disturbed. */
export interface Met {
  readonly azure: number;
  readonly storage: number;
  readonly struck: boolean;
}

export interface Disturber {
  /** What becomes of this request to Azure instead of its answer. */
  azure(request: SimRequest): Spoilt | undefined;
  /** Where this change of storage falls silent. */
  storage(): 'before' | 'after' | undefined;
  met(): Met;
}

/** `kill` ends the process as soon as nothing is under way. */
export function disturbing(disturbance: Disturbance | undefined, kill: (downMs: number) => void): Disturber {
  const met = { azure: 0, storage: 0, struck: false };
  let spoiling: { readonly what: string; left: number } | undefined;
  function dies(wire: Wire): 'before' | 'after' | undefined {
    if (disturbance?.kind !== 'kill' || disturbance.wire !== wire || met[wire] !== disturbance.request)
      return undefined;
    met.struck = true;
    kill(disturbance.downMs);
    return disturbance.when;
  }
  return {
    azure({ method, host, url }) {
      met.azure += 1;
      const death = dies('azure');
      if (death !== undefined) return { do: 'silence', when: death };
      if (disturbance?.kind !== 'spoil') return undefined;
      const what = `${method} ${host}${url.pathname}`;
      if (met.azure === disturbance.request) {
        spoiling = { what, left: disturbance.tries };
        met.struck = true;
      }
      if (spoiling?.what !== what || spoiling.left === 0) return undefined;
      spoiling.left -= 1;
      return disturbance.spoilt;
    },
    storage() {
      met.storage += 1;
      return dies('storage');
    },
    met: () => ({ ...met }),
  };
}
