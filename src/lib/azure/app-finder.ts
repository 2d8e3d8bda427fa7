// Log alerts name an app, not its id. Names that are asked for within a moment are looked up together, and remembered for a minute.

import type { ArmId } from '../arm-id.ts';
import { nameOf } from '../arm-id.ts';
import type { Fact } from '../fact.ts';
import { known } from '../fact.ts';
import { latest } from '../latest.ts';
import type { Clients } from './clients.ts';
import { type GraphApp, graphApps } from './evidence.ts';

/** So long names are collected, in real milliseconds. */
const collectMs = 40;
const mostNames = 60;
/** What was found is not asked for again for so long. What was not found is: it may be new. */
const rememberMs = 60_000;
const mostRemembered = 5000;

interface Found {
  readonly atMs: number;
  readonly apps: readonly GraphApp[];
}

interface Batch {
  readonly names: Set<string>;
  readonly answer: Promise<Fact<readonly GraphApp[]>>;
}

/** Finds apps by name within the subscriptions; an environment name narrows them, and a mismatch excludes. */
export function appFinder(
  clients: Clients,
  subscriptions: readonly string[],
  now: () => number,
): (name: string, environment: string | undefined) => Promise<Fact<readonly ArmId[]>> {
  const remembered = latest<string, Found>(mostRemembered);
  let open: Batch | undefined;

  function collect(name: string): Promise<Fact<readonly GraphApp[]>> {
    if (open === undefined || open.names.size >= mostNames) {
      const names = new Set<string>();
      const answer = new Promise<void>((resolve) => setTimeout(resolve, collectMs)).then(() => {
        if (open?.names === names) open = undefined;
        return graphApps(clients, subscriptions, [...names]);
      });
      open = { names, answer };
    }
    open.names.add(name);
    return open.answer;
  }

  return async (name, environment) => {
    const matching = (apps: readonly GraphApp[]): readonly ArmId[] =>
      apps.flatMap((app) => (environment === undefined || app.environment === environment ? [app.id] : []));
    const before = remembered.get(name);
    const young = before !== undefined && now() - before.atMs < rememberMs ? matching(before.apps) : [];
    if (young.length > 0) return known(young);
    const found = await collect(name);
    if (!found.read) return found;
    const apps = found.value.filter((app) => nameOf(app.id) === name);
    if (apps.length > 0) remembered.put(name, { atMs: now(), apps });
    return known(matching(apps));
  };
}
