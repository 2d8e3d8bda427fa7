// What every trigger is given: the settings and the ports.

import type { Upkeep } from '../lib/intake/dead-letter.ts';
import type { Ports } from '../lib/ports/ports.ts';
import type { Config } from '../lib/settings/config.ts';

export interface App {
  readonly config: Config;
  readonly ports: Ports;
  /** What it needs to look after itself. */
  readonly upkeep: Upkeep;
  /** Whether the platform signs callers in, so that its principal header can be trusted. */
  readonly signInByPlatform: boolean;
}
