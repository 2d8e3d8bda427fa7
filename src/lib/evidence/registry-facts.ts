// Facts of a registry.

import type { ArmId } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import type { DnsZoneFacts, EndpointFacts } from './network-facts.ts';
import type { AssignmentFacts } from './role-facts.ts';

export interface RegistryFacts {
  readonly id: ArmId;
  readonly loginServer: string;
  /** The home region, in the spelling of ARM: `westeurope`. */
  readonly location: string;
  readonly sku: string;
  readonly roleMode: 'legacy' | 'abac' | 'unknown';
  /** `perimeter`: a network security perimeter decides who gets in, and its rules are not read. `unknown`: a setting that is new to us. */
  readonly publicAccess: 'open' | 'closed' | 'perimeter' | 'unknown';
  readonly defaultAction: 'allow' | 'deny';
  readonly ipRules: readonly string[];
  /** Whether tokens with the ARM audience are accepted; Container Apps needs them for identity pulls. */
  readonly armAudience: boolean;
  /** Whether layers come from the registry's own data endpoints; without them they come from Azure Storage. */
  readonly dataEndpoints: boolean;
  /** Whether the admin user may sign in; absent where ARM does not say. */
  readonly adminUser?: boolean;
  /** True if the registry allows anonymous pulls. Absent if ARM does not say. */
  readonly anonymousPull?: boolean;
  /** True if trusted services of Azure pass the firewall of the registry. Absent if ARM does not say. */
  readonly trustedServices?: boolean;
  readonly endpoints: readonly { readonly id: ArmId; readonly status: string }[];
  /** The tag `pullmedic=deny`: it can only narrow. */
  readonly denied: boolean;
}

/** Whether the registry has the image, asked with our own rights: a refusal of us says nothing about the app. */
export type ManifestFacts =
  /** `platforms`: those that the manifest names, as `linux/arm64`. Absent where it names none, or was not asked about them. */
  | { readonly state: 'exists'; readonly platforms?: readonly string[] }
  | {
      readonly state: 'missing';
      readonly what: 'tag' | 'repository' | 'digest';
      readonly tags: readonly string[];
      /** The tags could not be listed: then the registry may lack the whole repository. */
      readonly unlisted?: true;
    };

/**
 * A rule by which the registry fetches images of another registry and keeps copies of them. Source: REST specification of
 * registries/cacheRules and registries/credentialSets.
 */
export interface CacheRuleFacts {
  readonly name: string;
  /** Where the images come from, with its host: `docker.io/library/ubuntu`. A `*` at the end stands for any rest. */
  readonly source: string;
  /** The repository of this registry that holds the copies, in the same form without a host. */
  readonly target: string;
  /** The credentials for the other registry; absent where the rule fetches without any. */
  readonly credentials?: CacheCredentialFacts;
}

export interface CacheCredentialFacts {
  readonly name: string;
  readonly health: 'healthy' | 'unhealthy' | 'unknown';
  /** What the registry says of unhealthy ones. */
  readonly error?: string;
}

/** A token of the registry's own, as ARM shows it: never the passwords themselves. */
export interface TokenFacts {
  readonly enabled: boolean;
  /** One without an end does not expire. Milliseconds. */
  readonly passwords: readonly { readonly name: string; readonly expiresAtMs?: number }[];
}

/** A write of the registry, from the Activity Log. */
export interface RegistryChange {
  readonly atMs: number;
  readonly by: string;
}

/** What was read for one entry of an app: its registry, and there the roles of the identity or the token that the entry names. */
export interface EntryFacts {
  /** The host of the registry, lower case. */
  readonly server: string;
  readonly registry: Fact<RegistryFacts | 'not-found'>;
  readonly roles?: Fact<readonly AssignmentFacts[]>;
  readonly token?: Fact<TokenFacts | 'none'>;
  /** Only where the registry has a private endpoint and the app leaves by a network. */
  readonly endpoints?: Fact<readonly EndpointFacts[]>;
  readonly zones?: Fact<readonly DnsZoneFacts[]>;
}
