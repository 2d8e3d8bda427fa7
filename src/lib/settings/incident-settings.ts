// The settings of the incident systems and of the routes to them. A secret is never in the settings: they name the app setting that holds
// it, which is a Key Vault reference in the templates.

import * as z from 'zod';
import { parseArmId } from '../words/arm-id.ts';

/** The name of an app setting whose value is a secret: a key, a token, or an address that holds a key. */
const settingName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,127}$/, 'is not the name of an app setting (letters, digits and _)');

/** An address that is no secret. Loopback is allowed without TLS, for a local run. */
export const address = z.string().refine(isAddress, 'is not an https address');

/** The address of a system, to which the paths of its API are added. */
const host = address.transform((text) => text.replace(/\/+$/, ''));

function isAddress(text: string): boolean {
  return (
    URL.canParse(text) &&
    /^(?:https:\/\/[^\s/?#@]+|http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?)(?:[/?#]\S*)?$/.test(text)
  );
}

/**
 * Only a topic of Event Grid gets a token of pullmedic's identity. Source of the domains: Microsoft Learn, "Azure Private Endpoint private
 * DNS zone values", rows of Event Grid.
 */
const topicEndpoint = /^https:\/\/[a-z0-9][a-z0-9.-]*\.eventgrid\.azure\.(?:net|us|cn)\/api\/events$/;

const workspaceId =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w().-]+\/providers\/Microsoft\.Monitor\/accounts\/[\w-]+$/i;

/**
 * One schema a kind of system. Names ending in `From` name an app setting that holds the value. A new kind adds its schema here, in
 * alphabetical order.
 */
const kinds = [
  z.strictObject({
    kind: z.literal('azure-monitor-issue'),
    /** The resource id of an Azure Monitor workspace. */
    workspace: z.string().regex(workspaceId, 'is not the resource id of an Azure Monitor workspace'),
  }),
  z.strictObject({
    kind: z.literal('eventgrid'),
    /** The endpoint of the topic. Its schema has to be `CloudEventSchemaV1_0`. */
    url: z.string().regex(topicEndpoint, 'is not the endpoint of an Event Grid topic (https://…/api/events)'),
    /** The resource id of the topic, from which the templates give pullmedic the role EventGrid Data Sender there. */
    topic: z
      .string()
      .refine((text) => parseArmId(text) !== undefined, 'is not a resource id')
      .optional(),
    /** False: it hears of incidents alone. A subscription can also choose by the type of an event. */
    remediations: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal('github'),
    /** For an Enterprise Server: `https://HOST/api/v3`. */
    url: host.default('https://api.github.com'),
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'is not OWNER/NAME'),
    label: z.string().min(1).max(50).default('pullmedic'),
    tokenFrom: settingName,
  }),
  z.strictObject({
    kind: z.literal('jira'),
    url: host,
    /** The e-mail address of the account that the token belongs to. */
    user: z.string().min(1),
    tokenFrom: settingName,
    project: z.string().regex(/^[A-Z][A-Z0-9_]{1,99}$/, 'is not the key of a project'),
    issueType: z.string().min(1).default('Task'),
    /** Names of transitions of the workflow. */
    resolveBy: z.string().min(1).default('Done'),
    reopenBy: z.string().min(1).default('To Do'),
    /** The resolution of an issue that people do not want to be opened again. */
    wontFix: z.string().min(1).default("Won't Do"),
  }),
  z.strictObject({
    kind: z.literal('jsm'),
    url: host.default('https://api.atlassian.com'),
    apiKeyFrom: settingName,
  }),
  z.strictObject({
    kind: z.literal('pagerduty'),
    /** For an account in the EU: `https://events.eu.pagerduty.com`. */
    url: host.default('https://events.pagerduty.com'),
    routingKeyFrom: settingName,
  }),
  z.strictObject({
    kind: z.literal('servicenow'),
    url: host,
    user: z.string().min(1),
    passwordFrom: settingName,
    /** A value of the list `close_code` of the instance. */
    closeCode: z.string().min(1).default('Solution provided'),
    /** Fields of each incident that is opened, such as `assignment_group` and `caller_id`. */
    fields: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,79}$/, 'is not the name of a field'), z.string()).default({}),
  }),
  z.strictObject({
    kind: z.literal('slack'),
    /** For GovSlack: `https://slack-gov.com`. */
    url: host.default('https://slack.com'),
    channel: z.string().regex(/^[CG][A-Z0-9]{6,}$/, 'is not the id of a channel (its details in Slack show it)'),
    tokenFrom: settingName,
  }),
  z.strictObject({
    kind: z.literal('teams'),
    /** The address of the flow holds its signature. */
    urlFrom: settingName,
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    /** Either the address, or the app setting that holds it because it contains a key. */
    url: address.optional(),
    urlFrom: settingName.optional(),
    /** Secret of Standard Webhooks, `whsec_` and base64; several while keys are exchanged, the newest first. */
    secretsFrom: z.array(settingName).min(1).max(3),
    /** True: it hears of every remediation too, also of those that need no person. */
    remediations: z.boolean().default(false),
  }),
] as const;

