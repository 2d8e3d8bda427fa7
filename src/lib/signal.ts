// What arrived, validated. A signal is only a hint: it says where to look, never what to do.
import { z } from 'zod';
import type { ArmId } from './arm-id.ts';
import { isOfType, parentOfType, parseArmId } from './arm-id.ts';

export type About =
  | { readonly kind: 'app'; readonly id: ArmId }
  /** Log alerts name an app, not its id: the name is looked up within the configured scopes. */
  | { readonly kind: 'app-name'; readonly name: string; readonly environment?: string }
  /** Something that a cause may depend on was changed: remediations that wait for a person look again. */
  | { readonly kind: 'change'; readonly resource: ArmId };

export const vias = ['log-alert', 'resource-event', 'operator', 'schedule'] as const;
export type Via = (typeof vias)[number];

export interface Signal {
  /** The sender's own id: the same signal delivered twice has the same one. */
  readonly id: string;
  readonly via: Via;
  readonly about: About;
  readonly atMs: number;
  readonly revision?: string;
  /** Reason enough to look again at what is already going on, not to open anything: a resolved alert, a successful write. */
  readonly joinOnly?: boolean;
}

export type Read =
  | { readonly ok: true; readonly signals: readonly Signal[] }
  | { readonly ok: false; readonly problem: string };

/** Bodies above this are refused before they are parsed. Azure Monitor caps its own at 256 KB. */
export const maxBodyBytes = 256 * 1024;

const name = z.string().min(1).max(260);
const appName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,61}$/i);
const instant = z.iso.datetime({ offset: true }).transform((text) => epochMs(text));

const alert = z.object({
  schemaId: z.literal('azureMonitorCommonAlertSchema'),
  data: z.object({
    essentials: z.object({
      alertId: z.string().min(1).max(1024),
      monitorCondition: z.enum(['Fired', 'Resolved']),
      monitoringService: name,
      firedDateTime: instant,
    }),
    alertContext: z
      .object({
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

type Dimension = { name: string; value: string };

function dimension(dimensions: readonly Dimension[], names: readonly string[]): string | undefined {
  const found = dimensions.find((candidate) => names.includes(candidate.name.toLowerCase()));
  return found?.value.trim() || undefined;
}

function aboutOf(dimensions: readonly Dimension[]): About | undefined {
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

/**
 * Reads a body in the common alert schema. An alert that names no app (the portal's test alert among them) is no mistake: it has
 * no signals. Links in the payload are never followed, and its ids are read again from Azure before they mean anything.
 */
export function readAlert(body: unknown): Read {
  const parsed = alert.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const { essentials, alertContext } = parsed.data.data;
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
      ...(essentials.monitorCondition === 'Resolved' ? { joinOnly: true } : {}),
    });
  }
  return { ok: true, signals };
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
  'microsoft.network/privatednszones/virtualnetworklinks/write',
  'microsoft.network/privatednszones/virtualnetworklinks/delete',
  'microsoft.network/privatednszones/a/write',
  'microsoft.network/privatednszones/a/delete',
  'microsoft.network/privateendpoints/write',
  'microsoft.containerregistry/registries/write',
] as const;

function eventAbout(operation: string, subject: ArmId): About | undefined {
  if (operation === 'microsoft.app/containerapps/write') {
    const app = parentOfType(subject, 'containerapps');
    return app === undefined ? undefined : { kind: 'app', id: app };
  }
  return changes.some((change) => change === operation) ? { kind: 'change', resource: subject } : undefined;
}

/**
 * Reads one resource event of either schema. Events that our own writes raised, and operations that tell us nothing, have no
 * signals. A forged caller id can only make us ignore a hint; the schedule looks all the same.
 */
export function readEvent(body: unknown, ownClientId: string | undefined): Read {
  const parsed = event.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const { id, subject, type, atMs, operation, callerClientId } = parsed.data;
  if (Number.isNaN(atMs)) return { ok: false, problem: 'eventTime: not an instant' };
  const resource = parseArmId(subject);
  const own = ownClientId !== undefined && callerClientId === ownClientId;
  const about = resource === undefined || own ? undefined : eventAbout(operation, resource);
  if (about === undefined || !type.startsWith('Microsoft.Resources.Resource')) return { ok: true, signals: [] };
  const joinOnly = about.kind === 'app' && !type.endsWith('Failure');
  return {
    ok: true,
    signals: [{ id: `event|${id}`, via: 'resource-event', about, atMs, ...(joinOnly ? { joinOnly } : {}) }],
  };
}

const storedAbout = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('app'), id: z.string() }),
  z.object({ kind: z.literal('app-name'), name: appName, environment: appName.optional() }),
  z.object({ kind: z.literal('change'), resource: z.string() }),
]);

const stored = z.object({
  id: z.string().min(1).max(2048),
  via: z.enum(vias),
  about: storedAbout,
  atMs: z.number().finite(),
  revision: appName.optional(),
  joinOnly: z.boolean().optional(),
});

function knownAbout(about: z.infer<typeof storedAbout>): About | undefined {
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
  const { id, via, atMs, revision, joinOnly } = parsed.data;
  return {
    id,
    via,
    atMs,
    about,
    ...(revision === undefined ? {} : { revision }),
    ...(joinOnly === undefined ? {} : { joinOnly }),
  };
}
