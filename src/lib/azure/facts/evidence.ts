// The read-only probes. Each one returns facts in pullmedic's own types. An error of Azure becomes an unreadable fact, never an empty one.

import { doubtsPlatform } from '../../diagnosis/text-claims.ts';
import type { Evidence, Probe } from '../../evidence/evidence.ts';
import { registryOf } from '../../evidence/evidence.ts';
import { readsOnce } from '../../evidence/once.ts';
import type { LookContext } from '../../evidence/reads.ts';
import type { ManifestFacts } from '../../evidence/registry-facts.ts';
import type { Fact } from '../../words/fact.ts';
import { unreadable } from '../../words/fact.ts';
import { parseImageRef } from '../../words/image-ref.ts';
import type { Target } from '../../words/target.ts';
import { kindOf } from '../../workloads/workloads.ts';
import type { Clients } from '../clients/clients.ts';
import { counted } from '../clients/clients.ts';
import { withinLimits } from '../clients/reading.ts';
import { readChanges, readWrites } from './activity-log.ts';
import { readCacheRules } from './cache-rules.ts';
import { readManifest } from './data-plane.ts';
import { readEntries } from './entries.ts';
import { type AsksFederated, readHolders } from './holders.ts';
import { type KindReaders, kindReaders, type WorkloadQuestion } from './kinds.ts';
import { readEndpoints, readSubnet, readVnet, readZoneGroups, readZones } from './network-facts.ts';
import { readRegistry, readToken } from './registry-facts.ts';
import { readRemovals } from './removals.ts';
import { readDenials, readElsewhere, readIdentity, readRoles } from './roles.ts';
import { readVault } from './vault-facts.ts';

/** The input of a probe. */
interface Question extends WorkloadQuestion {
  /** The subscriptions of the settings: queries over many resources stay within these. */
  readonly subscriptions: readonly string[];
}

/** Where probes read, which is the same for all of them. */
export interface ProbeSource extends Pick<Question, 'clients' | 'subscriptions'> {
  /** Without it, nobody is asked which workflows sign in as an identity. */
  readonly asksFederated?: AsksFederated;
}

/** Reads the facts of one probe. Without a look it is a read by itself. */
type ReadProbe = (
  probe: Probe,
  target: Target,
  soFar: Evidence,
  logsSinceMs: number,
  look?: Pick<LookContext, 'maySend' | 'once'>,
) => Promise<{ facts: Partial<Evidence>; calls: number }>;

/**
 * The probes of one source. Each reads its facts while the look may send requests, and counts the requests. If a probe cannot be asked yet,
 * its facts are unreadable (`not-asked`). A failure of Azure does not throw: it gives an unreadable fact.
 */
export function probesOf({ clients, subscriptions, asksFederated }: ProbeSource): ReadProbe {
  return async (probe, target, soFar, logsSinceMs, look) => {
    const question: Question = { clients, subscriptions, target, soFar, logsSinceMs, once: look?.once ?? readsOnce() };
    const { value, calls } = await counted(
      async (): Promise<Partial<Evidence>> =>
        probe === 'holders'
          ? readHolders(clients, target, soFar, asksFederated)
          : { [probe]: (await readers[probe](question)) ?? unreadable('not-asked') },
      look?.maySend,
    );
    return { facts: limited(value), calls };
  };
}

/** Limits the size of every fact that goes into the history. Log rows are not stored, so they have no limit here. */
function limited({ atMs: _atMs, logs, ...facts }: Partial<Evidence>): Partial<Evidence> {
  const kept = Object.entries(facts).map(([name, fact]) => [name, withinLimits<unknown>(fact)] as const);
  return { ...(Object.fromEntries(kept) as Partial<Evidence>), ...(logs === undefined ? {} : { logs }) };
}

function readersFor({ target }: Question): KindReaders {
  return kindReaders[kindOf(target.appId).kind];
}

async function readImage(clients: Clients, target: Target, evidence: Evidence): Promise<Fact<ManifestFacts>> {
  const registry = registryOf(evidence);
  const image = parseImageRef(target.image);
  if (registry === undefined || image === undefined) return unreadable('not-asked');
  return readManifest(clients, registry.loginServer, image, doubtsPlatform(target, evidence));
}

/** The reader of each fact but the holders. It returns `undefined` if the resource to read is not known yet. */
const readers: { readonly [Name in Exclude<Probe, 'holders'>]: (question: Question) => Promise<Evidence[Name]> } = {
  app: (question) => readersFor(question).declared(question),
  revisions: (question) => readersFor(question).runs(question),
  replicas: (question) => readersFor(question).replicas(question),
  environment: (question) => readersFor(question).place(question),
  logs: (question) => readersFor(question).logs(question),
  registry: ({ clients, subscriptions, target }) => readRegistry(clients, subscriptions, target),
  roles: ({ clients, target, soFar }) => readRoles(clients, target, soFar),
  denials: ({ clients, soFar }) => readDenials(clients, soFar),
  elsewhere: ({ clients, subscriptions, target, soFar }) => readElsewhere(clients, subscriptions, target, soFar),
  identity: ({ clients, target, soFar }) => readIdentity(clients, target, soFar),
  vnet: ({ clients, soFar }) => readVnet(clients, soFar),
  zones: ({ clients, subscriptions, soFar }) => readZones(clients, subscriptions, soFar),
  endpoints: ({ clients, soFar }) => readEndpoints(clients, soFar),
  zoneGroups: ({ clients, soFar }) => readZoneGroups(clients, soFar),
  subnet: ({ clients, soFar }) => readSubnet(clients, soFar),
  writes: ({ clients, target, logsSinceMs }) => readWrites(clients, target.appId, logsSinceMs),
  removals: async ({ clients, soFar }) => {
    const registry = registryOf(soFar);
    return registry && readRemovals(clients, registry, Date.now());
  },
  changes: async ({ clients, soFar }) => {
    const registry = registryOf(soFar);
    return registry && readChanges(clients, registry, Date.now());
  },
  token: ({ clients, target, soFar }) => readToken(clients, target, soFar),
  entries: ({ clients, subscriptions, target, soFar }) => readEntries(clients, subscriptions, target, soFar),
  vault: ({ clients, subscriptions, target, soFar }) => readVault(clients, subscriptions, target, soFar),
  cache: async ({ clients, soFar }) => {
    const registry = registryOf(soFar);
    return registry && readCacheRules(clients, registry.id);
  },
  manifest: ({ clients, target, soFar }) => readImage(clients, target, soFar),
};
