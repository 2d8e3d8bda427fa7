// The app's entries for other registries than that of the image, and whether one of them cannot work. Azure signs in to the registry of
// every entry before it pulls anything, so each of them can stop the app.

import { type AppFacts } from '../evidence/app-facts.ts';
import {
  appOf,
  declaredIdentity,
  type Evidence,
  entryFor,
  isWriteRejected,
  outboundSubnet,
  type Probe,
  registryOf,
} from '../evidence/evidence.ts';
import { valueOf } from '../words/fact.ts';
import { isAzureRegistry, isSameRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';
import { pullAccess } from './access.ts';
import { isBroken } from './credentials.ts';
import { networkVerdict } from './network.ts';
import { isOutside, networkOutside } from './network-outside.ts';
import { policyRefusal } from './policy-refusal.ts';
import { isBrokenByRecord } from './record-fault.ts';
import { tellsNoPlace, tellsOfImage } from './told-of-entry.ts';

/**
 * The host of the other entry that cannot work, where Azure rejected the write and no text gives a reason that is about the image. The image's
 * own entry comes first: `undefined` where that one cannot work.
 */
export function brokenEntry(target: Target, evidence: Evidence): string | undefined {
  const app = appOf(evidence);
  if (app === undefined || !mayMeanEntry(target, evidence) || tellsOfImage(target, evidence)) return undefined;
  const others = otherEntries(target, app);
  if (isBrokenByRecord(target, evidence)) return undefined;
  const byRecord = others.find((registry) => isBrokenByRecord({ ...target, registry }, evidence));
  if (byRecord !== undefined || !tellsNoPlace(target, evidence)) return byRecord;
  return isBrokenByFacts(target.registry, target, evidence)
    ? undefined
    : others.find((host) => isBrokenByFacts(host, target, evidence));
}

/** Whether a write was rejected after Azure may have signed in to the entries: a policy refuses it before that. */
function mayMeanEntry(target: Target, evidence: Evidence): boolean {
  return isWriteRejected(target, evidence) && policyRefusal(target, evidence) === undefined;
}

/** Hosts of the app's entries for other registries than that of the image. Only entries of the app itself count: a text can name any host. */
export function otherEntries(target: Target, app: AppFacts): readonly string[] {
  const own = entryFor(target, app);
  return app.registries.flatMap((entry) =>
    entry === own || isSameRegistry(entry.server, target.registry) ? [] : [entry.server],
  );
}

/** The most entries whose registries are read: each costs two or three requests. */
const mostEntries = 4;

/**
 * The registries to read where Azure rejected the write, no text names a place and the app's own record shows no fault: that of the image
 * and those of the other entries. Only registries of Azure can be read; empty where nothing of another entry can be judged.
 */
export function entriesToRead(target: Target, evidence: Evidence): readonly string[] {
  const app = appOf(evidence);
  if (app === undefined || !mayMeanEntry(target, evidence) || !tellsNoPlace(target, evidence)) return [];
  const all = [target.registry, ...otherEntries(target, app)];
  const others = all.slice(1).filter((host) => isAzureRegistry(host));
  const judged = leavesByNetwork(evidence) ? all.length > 1 : others.length > 0;
  if (!judged || all.some((registry) => isBrokenByRecord({ ...target, registry }, evidence))) return [];
  const own = isAzureRegistry(target.registry) && entryFor(target, app) !== undefined ? [target.registry] : [];
  return [...own, ...others].slice(0, mostEntries);
}

/** Whether the app leaves by a network of the user's, which stands before the registries of all entries alike. */
function leavesByNetwork(evidence: Evidence): boolean {
  const subnet = outboundSubnet(evidence);
  return subnet !== undefined && subnet !== 'cannot-tell';
}

/**
 * What of the app's own network is to be read before one entry is blamed. Empty where there is no other entry to judge, one is known to be at fault, or it
 * was asked for.
 */
export function networkOfEntries(target: Target, evidence: Evidence): readonly Probe[] {
  const app = appOf(evidence);
  if (app === undefined || !mayMeanEntry(target, evidence) || !tellsNoPlace(target, evidence)) return [];
  if (otherEntries(target, app).length === 0 || !leavesByNetwork(evidence)) return [];
  const wanted: readonly Probe[] = brokenEntry(target, evidence) === undefined ? ['vnet', 'subnet'] : [];
  return wanted.filter((probe) => evidence[probe] === undefined);
}

/** The facts that were read for the entry of the subject: they need not be read again. Empty where that registry was asked already. */
export function factsOfEntry({ registry }: Target, evidence: Evidence): Partial<Evidence> {
  if (evidence.registry !== undefined) return {};
  const read = valueOf(evidence.entries)?.find(({ server }) => isSameRegistry(server, registry));
  if (read === undefined) return {};
  const { server: _, ...facts } = read;
  return facts;
}

/** An entry that cannot work by what was read of its registry and of the way there. What was not read is no fault. */
function isBrokenByFacts(host: string, target: Target, evidence: Evidence): boolean {
  const subject = { ...target, registry: host.toLowerCase() };
  const of = factsAbout(subject, evidence);
  if (isOutside(subject)) return networkOutside(subject, of).answer === 'blocks';
  const registry = registryOf(of);
  if (registry === undefined) return false;
  if (networkVerdict(of).answer === 'blocks' || isBroken(subject, of)) return true;
  const declared = declaredIdentity(subject, of);
  if (declared.kind !== 'identity') return false;
  const access = pullAccess(of.roles, registry, declared.principalId, '');
  // A condition that leaves out a repository without a name says nothing: which images the app wants there is not known.
  return !registry.armAudience || (access.answer === 'cannot' && access.excluded === undefined);
}

/** The evidence with what was read of this registry, and with nothing of another one. */
function factsAbout(subject: Target, evidence: Evidence): Evidence {
  const {
    registry: _registry,
    roles: _roles,
    token: _token,
    endpoints: _endpoints,
    zones: _zones,
    ...shared
  } = evidence;
  return { ...shared, ...factsOfEntry(subject, shared) };
}
