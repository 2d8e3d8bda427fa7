// Finds app ids by name, because log alerts name an app without its id. It collects names for a moment, looks them up in one query and
// remembers the answers for a minute. After many names within a minute it lists all apps at once: one query instead of a hundred.

import type { FoundApps } from '../../evidence/reads.ts';
import { nameOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { known, unreadable } from '../../words/fact.ts';
import { latest } from '../../words/latest.ts';
import type { WorkloadKind } from '../../workloads/workload.ts';
import { kindOf, unnamedKind } from '../../workloads/workloads.ts';
import type { GraphApp, GraphApps } from './apps.ts';

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
  readonly answer: Promise<Fact<GraphApps>>;
}

/** A minute of look-ups. */
interface Window {
  readonly sinceMs: number;
  names: number;
  all?: Promise<Fact<GraphApps>>;
}

/** Asks Azure for the apps with these names, or for all apps. */
export type AskApps = (names: readonly string[] | 'all') => Promise<Fact<GraphApps>>;

/** Finds apps by name, in the environment that the caller names where that fits one of them. */
export function appFinder(
  ask: AskApps,
  now: () => number,
): (name: string, environment: string | undefined, kind?: WorkloadKind) => Promise<Fact<FoundApps>> {
  const remembered = latest<string, Found>(mostRemembered, { forMs: rememberMs, now });
  let open: Batch | undefined;
  let window: Window = { sinceMs: 0, names: 0 };

  function remember({ apps, unreadable }: GraphApps): void {
    const byName = Map.groupBy(apps, (app) => nameOf(app.id));
    for (const [name, same] of byName)
      if (!unreadable.includes(name)) remembered.put(name, { atMs: now(), apps: same });
  }

  async function asked(names: readonly string[] | 'all'): Promise<Fact<GraphApps>> {
    const found = await ask(names);
    if (found.read) remember(found.value);
    return found;
  }

  /** Looks up names. If the list of all apps is unreadable, or a name is not on it (the app may be new), Azure is asked by name. */
  async function lookUp(names: readonly string[]): Promise<Fact<GraphApps>> {
    if (now() - window.sinceMs >= rememberMs) window = { sinceMs: now(), names: 0 };
    window.names += names.length;
    if (window.names <= manyNames) return asked(names);
    window.all ??= asked('all');
    const all = await window.all;
    if (!all.read) return asked(names);
    const listed = new Set([...all.value.apps.map((app) => nameOf(app.id)), ...all.value.unreadable]);
    const missing = names.filter((name) => !listed.has(name));
    if (missing.length === 0) return all;
    const rest = await asked(missing);
    if (!rest.read) return rest;
    return known(together(all.value, rest.value));
  }

  function collect(name: string): Promise<Fact<GraphApps>> {
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

  return async (name, environment, kind = unnamedKind) => {
    const before = remembered.get(name);
    const isYoung = before !== undefined && now() - before.atMs < rememberMs;
    const young = isYoung ? fitting(ofKind(before.apps, kind), environment) : none;
    // What is remembered answers unless the named environment fits no app: it may be that of a new app.
    if (young.ids.length > 0 && (young.fits === 'environment' || environment === undefined)) return known(young);
    const found = await collect(name);
    if (!found.read) return found;
    return oneName(found.value, name, environment, kind);
  };
}

/** Half of the answer is none: the caller may ask whether this is the only app of the name. Other names are not concerned. */
function oneName(
  { apps, unreadable: odd }: GraphApps,
  name: string,
  environment: string | undefined,
  kind: WorkloadKind,
): Fact<FoundApps> {
  if (odd.includes(name)) return unreadable('unexpected-answer');
  const same = ofKind(apps, kind).filter((app) => nameOf(app.id) === name);
  return known(fitting(same, environment));
}

/** Those of one kind: one of each kind may have the same name. */
function ofKind(apps: readonly GraphApp[], kind: WorkloadKind): readonly GraphApp[] {
  return apps.filter(({ id }) => kindOf(id).kind === kind);
}

function together(a: GraphApps, b: GraphApps): GraphApps {
  return { apps: [...a.apps, ...b.apps], unreadable: [...a.unreadable, ...b.unreadable] };
}

const none: FoundApps = { ids: [], fits: 'name' };

/** The apps in this environment, or all of them if it fits none. An app whose environment has no known name may be in it. */
function fitting(apps: readonly GraphApp[], environment: string | undefined): FoundApps {
  const inside = apps.filter((app) => environment !== undefined && app.environments.includes(environment));
  const all = { ids: apps.map(({ id }) => id), fits: 'name' } as const;
  if (inside.length === 0) return all;
  const maybe = apps.filter((app) => app.environments.length === 0);
  if (maybe.length > 0) return { ids: [...inside, ...maybe].map(({ id }) => id), fits: 'name' };
  return { ids: inside.map(({ id }) => id), fits: 'environment' };
}