const system = z.discriminatedUnion('kind', kinds).superRefine((chosen, context) => {
  if ('urlFrom' in chosen || 'url' in chosen) {
    const { url, urlFrom } = chosen as { url?: string; urlFrom?: string };
    if ((url === undefined) === (urlFrom === undefined))
      context.addIssue({ code: 'custom', message: 'needs either url or urlFrom' });
  }
});

/** What the settings say of one system. */
export type SystemSettings = z.infer<typeof system>;

const names = z.array(z.string().min(1)).min(1).max(100);
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day (HH:MM)');
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof days)[number];

const hours = z.strictObject({
  /** Where `from` is later than `to`, the time goes over midnight. Both the same: the whole day. */
  from: time.default('00:00'),
  to: time.default('00:00'),
  /** The days on which the time begins. */
  days: z
    .array(z.enum(days))
    .min(1)
    .default([...days]),
  /** A name of the IANA time zone database, such as `Europe/Berlin`. */
  zone: z.string().default('UTC').refine(isZone, 'is not the name of a time zone'),
});
export type Hours = z.infer<typeof hours>;

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}

const families = ['identity', 'network', 'image', 'registry', 'deployment', 'unexplained'] as const;
const owners = ['app team', 'registry owner', 'network team', 'Microsoft'] as const;
const severities = ['low', 'medium', 'high', 'critical'] as const;

const route = z.strictObject({
  /** The names of systems. An empty list: such an incident is told to nobody, on purpose. */
  to: z.array(z.string()),
  /** All that is given must hold; of a list, one. Without conditions the route takes every incident. */
  when: z
    .strictObject({
      family: z.array(z.enum(families)).min(1).optional(),
      cause: names.optional(),
      owner: z.array(z.enum(owners)).min(1).optional(),
      severity: z.array(z.enum(severities)).min(1).optional(),
      registry: z.array(z.string().min(1).toLowerCase()).min(1).optional(),
      subscription: z.array(z.guid().toLowerCase()).min(1).optional(),
      /** Names or ids of environments of Container Apps. */
      environment: z.array(z.string().min(1).toLowerCase()).min(1).optional(),
      hours: hours.optional(),
    })
    .default({}),
});
export type Route = z.infer<typeof route>;

const systemName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'is not a name (lower-case letters, digits and -)');

export const incidentSettings = z
  .strictObject({
    /** True if the mode observe tells the systems too. */
    inObserve: z.boolean().default(false),
    /** The address of the function app. By default the one that the platform gives it. */
    page: address.transform((text) => text.replace(/\/+$/, '')).optional(),
    /** The address of the folder with a page for each cause. */
    runbooks: address.transform((text) => text.replace(/\/+$/, '')).optional(),
    systems: z.record(systemName, system).default({}),
    routes: z.array(route).max(100).default([]),
  })
  .superRefine(({ systems, routes }, context) => {
    const known = Object.keys(systems);
    const used = new Set(routes.flatMap(({ to }) => to));
    for (const [at, { to }] of routes.entries())
      for (const name of to.filter((one) => !known.includes(one)))
        context.addIssue({ code: 'custom', path: ['routes', at, 'to'], message: `${name} is not a system` });
    for (const name of known.filter((one) => routes.length > 0 && !used.has(one)))
      context.addIssue({ code: 'custom', path: ['systems', name], message: 'is in no route' });
  });

export type IncidentSettings = z.infer<typeof incidentSettings>;

/** True if the system hears of remediations, too, and not of incidents alone. */
export function hearsOfRemediations(systems: IncidentSettings['systems'], name: string): boolean {
  const system = systems[name];
  return system !== undefined && 'remediations' in system && system.remediations;
}

/** The app settings that the systems take their secrets and secret addresses from. */
export function settingsNamedBy(systems: IncidentSettings['systems']): readonly string[] {
  const named = Object.values(systems).flatMap((one) =>
    Object.entries(one).flatMap(([member, value]) => (member.endsWith('From') ? [value].flat() : [])),
  );
  return [...new Set(named.map(String))];
}
