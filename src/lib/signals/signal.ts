// What arrived, validated. A signal is only a hint: it says where to look, never what to do.
import { z } from 'zod';
import type { AlertId, ArmId } from '../words/arm-id.ts';
import { isOfType, parentOfType, parseAlertId, parseArmId } from '../words/arm-id.ts';

export type About =
  | { readonly kind: 'app'; readonly id: ArmId }
  /** Log alerts name an app, not its id: the name is looked up within the configured scopes. */
  | { readonly kind: 'app-name'; readonly name: string; readonly environment?: string }
  /** Something that a cause may depend on was changed: remediations that wait for a person look again. */
  | { readonly kind: 'change'; readonly resource: ArmId }
  /** An image was pushed: remediations that wait for one of this repository look again. */
  | { readonly kind: 'pushed'; readonly registry: string; readonly repository: string };

export const vias = [
  'log-alert',
  'activity-alert',
  'resource-event',
  'registry-event',
  'operator',
  'schedule',
] as const;
export type Via = (typeof vias)[number];

/** The alert that a signal says it comes from. Whoever can send a signal can write any here: it is read from Azure before it means anything. */
export interface SignalAlert {
  readonly id: AlertId;
  /** The name of its rule, lower case. */
  readonly rule: string;
}

export interface Signal {
  /** The sender's own id: the same signal delivered twice has the same one. */
  readonly id: string;
  readonly via: Via;
  readonly about: About;
  readonly atMs: number;
  readonly revision?: string;
  /** Reason enough to look again at what is already going on, not to open anything: a resolved alert, a successful write. */
  readonly joinOnly?: boolean;
  /** Only of an alert that fired. */
  readonly alert?: SignalAlert;
}

export type Read =
  | { readonly ok: true; readonly signals: readonly Signal[] }
  | { readonly ok: false; readonly problem: string };

/** Bodies above this are refused before they are parsed. Azure Monitor caps its own at 256 KB. */
export const maxBodyBytes = 256 * 1024;
/** Alerts and events nest eight levels; what nests deeper than this is none of ours. */
const maxDepth = 24;

/** Whether a parsed body nests deeper than any payload that we read. Stops at the limit, so that its cost is bounded. */
export function isTooDeep(value: unknown, left = maxDepth): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((member) => isTooDeep(member, left - 1));
}

const tooDeep: Read = { ok: false, problem: `nests deeper than ${maxDepth} levels` };

const name = z.string().min(1).max(260);
const appName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,61}$/i);
const ruleName = z.string().regex(/^[^\p{C}]{1,260}$/u);
const instant = z.iso.datetime({ offset: true }).transform((text) => epochMs(text));

const alert = z.object({
  schemaId: z.literal('azureMonitorCommonAlertSchema'),
  data: z.object({
    essentials: z.object({
      alertId: z.string().min(1).max(1024),
      alertRule: z.string().max(1024).optional().catch(undefined),
      originAlertId: z.string().max(1024).optional(),
      monitorCondition: z.enum(['Fired', 'Resolved']),
      monitoringService: name,
      firedDateTime: instant,
    }),
    alertContext: z
      .object({
        // Activity-log alerts: the operation that failed, and the resource as its authorization names it.
        authorization: z.object({ scope: z.string().max(1024) }).nullish(),
        operationName: z.string().max(256).nullish(),
        status: z.string().max(64).nullish(),
        eventDataId: z.string().max(256).nullish(),
        condition: z
          .object({
            allOf: z
              .array(
                z.object({
                  dimensions: z
                    .array(z.object({ name, value: z.string().max(1024) }))
                    .max(50)
                    .nullish(),
                }),
              )
              .max(20),
          })
          .nullish(),
      })
      .nullish(),
  }),
});

const dimensionNames = {
  id: ['appid', 'resourceid', '_resourceid'],
  app: ['app', 'containerappname', 'containerappname_s'],
  environment: ['environment', 'environmentname', 'environmentname_s'],
  revision: ['revision', 'revisionname', 'revisionname_s'],
} as const;

/** Days since 1970-01-01 of a proleptic Gregorian date: the core has no clock and needs no `Date` to read a written instant. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

const instantPattern =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):?(\d{2}))$/;

/** Milliseconds since 1970 of an ISO 8601 instant with a zone. NaN when it is none. */
export function epochMs(text: string): number {
  const match = instantPattern.exec(text);
  if (match === null) return Number.NaN;
  const part = (index: number): number => Number(match[index] ?? 0);
  const days = daysFromCivil(part(1), part(2), part(3));
  const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offset = (match[8] === '-' ? -1 : 1) * (part(9) * 60 + part(10));
  return ((days * 24 + part(4)) * 60 + part(5) - offset) * 60_000 + part(6) * 1000 + millis;
}

