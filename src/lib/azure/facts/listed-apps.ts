// What a list of all apps says of single ones. In a storm of alerts every app is asked for; a list has a hundred of them for one request.

import type { AppList, AppSummary } from '../../evidence/reads.ts';
import type { ArmId } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';

/** If more apps than this are asked for within a minute, all are listed. Fewer are read one by one. */
const manyApps = 60;
/** How long apps are counted, and the greatest age of a list. Milliseconds. */
const minuteMs = 60_000;

/**
 * Answers what a list says of an app: of many apps within a minute, and not of a few. A list that could not be read is not asked for again
 * before the minute is over: what it would have spared is read app by app.
 */
export function listedApps(
  list: (sinceMs: number) => Promise<Fact<AppList>>,
  now: () => number,
): (app: ArmId) => Promise<AppSummary | undefined> {
  let window = { sinceMs: 0, asked: 0, failed: false };
  let last: { readonly of: AppList; readonly byId: ReadonlyMap<ArmId, AppSummary> } | undefined;

  function named(apps: AppList): ReadonlyMap<ArmId, AppSummary> {
    if (last?.of !== apps) last = { of: apps, byId: new Map(apps.apps.map((app) => [app.id, app])) };
    return last.byId;
  }

  return async (app) => {
    if (now() - window.sinceMs >= minuteMs) window = { sinceMs: now(), asked: 0, failed: false };
    const counted = window;
    counted.asked += 1;
    if (counted.asked <= manyApps || counted.failed) return undefined;
    const apps = await list(now() - minuteMs);
    counted.failed ||= !apps.read;
    return apps.read ? named(apps.value).get(app) : undefined;
  };
}
