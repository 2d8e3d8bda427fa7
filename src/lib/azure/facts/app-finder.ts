// Finds app ids by name, because log alerts name an app without its id. It collects names for a moment, looks them up in one query and
// remembers the answers for a minute. After many names within a minute it lists all apps at once: one query instead of a hundred.

import type { ArmId } from '../../words/arm-id.ts';
import { nameOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { known } from '../../words/fact.ts';
import { latest } from '../../words/latest.ts';
import type { GraphApp } from './apps.ts';

/** How long names are collected before they are looked up, in real milliseconds. */
const collectMs = 40;
const mostNames = 60;
/** How long an answer is remembered. A name that was not found is looked up again, because the app may be new. Milliseconds. */
const rememberMs = 60_000;
const mostRemembered = 5000;
/** If more names than this come within a minute, all apps are listed. */
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

/** Asks Azure for the apps with these names, or for all apps. */
export type AskApps = (names: readonly string[] | 'all') => Promise<Fact<readonly GraphApp[]>>;

/** Finds apps by name. If the caller gives an environment name, an app of another environment does not match. */
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

  /** Looks up names. If the list of all apps is unreadable, or a name is not on it (the app may be new), Azure is asked by name. */
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
