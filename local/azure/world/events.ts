// What a scenario file says of what happens in the world: the events, and when each of them is due.
import { z } from 'zod';
import { registryEntry, secret } from './apps.ts';
import { duration, durationOr } from './duration.ts';
import { roleAssignment, roleName } from './identities.ts';
import { securityRule } from './networks.ts';
import { publicRegistry, replica, tokenPassword } from './registries.ts';
import { ip, ipRule, name } from './words.ts';

const moments = ['pullmedic-grants', 'pullmedic-sees-it-stuck'] as const;

/** A moment that a scenario cannot know as a time, because it depends on pullmedic. */
export type Moment = (typeof moments)[number];

/** What every event may say of itself. */
const happens = {
  at: duration.optional(),
  /**
   * Instead of a time, and once. `pullmedic-grants`: just before pullmedic's first role assignment (to that principal, where the event names
   * one), as a pipeline that wins the race. `pullmedic-sees-it-stuck`: just after pullmedic read the replicas of a revision that does not
   * serve and could pull by now.
   */
  when: z.enum(moments).optional(),
  /** Who does it: a person's address, or the object id of a pipeline's identity. */
  by: z.union([z.email(), z.guid()]).optional(),
};

const service = z.enum(['management', 'logs', 'registry', 'graph', 'identity']);