export type Dimension = { name: string; value: string };

function dimension(dimensions: readonly Dimension[], names: readonly string[]): string | undefined {
  const found = dimensions.find((candidate) => names.includes(candidate.name.toLowerCase()));
  return found?.value.trim() || undefined;
}

/** Which app the dimensions of an alert name. */
export function aboutOf(dimensions: readonly Dimension[]): About | undefined {
  const id = parseArmId(dimension(dimensions, dimensionNames.id) ?? '');
  if (id !== undefined && isOfType(id, 'microsoft.app/containerapps')) return { kind: 'app', id };
  const app = appName.safeParse(dimension(dimensions, dimensionNames.app));
  if (!app.success) return undefined;
  const environment = appName.safeParse(dimension(dimensions, dimensionNames.environment));
  return {
    kind: 'app-name',
    name: app.data.toLowerCase(),
    ...(environment.success ? { environment: environment.data.toLowerCase() } : {}),
  };
}

type AlertData = z.infer<typeof alert>['data'];

/** The name of a rule: payloads have the name, ARM has the id. */
export function ruleNameOf(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1).toLowerCase();
}

function alertFrom(id: string, rule: string | undefined): Pick<Signal, 'alert'> {
  const alertId = parseAlertId(id);
  const named = ruleName.safeParse(rule);
  return alertId === undefined || !named.success ? {} : { alert: { id: alertId, rule: ruleNameOf(named.data) } };
}

/** A failed write of an app. The rule's own id stands in `alertId`, so the event's id tells one failure from the next. */
function failedWrite({ essentials, alertContext }: AlertData): Signal[] {
  const operation = alertContext?.operationName?.toLowerCase();
  if (operation !== 'microsoft.app/containerapps/write' || alertContext?.status?.toLowerCase() !== 'failed') return [];
  const resource = parseArmId(alertContext.authorization?.scope ?? '');
  const app = resource === undefined ? undefined : parentOfType(resource, 'containerapps');
  if (app === undefined) return [];
  const event = alertContext.eventDataId ?? essentials.originAlertId ?? String(essentials.firedDateTime);
  return [
    {
      id: `alert|${essentials.alertId}|${event}`,
      via: 'activity-alert',
      about: { kind: 'app', id: app },
      atMs: essentials.firedDateTime,
      ...alertFrom(essentials.alertId, essentials.alertRule),
    },
  ];
}

function fromConditions({ essentials, alertContext }: AlertData): Signal[] {
  const signals: Signal[] = [];
  for (const [index, condition] of (alertContext?.condition?.allOf ?? []).entries()) {
    const dimensions = condition.dimensions ?? [];
    const about = aboutOf(dimensions);
    if (about === undefined) continue;
    const revision = appName.safeParse(dimension(dimensions, dimensionNames.revision));
    signals.push({
      id: `alert|${essentials.alertId}|${essentials.monitorCondition}|${index}`,
      via: 'log-alert',
      about,
      atMs: essentials.firedDateTime,
      ...(revision.success ? { revision: revision.data } : {}),
      ...(essentials.monitorCondition === 'Resolved'
        ? { joinOnly: true }
        : alertFrom(essentials.alertId, essentials.alertRule)),
    });
  }
  return signals;
}

/**
 * Reads a body in the common alert schema: log alerts and activity-log alerts; any other alert says nothing to us. An alert that names no app (the portal's test alert among them) is no mistake: it has
 * no signals. Links in the payload are never followed, and its ids are read again from Azure before they mean anything.
 */
export function readAlert(body: unknown): Read {
  if (isTooDeep(body)) return tooDeep;
  const parsed = alert.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const { data } = parsed.data;
  const isActivity = data.essentials.monitoringService.toLowerCase().startsWith('activity log');
  return { ok: true, signals: isActivity ? failedWrite(data) : fromConditions(data) };
}

function problemOf(error: z.ZodError): string {
  const [first] = error.issues;
  return first === undefined ? 'unreadable' : `${first.path.join('.') || 'body'}: ${first.message}`.slice(0, 200);
}

const eventData = z.object({
  operationName: z.string().max(256),
  claims: z.object({ appid: z.string().max(128).optional() }).nullish(),
});

