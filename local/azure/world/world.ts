// What a scenario file says: the schema of the world, with defaults that keep files short, and of the events in it.
// Not here: the state that the world begins with (`model/`), and what an event does (`happenings/`).
import { z } from 'zod';
import { alertRule, logAlertRule } from './alert-rules.ts';
import { app, environment } from './apps.ts';
import { containerGroup } from './container-groups.ts';
import { durationOr } from './duration.ts';
import { customRole, denyAssignment, group, identity, keyVault, roleAssignment, virtualMachine } from './identities.ts';
import { imageSize } from './image-size.ts';
import { job } from './jobs.ts';
import { dnsZone, vnet } from './networks.ts';
import { publicRegistry, registry } from './registries.ts';

const delays = z.strictObject({
  rolePropagation: durationOr('4m'),
  /** The same where a group holds the role. */
  groupPropagation: durationOr('24h'),
  logIngestion: durationOr('75s'),
  /** How long until an entry of the Activity Log can be read. */
  activityLog: durationOr('2m'),
  /** How long each answer of Azure takes on virtual time. Without it nothing could happen while a look is under way. */
  answers: durationOr('80ms'),
});

/** The world of a scenario. */
export const worldSchema = z.strictObject({
  start: z.iso.datetime().default('2026-06-01T02:00:00Z'),
  subscription: z.guid().default('5f0c1d2e-0000-4000-8000-000000000001'),
  tenant: z.guid().default('7e0c1d2e-0000-4000-8000-000000000002'),
  location: z.string().default('westeurope'),
  /** Every app and every job is in one. Container groups are in none. */
  environments: z.array(environment).default([]),
  vnets: z.array(vnet).default([]),
  registries: z.array(registry).default([]),
  /**
   * Registries outside of Azure that fail or limit pulls. All other hosts outside of Azure answer. A host of Azure's own registries
   * answers only if `registries` declares it.
   */
  publicRegistries: z.array(publicRegistry).default([]),
  /** Sizes of images, by their whole reference. Others have 200 to 600 MB, which a node pulls in 20 to 60 seconds. */
  imageSizes: z.record(z.string(), imageSize).default({}),
  /** The one platform that an image of a registry here was built for, by its whole reference. Others are for linux/amd64. */
  imagePlatforms: z.record(z.string(), z.enum(['linux/arm64', 'windows/amd64'])).default({}),
  dnsZones: z.array(dnsZone).default([]),
  identities: z.array(identity).default([]),
  groups: z.array(group).default([]),
  customRoles: z.array(customRole).default([]),
  roleAssignments: z.array(roleAssignment).default([]),
  denyAssignments: z.array(denyAssignment).default([]),
  apps: z.array(app).default([]),
  jobs: z.array(job).default([]),
  containerGroups: z.array(containerGroup).default([]),
  keyVaults: z.array(keyVault).default([]),
  virtualMachines: z.array(virtualMachine).default([]),
  alertRules: z.array(alertRule).default([logAlertRule.parse({})]),
  eventGrid: z.enum(['event-grid-schema', 'cloud-events', 'off']).default('cloud-events'),
  /** The share of events that arrive twice. */
  eventGridDuplicates: z.number().min(0).max(1).default(0),
  /** Events are late by up to so much, each by another amount: they overtake each other. */
  eventGridJitter: durationOr('0s'),
  delays: delays.prefault({}),
  /** How many entries an hour the Activity Log has of roles that automation of other teams assigns and removes. */
  roleChangesPerHour: z.number().min(0).max(200).default(0),
  /** How many apps or revisions a page of a list has. Azure's own number is not documented; a small one makes several pages. */
  pageSize: z.int().min(1).max(1000).default(100),
});

/** A world as it was read, with every default filled in. */
export type World = z.infer<typeof worldSchema>;