const anyEvent = z.discriminatedUnion('do', [
  z.strictObject({ ...happens, do: z.literal('deploy'), app: name, image: z.string().optional() }),
  /** The app is written, and Azure rejects the write with this text: no revision is made. */
  z.strictObject({
    ...happens,
    do: z.literal('reject-deploy'),
    app: name,
    image: z.string().optional(),
    code: z
      .string()
      .regex(/^[A-Za-z0-9]{1,80}$/)
      .default('ContainerAppOperationError'),
    text: z.string().min(1),
  }),
  /** From now on the app's pulls fail with this row, or, without a text, as the world says. */
  z.strictObject({ ...happens, do: z.literal('make-room'), app: name }),
  z.strictObject({ ...happens, do: z.literal('set-pull-failure'), app: name, text: z.string().min(1).optional() }),
  z.strictObject({ ...happens, do: z.literal('assign-role'), ...roleAssignment.omit({ age: true }).shape }),
  z.strictObject({
    ...happens,
    do: z.literal('remove-role'),
    role: roleName,
    principal: z.string(),
    on: z.string(),
  }),
  z.strictObject({
    ...happens,
    do: z.literal('link-dns'),
    zone: z.string().default('privatelink.azurecr.io'),
    vnet: name,
  }),
  z.strictObject({
    ...happens,
    do: z.literal('unlink-dns'),
    zone: z.string().default('privatelink.azurecr.io'),
    vnet: name,
  }),
  z.strictObject({
    ...happens,
    do: z.literal('set-dns-record'),
    zone: z.string().default('privatelink.azurecr.io'),
    record: z.string(),
    ip,
  }),
  /** The network team gives the registry's private endpoint a zone group, which writes its records. */
  z.strictObject({
    ...happens,
    do: z.literal('add-zone-group'),
    registry: name,
    zone: z.string().default('privatelink.azurecr.io'),
  }),
  /** A rule of a subnet's security group is written; one of the same name is replaced. */
  z.strictObject({
    ...happens,
    do: z.literal('set-security-rule'),
    vnet: name,
    subnet: name.default('snet-apps'),
    ...securityRule.shape,
  }),
  z.strictObject({ ...happens, do: z.literal('push-tag'), registry: name, repository: z.string(), tag: z.string() }),
  z.strictObject({ ...happens, do: z.literal('delete-tag'), registry: name, repository: z.string(), tag: z.string() }),
  z.strictObject({
    ...happens,
    do: z.literal('set-registry'),
    registry: name,
    roleMode: z.enum(['LegacyRegistryPermissions', 'AbacRepositoryPermissions']).optional(),
    publicNetworkAccess: z.enum(['Enabled', 'Disabled']).optional(),
    defaultAction: z.enum(['Allow', 'Deny']).optional(),
    ipRules: z.array(ipRule).optional(),
    armAudience: z.enum(['enabled', 'disabled']).optional(),
    adminUserEnabled: z.boolean().optional(),
    trustedServices: z.boolean().optional(),
  }),
  /** The owner of the registry repairs or spoils the credentials of its cache rules. */
  z.strictObject({
    ...happens,
    do: z.literal('set-cache-credentials'),
    registry: name,
    credentials: name,
    healthy: z.boolean(),
  }),
  /** The owner of the registry copies it to one more region. */
  z.strictObject({ ...happens, do: z.literal('add-replica'), registry: name, ...replica.shape }),
  /** The owner of the registry switches a token on or off, or makes new passwords for it. The times of a password count from the start. */
  z.strictObject({
    ...happens,
    do: z.literal('set-token'),
    registry: name,
    token: z.string(),
    enabled: z.boolean().optional(),
    passwords: z.array(tokenPassword).max(2).optional(),
  }),
  /** The app team changes the registry entries or the secrets of the app. */
  z.strictObject({
    ...happens,
    do: z.literal('configure-app'),
    app: name,
    registries: z.array(registryEntry).optional(),
    secrets: z.array(secret).optional(),
  }),
  /** The app is deleted, with all its revisions. */
  z.strictObject({ ...happens, do: z.literal('delete-app'), app: name }),
  /** The active revisions of the app are deactivated: their replicas go, the template stays. */
  z.strictObject({ ...happens, do: z.literal('deactivate'), app: name }),
  /** The owner of the registry approves its private endpoint. */
  z.strictObject({ ...happens, do: z.literal('approve-endpoint'), registry: name }),
  /** A user-assigned identity is deleted; its roles and its place on apps stay behind. */
  z.strictObject({ ...happens, do: z.literal('delete-identity'), identity: name }),
  /** From now on a registry outside of Azure gives another answer. */
  z.strictObject({ ...happens, do: z.literal('set-public-registry'), ...publicRegistry.shape }),
  /** From now on the app's containers start and exit, writing this text. */
  z.strictObject({ ...happens, do: z.literal('crash'), app: name, text: z.string() }),
  z.strictObject({
    ...happens,
    do: z.literal('write-log-row'),
    app: name,
    reason: z.string(),
    type: z.string().default('Warning'),
    text: z.string(),
  }),
  z.strictObject({ ...happens, do: z.literal('scale'), app: name, replicas: z.int().min(0).max(10) }),
  /** The platform tries at once again to pull for the replicas of the app's active revisions that wait. */
  z.strictObject({ ...happens, do: z.literal('pull'), app: name }),
  /** An execution of the job begins: a person starts it, or an event that its rule counts. */
  z.strictObject({ ...happens, do: z.literal('start-job'), app: name }),
  /** A person suspends the job, or resumes it (`on: false`). */
  z.strictObject({ ...happens, do: z.literal('suspend-job'), app: name, on: z.boolean().default(true) }),
  /** A person restarts a container group: every image is pulled anew. */
  z.strictObject({ ...happens, do: z.literal('restart-group'), app: name }),
  /** A person stops a container group, or starts one that was stopped or has ended. */
  z.strictObject({ ...happens, do: z.enum(['start-group', 'stop-group']), app: name }),
  /** The caller cancels a write of the app. */
  z.strictObject({ ...happens, do: z.literal('cancel-deploy'), app: name }),
  /**
   * A log alert fires for the app, whatever the logs say; `again` sends the last one of this app once more, `underIdOf` one that never
   * fired, under the id of the last alert of another app.
   */
  z.strictObject({
    ...happens,
    do: z.literal('fire-alert'),
    app: name,
    rule: name.optional(),
    again: z.boolean().default(false),
    underIdOf: name.optional(),
  }),
  /** An administrator presses "Test action group" in the portal. */
  z.strictObject({ ...happens, do: z.literal('send-test-alert') }),
  /** A person answers what pullmedic asks about this app: from this moment on, as soon as something is asked. */
  z.strictObject({
    at: duration,
    do: z.enum(['approve', 'reject']),
    app: name,
    /** `first`: the question that was asked first, as a person answers who read it and not what came after. By default the open one. */
    question: z.enum(['open', 'first']).default('open'),
    /** The incident system in which the person reads the question: they answer on the page that its message links. */
    from: name.optional(),
    by: z.string().default('anna@contoso.example'),
  }),
  /** A person has a question about this app asked again that expired: from this moment on, as soon as one has. */
  z.strictObject({
    at: duration,
    do: z.literal('ask-again'),
    app: name,
    by: z.string().default('anna@contoso.example'),
  }),
  /** A person has what pullmedic granted this app taken back: from this moment on, as soon as there is something. */
  z.strictObject({
    at: duration,
    do: z.literal('undo'),
    app: name,
    /** The person wants it although others may rely on the assignment. Without it pullmedic names them and removes nothing. */
    anyway: z.boolean().default(false),
    by: z.string().default('anna@contoso.example'),
  }),
  /** An operator of the on-call team asks for a look at this app. */
  z.strictObject({ at: duration, do: z.literal('ask-pullmedic'), app: name }),
  /** An operator throws pullmedic's kill switch, or lets go of it. */
  z.strictObject({
    at: duration,
    do: z.literal('kill-switch'),
    on: z.boolean().default(true),
    by: z.string().default('anna@contoso.example'),
  }),
  /** The service answers 429; how long to wait is in simulated seconds. */
  z.strictObject({
    ...happens,
    do: z.literal('throttle'),
    service,
    for: duration,
    retryAfter: z.int().min(1).default(5),
  }),
  /** A share of the service's answers is an error, and the requests have no effect. */
  z.strictObject({
    ...happens,
    do: z.literal('outage'),
    service,
    for: duration,
    status: z.int().min(500).max(599).default(503),
    share: z.number().min(0).max(1).default(1),
  }),
  /** Kills pullmedic's process and starts it again: what it was doing must go on. */
  z.strictObject({ at: duration, do: z.literal('kill-pullmedic'), for: durationOr('1m') }),
]);

/** One event: what happens, and either a time or a moment. */
export const eventSchema = anyEvent.superRefine((event, context) => {
  const times = [event.at, 'when' in event ? event.when : undefined].filter((one) => one !== undefined);
  if (times.length !== 1)
    context.addIssue({ code: 'custom', message: 'an event has either "at", a duration, or "when"', input: event });
});

/** An event as it was read. */
export type WorldEvent = z.infer<typeof eventSchema>;