const event = z
  .object({
    id: z.string().min(1).max(256),
    subject: z.string().max(1024),
    // Event Grid's own schema says eventType and eventTime, CloudEvents says type and time.
    eventType: z.string().max(256).optional(),
    type: z.string().max(256).optional(),
    eventTime: z.string().max(64).optional(),
    time: z.string().max(64).optional(),
    data: eventData,
  })
  .transform((read) => ({
    id: read.id,
    subject: read.subject,
    type: read.eventType ?? read.type ?? '',
    atMs: epochMs(read.eventTime ?? read.time ?? ''),
    operation: read.data.operationName.toLowerCase(),
    callerClientId: read.data.claims?.appid?.toLowerCase(),
  }));

/** Operations after which a cause may have cleared, or may have begun. */
const changes = [
  'microsoft.authorization/roleassignments/write',
  'microsoft.authorization/roleassignments/delete',
  'microsoft.authorization/roledefinitions/write',
  'microsoft.managedidentity/userassignedidentities/write',
  'microsoft.network/privatednszones/virtualnetworklinks/write',
  'microsoft.network/privatednszones/virtualnetworklinks/delete',
  'microsoft.network/privatednszones/a/write',
  'microsoft.network/privatednszones/a/delete',
  'microsoft.network/privateendpoints/privatednszonegroups/write',
  'microsoft.network/virtualnetworks/virtualnetworkpeerings/write',
  'microsoft.network/azurefirewalls/write',
  'microsoft.network/firewallpolicies/rulecollectiongroups/write',
  'microsoft.network/virtualnetworks/write',
  'microsoft.network/virtualnetworks/subnets/write',
  'microsoft.network/networksecuritygroups/write',
  'microsoft.network/networksecuritygroups/securityrules/write',
  'microsoft.network/networksecuritygroups/securityrules/delete',
  'microsoft.network/routetables/write',
  'microsoft.network/routetables/routes/write',
  'microsoft.network/routetables/routes/delete',
  'microsoft.network/privateendpoints/write',
  'microsoft.containerregistry/registries/write',
  'microsoft.containerregistry/registries/privateendpointconnections/write',
  // Credentials that a registry gives out: what an app signs in with may be good again.
  'microsoft.containerregistry/registries/tokens/write',
  'microsoft.containerregistry/registries/generatecredentials/action',
  'microsoft.containerregistry/registries/regeneratecredential/action',
] as const;

/** Operations on an app after which a remediation of it may be over, or may go on. Only a failed write is news by itself. */
const appOperations = [
  'microsoft.app/containerapps/write',
  'microsoft.app/containerapps/delete',
  'microsoft.app/containerapps/start/action',
  'microsoft.app/containerapps/stop/action',
  'microsoft.app/containerapps/revisions/activate/action',
  'microsoft.app/containerapps/revisions/deactivate/action',
];

/** The changed resource, or what holds it where its own name is none that we read: the record `*` of a zone is a change of the zone. */
function readableOf(subject: string): ArmId | undefined {
  for (let text = subject, tries = 0; text !== '' && tries < 4; tries += 1) {
    const id = parseArmId(text);
    if (id !== undefined) return id;
    text = text.slice(0, Math.max(0, text.lastIndexOf('/')));
  }
  return undefined;
}

/** The operations whose events mean something here: what a subscription to events lets through. Lower case. */
export const eventOperations: readonly string[] = [...appOperations, ...changes];

function eventAbout(operation: string, subject: ArmId): About | undefined {
  if (appOperations.includes(operation)) {
    const app = parentOfType(subject, 'containerapps');
    return app === undefined ? undefined : { kind: 'app', id: app };
  }
  return changes.some((change) => change === operation) ? { kind: 'change', resource: subject } : undefined;
}

function resourceSignals(read: z.infer<typeof event>, ownClientId: string | undefined): readonly Signal[] {
  const { id, subject, type, atMs, operation, callerClientId } = read;
  const resource = readableOf(subject);
  const own = ownClientId !== undefined && callerClientId === ownClientId;
  const about = resource === undefined || own ? undefined : eventAbout(operation, resource);
  if (about === undefined) return [];
  // What was not done changes nothing; only a failed write of an app is news.
  const failed = type.endsWith('Failure') && !operation.endsWith('/action');
  if (about.kind === 'change' && !type.endsWith('Success')) return [];
  const joinOnly = about.kind === 'app' && !failed;
  return [{ id: `event|${id}`, via: 'resource-event', about, atMs, ...(joinOnly ? { joinOnly } : {}) }];
}

const registryEvent = z
  .object({
    id: z.string().min(1).max(256),
    eventTime: z.string().max(64).optional(),
    time: z.string().max(64).optional(),
    data: z.object({
      target: z.object({ repository: z.string().min(1).max(260) }),
      request: z.object({ host: z.string().min(1).max(260) }),
    }),
  })
  .transform((read) => ({
    id: read.id,
    atMs: epochMs(read.eventTime ?? read.time ?? ''),
    registry: read.data.request.host.toLowerCase(),
    repository: read.data.target.repository,
  }));

