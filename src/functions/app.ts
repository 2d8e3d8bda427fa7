// Every trigger gets an `App`: the settings and the ports.

import type { HttpFunctionOptions } from '@azure/functions';
import type { Ports } from '../lib/ports/ports.ts';
import type { StorageTrouble, Upkeep } from '../lib/ports/upkeep.ts';
import type { CallerSignIn } from '../lib/settings/caller-sign-in.ts';
import type { Config } from '../lib/settings/config.ts';

export interface App {
  readonly config: Config;
  readonly ports: Ports;
  /** Poison queues and dead letters: the app looks after its own failed messages with these. */
  readonly upkeep: Upkeep;
  /** Makes the tables and queues that are missing, unless that was done before. Never throws: it answers what is wrong. */
  readonly prepare: () => Promise<StorageTrouble | undefined>;
  /** Why storage could not be used at the last try. */
  readonly storageTrouble: () => StorageTrouble | undefined;
  /** Tells the platform of a function with an address. The functions for people are told of before they load (`people-routes.ts`). */
  readonly http: (name: string, options: HttpFunctionOptions) => void;
  /** Whether the platform signs callers in. Only then can the app trust the principal header. */
  readonly callers: CallerSignIn;
}
