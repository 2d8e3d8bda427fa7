// Which registry a text is about, where it says which one was asked. Text that names another registry is not about this image. It is about the
// entry that the app has for that registry, and Azure signs in to the registry of every entry before it pulls anything.

import { type Suspicion, saysPullFailed } from '../classify/classify.ts';
import type { AppFacts, LogRow } from '../evidence/app-facts.ts';
import { appOf, type Evidence, entryFor, isWriteRejected, targetReplicas } from '../evidence/evidence.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { isAzureRegistry, isSameRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';
import { brokenEntry, otherEntries } from './entries.ts';
import { claimOfRow } from './read-row.ts';
import { rowsOfTarget } from './text-claims.ts';
import { entryBehindRefusal, meansEntry } from './told-of-entry.ts';
import { failsOtherwise } from './trouble.ts';

/**
 * What the diagnosis is about: the target itself or, with the same image, the registry of another entry of the app. That is so where the image
 * is waited for and the latest telling text names that registry, where Azure rejected the write and ARM shows that the entry cannot work, and
 * where a refusal names no registry and the image has no host. Every conclusion, guard and grant then rests on that entry and that registry alone.
 */
export function subjectOf(target: Target, evidence: Evidence): Target {
  const app = appOf(evidence);
  if (app === undefined || otherEntries(target, app).length === 0 || !isWaitedFor(target, evidence)) return target;
  const host =
    entryNamed(target, evidence, app) ?? brokenEntry(target, evidence) ?? entryBehindRefusal(target, evidence);
  return host === undefined ? target : { ...target, registry: host };
}

/** True unless each replica has the image, or fails for another stated reason: then no entry stops the pull, whatever a text says. */
function isWaitedFor(target: Target, evidence: Evidence): boolean {
  if (isWriteRejected(target, evidence)) return true;
  const replicas = targetReplicas(target, evidence);
  const waits = replicas.filter(
    (replica) => !replica.containers.every(({ ready }) => ready) && !failsOtherwise(replica, target.image),
  );
  return replicas.length === 0 || waits.length > 0;
}

/** The entry's host that the latest row about a failed pull names, unless a later one gives a reason that is about the image itself. */
function entryNamed(target: Target, evidence: Evidence, app: AppFacts): string | undefined {
  const others = otherEntries(target, app);
  const mayName = ({ text }: LogRow, names: readonly string[]): boolean =>
    names.some((name) => text.toLowerCase().includes(sharedPart(name.toLowerCase())));
  const own = [target.image, target.registry];
  for (const row of rowsOfTarget(target, evidence).toReversed()) {
    if (!mayName(row, [...others, ...own])) continue;
    const said = claimOfRow(row);
    const host = otherRegistry(target, evidence, said);
    const entry = host === undefined ? undefined : others.find((other) => isSameRegistry(other, host));
    if (entry !== undefined && meansEntry(row, said)) return entry;
    if (saysPullFailed(said) && said.label !== 'unknown-pull-failure' && host === undefined) return undefined;
  }
  return undefined;
}

/** What all hosts of a registry of Azure have in common; any other name as it is. */
function sharedPart(name: string): string {
  return isAzureRegistry(name) ? (name.split('.')[0] ?? name) : name;
}

/**
 * Whether a suspicion is about the registry that the diagnosis is about. Where that is not the registry of the image, a text that names the
 * image and no other registry is not.
 */
export function isAboutSubject(subject: Target, said: Suspicion): boolean {
  if (!saysPullFailed(said) || said.image === undefined) return true;
  return parseImageRef(subject.image)?.registry === subject.registry || asksAt(subject.registry, said);
}

/** Whether a text says beside an image of another registry that this registry was asked: every image of the app waits for such a sign-in. */
export function asksAt(registry: string, { image, registry: asked }: Suspicion): boolean {
  if (image === undefined || asked === undefined || !isSameRegistry(asked, registry)) return false;
  return parseImageRef(image)?.registry !== asked;
}

/**
 * The host of the other registry that a text about a failed pull says was asked; `undefined` if it names none, or the target's own, or only that
 * of an image. Only a host that the app has an entry for, or one of Azure Container Registry, is known to be a registry: a text can also name
 * a host that takes part in every pull, such as the one that issues tokens or the one that keeps the layers.
 */
export function otherRegistry(target: Target, evidence: Evidence, said: Suspicion): string | undefined {
  if (said.registry === undefined || !saysPullFailed(said)) return undefined;
  const host = said.registry.toLowerCase();
  if (said.image !== undefined && !asksAt(host, said)) return undefined;
  if (isSameRegistry(host, target.registry)) return undefined;
  const app = appOf(evidence);
  const declared = app !== undefined && entryFor({ ...target, registry: host }, app) !== undefined;
  return declared || isAzureRegistry(host) ? host : undefined;
}