const eventType = z.object({ eventType: z.string().max(256).optional(), type: z.string().max(256).optional() });

function readRegistryEvent(body: unknown): Read {
  const parsed = registryEvent.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const { id, atMs, registry, repository } = parsed.data;
  if (Number.isNaN(atMs)) return { ok: false, problem: 'eventTime: not an instant' };
  const about = { kind: 'pushed', registry, repository } as const;
  return { ok: true, signals: [{ id: `event|${id}`, via: 'registry-event', about, atMs }] };
}

function readResourceEvent(body: unknown, ownClientId: string | undefined): Read {
  const parsed = event.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  if (Number.isNaN(parsed.data.atMs)) return { ok: false, problem: 'eventTime: not an instant' };
  return { ok: true, signals: resourceSignals(parsed.data, ownClientId) };
}

/**
 * Reads one event of either schema: resources of a subscription, and images of a registry. Events that our own writes raised, and
 * operations that tell us nothing (a deleted image among them: whoever needs it fails and says so), have no signals. A forged
 * caller id can only make us ignore a hint; the schedule looks all the same.
 */
export function readEvent(body: unknown, ownClientId: string | undefined): Read {
  if (isTooDeep(body)) return tooDeep;
  const kind = eventType.safeParse(body);
  const type = kind.success ? (kind.data.eventType ?? kind.data.type ?? '') : '';
  if (type === 'Microsoft.ContainerRegistry.ImagePushed') return readRegistryEvent(body);
  if (type.startsWith('Microsoft.Resources.Resource') || type === '') return readResourceEvent(body, ownClientId);
  return { ok: true, signals: [] };
}

const operatorSignal = z.strictObject({ app: z.string().max(1024), revision: appName.optional() });

/** Reads what an operator asks: `{"app": "<resource id>", "revision"?}`. Asking is no proof: what follows is a look like any other. */
export function readOperatorSignal(body: unknown, nowMs: number): Read {
  const parsed = operatorSignal.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const id = parseArmId(parsed.data.app);
  if (id === undefined || !isOfType(id, 'microsoft.app/containerapps'))
    return { ok: false, problem: 'app: not the resource id of a container app' };
  const { revision } = parsed.data;
  const signal: Signal = {
    id: `operator|${id}|${nowMs}`,
    via: 'operator',
    about: { kind: 'app', id },
    atMs: nowMs,
    ...(revision === undefined ? {} : { revision }),
  };
  return { ok: true, signals: [signal] };
}

const storedAbout = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('app'), id: z.string() }),
  z.object({ kind: z.literal('app-name'), name: appName, environment: appName.optional() }),
  z.object({ kind: z.literal('change'), resource: z.string() }),
  z.object({ kind: z.literal('pushed'), registry: z.string().max(260), repository: z.string().max(260) }),
]);

const stored = z.object({
  id: z.string().min(1).max(2048),
  via: z.enum(vias),
  about: storedAbout,
  atMs: z.number().finite(),
  revision: appName.optional(),
  joinOnly: z.boolean().optional(),
  alert: z.object({ id: z.string().max(1024), rule: z.string().max(260) }).optional(),
});

function knownAbout(about: z.infer<typeof storedAbout>): About | undefined {
  if (about.kind === 'pushed') return about;
  if (about.kind === 'app-name') {
    return {
      kind: 'app-name',
      name: about.name,
      ...(about.environment === undefined ? {} : { environment: about.environment }),
    };
  }
  const id = parseArmId(about.kind === 'app' ? about.id : about.resource);
  if (id === undefined) return undefined;
  return about.kind === 'app' ? { kind: 'app', id } : { kind: 'change', resource: id };
}

/** Reads a signal back from the queue. Whoever can write to the queue is not trusted more than whoever can send an alert. */
export function readQueuedSignal(message: unknown): Signal | undefined {
  const parsed = stored.safeParse(message);
  if (!parsed.success) return undefined;
  const about = knownAbout(parsed.data.about);
  if (about === undefined) return undefined;
  const { id, via, atMs, revision, joinOnly, alert } = parsed.data;
  return {
    id,
    via,
    atMs,
    about,
    ...(revision === undefined ? {} : { revision }),
    ...(joinOnly === undefined ? {} : { joinOnly }),
    ...(alert === undefined ? {} : alertFrom(alert.id, alert.rule)),
  };
}
