// What a scenario file says of environments and of the apps in them.
import { z } from 'zod';

import { anyIp, groupName, name, region } from './words.ts';

/** A managed environment. */
export const environment = z.strictObject({
  name,
  group: groupName.default('rg-apps'),
  logs: z.enum(['log-analytics', 'azure-monitor', 'none']).default('log-analytics'),
  /** The VNet that the environment lives in; none means a network of Azure's own. */
  vnet: name.optional(),
  /** The subnet of that VNet; it needs no entry there unless something is special about it. */
  subnet: name.default('snet-apps'),
  /** An environment of the Express kind has no VNet of its own; each of its apps may leave by a subnet. */
  express: z.boolean().default(false),
  systemIdentity: z.boolean().default(false),
  /** Where it is; by default where everything is. */
  region: region.optional(),
  /** The address by which the environment leaves, for registries with IP rules. */
  egressIp: anyIp.default('20.50.60.70'),
});

const container = z.strictObject({
  name: name.default('app'),
  image: z.string(),
  /** Runs to its end before the others start; its image is pulled all the same. */
  init: z.boolean().default(false),
});

/** What the app says about one registry: an identity's name, `system`, `system-environment`; or a user name and a secret. */
export const registryEntry = z.strictObject({
  server: z.string().min(1),
  identity: z.string().optional(),
  username: z.string().optional(),
  passwordSecretRef: z.string().optional(),
});

/** A secret of an app; one that is not valid holds a password that was rotated. */
export const secret = z.strictObject({
  name,
  valid: z.boolean().default(true),
  /** Which password of a token it holds. */
  password: z.enum(['password1', 'password2']).default('password1'),
  /** A Key Vault holds it, and this identity of the app reads it there: a user-assigned identity's name, or `system`. */
  keyVault: z.strictObject({ vault: name, identity: z.string() }).optional(),
});

/** A container app with its template. */
export const app = z.strictObject({
  name,
  /** How many apps like this one there are, with the names `NAME-1`, `NAME-2` and so on. */
  copies: z.int().min(1).max(100).optional(),
  group: groupName.default('rg-apps'),
  environment: name,
  containers: z.array(container).min(1),
  /** Which identity pulls: a user-assigned identity's name, `system` or `system-environment`. */
  pullIdentity: z.string().optional(),
  /** Registries that the app declares; by default those of its images that exist here, with `pullIdentity`. */
  registries: z.array(registryEntry).optional(),
  secrets: z.array(secret).default([]),
  /** Further user-assigned identities that the app has and does not pull with. */
  identities: z.array(name).default([]),
  /** False: its registry entries name an identity that the app does not have. */
  pullIdentityAssigned: z.boolean().default(true),
  /** Whether it has an identity of its own even if it does not pull with that. */
  systemIdentity: z.boolean().default(false),
  /** In an Express environment: the subnet that the app leaves by. */
  outbound: z.strictObject({ vnet: name, subnet: name.default('snet-apps') }).optional(),
  minReplicas: z.int().min(0).max(10).default(1),
  revisionMode: z.enum(['Single', 'Multiple']).default('Single'),
  /** `running`: it was deployed long ago and serves. `later`: an event deploys it. `now`: it is deployed as time begins. */
  deployed: z.enum(['now', 'running', 'later']).default('now'),
  /** Whether the control plane tries the pull of a new image reference first, and fails the write if it fails. */
  validated: z.boolean().default(false),
  /** Its pulls fail with this row until an event ends that, and nothing in the world is the cause. */
  pullFails: z
    .strictObject({
      reason: z.string().default('ContainerTerminated'),
      type: z.string().default('Warning'),
      text: z.string().min(1),
    })
    .optional(),
  /** Its replicas are wanted and never made, with this row, until an event ends that. */
  notScheduled: z
    .strictObject({
      reason: z.string().default('AssigningReplicaFailed'),
      type: z.string().default('Warning'),
      text: z.string().min(1),
    })
    .optional(),
  /** Its pull failures write no rows: the last that is heard of a replica is that it pulls. */
  silent: z.boolean().default(false),
  /** False: Azure refuses to restart its revisions. */
  restartable: z.boolean().default(true),
});

/** What every other workload declares as an app does. */
export const declaredAsApp = app.pick({
  name: true,
  group: true,
  containers: true,
  pullIdentity: true,
  registries: true,
  secrets: true,
  identities: true,
  pullIdentityAssigned: true,
  systemIdentity: true,
}).shape;
