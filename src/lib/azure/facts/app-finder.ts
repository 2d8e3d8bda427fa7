// Log alerts name an app, not its id. Names that are asked for within a moment are looked up together, and remembered for a minute. When
// many are asked for within that minute, all apps are listed at once: a thousand of them cost one query, and not a hundred.

import type { ArmId } from '../../words/arm-id.ts';
import { nameOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { known } from '../../words/fact.ts';
import { latest } from '../../words/latest.ts';
import type { GraphApp } from './apps.ts';

/** So long names are collected, in real milliseconds. */
const collectMs = 40;
const mostNames = 60;
/** What was found is not asked for again for so long. What was not found is: it may be new. Milliseconds. */
const rememberMs = 60_000;
const mostRemembered = 5000;
/** More names than these within a minute, and all apps are listed. */
const manyNames = 60;

interface Found {
  readonly atMs: number;
  readonly apps: readonly GraphApp[];
}

interface Batch {
  readonly names: Set<string>;
  readonly answer: Promise<Fact<readonly GraphApp[]>>;
}

/** A minute of look-ups. */
interface Window {
  readonly sinceMs: number;
  names: number;
  all?: Promise<Fact<readonly GraphApp[]>>;
}

/** Asks for apps by their names, or for all. */
export type AskApps = (names: readonly string[] | 'all') => Promise<Fact<readonly GraphApp[]>>;

/** Finds apps by name; an environment name narrows them, and a mismatch excludes. */
export function appFinder(
  ask: AskApps,
  now: () => number,
): (name: string, environment: string | undefined) => Promise<Fact<readonly ArmId[]>> {
  const remembered = latest<string, Found>(mostRemembered);
  let open: Batch | undefined;
  let window: Window = { sinceMs: 0, names: 0 };

  function remember(apps: readonly GraphApp[]): void {
    const byName = Map.groupBy(apps, (app) => nameOf(app.id));
    for (const [name, same] of byName) remembered.put(name, { atMs: now(), apps: same });
  }

  async function asked(names: readonly string[] | 'all'): Promise<Fact<readonly GraphApp[]>> {
    const found = await ask(names);
    if (found.read) remember(found.value);
    return found;
  }

  /** Where the list cannot be had, names are asked for; so are those that are not on it, for they may be new. */
  async function lookUp(names: readonly string[]): Promise<Fact<readonly GraphApp[]>> {
    if (now() - window.sinceMs >= rememberMs) window = { sinceMs: now(), names: 0 };
    window.names += names.length;
    if (window.names <= manyNames) return asked(names);
    window.all ??= asked('all');
    const all = await window.all;
    if (!all.read) return asked(names);
    const listed = new Set(all.value.map((app) => nameOf(app.id)));
    const missing = names.filter((name) => !listed.has(name));
    if (missing.length === 0) return all;
    const rest = await asked(missing);
    return rest.read ? known([...all.value, ...rest.value]) : rest;
  }

  function collect(name: string): Promise<Fact<readonly GraphApp[]>> {
    if (open === undefined || open.names.size >= mostNames) {
      const names = new Set<string>();
      const answer = new Promise<void>((resolve) => setTimeout(resolve, collectMs)).then(() => {
        if (open?.names === names) open = undefined;
        return lookUp([...names]);
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
    return known(matching(found.value.filter((app) => nameOf(app.id) === name)));
  };
}
