// Decides whether pullmedic may set the state of the alert that a signal named. The signal proves nothing about the alert: Azure's own
// answer has to fit the app, the rule and the trouble.
import * as z from 'zod';
import type { NamedApp } from '../evidence/reads.ts';
import type { AlertState } from '../history/entries.ts';
import type { Refusal } from '../history/refusals.ts';
import type { AlertTry, Remediation } from '../history/state.ts';
import { aboutOf, revisionOf, ruleNameOf } from '../signals/alert.ts';
import type { About, SignalAlert } from '../signals/signal.ts';
import type { AlertId, ArmId } from '../words/arm-id.ts';
import { isOfType, nameOf, parseAlertId, parseArmId, sameAlert } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import { kindOf, named as namedKind, unnamedKind, workloadIn, writtenBy } from '../workloads/workloads.ts';

/** An alert as Azure shows it. */
export interface AlertFacts {
  readonly id: AlertId;
  readonly state: 'New' | AlertState | 'unknown';
  readonly condition: 'Fired' | 'Resolved' | 'unknown';
  /** The name of its rule, lower case. */
  readonly rule: string;
  /** The resource that it fired for; a log alert may name the workspace that it asked. */
  readonly target?: ArmId;
  /** Apps that its dimensions name. */
  readonly names: readonly About[];
  /** The revision that its dimensions name, where they name just one. */
  readonly revision?: string;
  /** What it speaks of: rows of the system log, a failed write of an app, or neither. */
  readonly trouble: 'system-log' | 'failed-write' | 'other';
}

const text = z.string().max(2048);
const context = z.object({
  operationName: text.nullish(),
  status: text.nullish(),
  condition: z
    .object({
      allOf: z.array(
        z.object({
          searchQuery: z.string().nullish(),
          dimensions: z.array(z.object({ name: text, value: text })).nullish(),
        }),
      ),
    })
    .nullish(),
});
const alert = z.object({
  id: text,
  properties: z.object({
    essentials: z.object({
      alertState: z.enum(['New', 'Acknowledged', 'Closed']).or(text.transform(() => 'unknown' as const)),
      monitorCondition: z.enum(['Fired', 'Resolved']).or(text.transform(() => 'unknown' as const)),
      monitorService: text.nullish(),
      alertRule: text,
      targetResource: text.nullish(),
    }),
    // The payload's context, as it is or one level down.
    context: z
      .object({ context: context.nullish() })
      .and(context)
      .transform((outer) => outer.context ?? outer)
      .nullish(),
  }),
});

type Context = z.infer<typeof context>;

/** The tables with the system log of Container Apps, and with the events of container groups, in both generations. */
const systemLog = /\b(?:ContainerAppSystemLogs|ContainerEvent)(?:_CL)?\b/;

/**
 * Reads Azure's answer about an alert; `undefined` if the answer does not describe one. Source of the shape: Alerts Management
 * 2019-03-01, from memory.
 */
export function readAlertFacts(body: unknown): AlertFacts | undefined {
  const parsed = alert.safeParse(body);
  const id = parsed.success ? idOf(parsed.data.id) : undefined;
  if (!parsed.success || id === undefined) return undefined;
  const { essentials, context: said } = parsed.data.properties;
  const target = parseArmId(essentials.targetResource ?? '');
  const dimensions = (said?.condition?.allOf ?? []).map((one) => one.dimensions ?? []);
  const named = dimensions.map((all) => aboutOf(all));
  const [revision, ...more] = new Set(dimensions.flatMap((all) => revisionOf(all) ?? []));
  return {
    id,
    state: essentials.alertState,
    condition: essentials.monitorCondition,
    rule: ruleNameOf(essentials.alertRule),
    names: named.filter((about) => about !== undefined),
    trouble: troubleOf(essentials.monitorService ?? '', said ?? {}),
    ...(revision === undefined || more.length > 0 ? {} : { revision }),
    ...(target === undefined ? {} : { target }),
  };
}

/** The id of an alert, without the target that Azure may have put into it: its name can hold signs that no id of ours may hold. */
function idOf(text: string): AlertId | undefined {
  const id = text.trim();
  return scopedAlert.test(id)
    ? parseAlertId(id.replace(scopedAlert, '/subscriptions/$1/providers/microsoft.alertsmanagement/alerts/$2'))
    : undefined;
}

const scopedAlert =
  /^\/subscriptions\/([^/]{1,64})\/(?:.{1,1024}\/)?providers\/microsoft\.alertsmanagement\/alerts\/([^/]{1,64})$/i;

/**
 * What fired, by `monitorService`. `signalType` does not tell: a recorded alert of an activity-log rule has `Log` there, with
 * `ActivityLog Administrative` as its service (recorded list of alerts in azure-powershell's tests, 2019-05-05-preview). `Log Analytics` is
 * how that list names the older log alerts.
 */
function troubleOf(service: string, { operationName, status, condition }: Context): AlertFacts['trouble'] {
  const queries = (condition?.allOf ?? []).map(({ searchQuery }) => searchQuery ?? '');
  if (/^log (?:alerts v2|analytics)$/i.test(service))
    return queries.length > 0 && queries.every((query) => systemLog.test(query)) ? 'system-log' : 'other';
  const write = writtenBy(operationName) !== undefined;
  return /^activity ?log administrative$/i.test(service) && write && status?.toLowerCase() === 'failed'
    ? 'failed-write'
    : 'other';
}

/** The app for which the alert fired, as Azure says. A name has to be looked up. */
export type FiredFor = 'this-app' | 'another-app' | NamedApp;

/**
 * The environment of the alert. Dimensions name it by the first label of its domain, so that the name of an environment that the alert
 * fired for may differ and goes first.
 */
function environmentOf(target: ArmId, names: readonly About[]): { readonly environment?: string } | 'another' {
  const said = new Set(names.map((about) => (about.kind === 'app-name' ? about.environment : undefined)));
  said.delete(undefined);
  const [environment, ...more] = [...said];
  if (more.length > 0) return 'another';
  if (isOfType(target, 'microsoft.app/managedenvironments')) return { environment: nameOf(target) };
  return environment === undefined ? {} : { environment };
}

/** Whether a mere name can mean this workload: an app and a job may have one name. */
function isNamed({ name, workload }: Extract<About, { kind: 'app-name' }>, appId: ArmId): boolean {
  return name === nameOf(appId) && (workload ?? unnamedKind) === kindOf(appId).kind;
}

/** Whether it fired for this app. What it fired for must be the app itself, or an environment or workspace whose dimensions name it. */
export function firedFor({ target, names, revision }: AlertFacts, appId: ArmId): FiredFor {
  if (target === undefined) return 'another-app';
  const others = names.some(
    (about) => !(about.kind === 'app' ? about.id === appId : about.kind === 'app-name' && isNamed(about, appId)),
  );
  if (others) return 'another-app';
  const firedForWorkload = workloadIn(target);
  if (firedForWorkload !== undefined) return firedForWorkload === appId ? 'this-app' : 'another-app';
  const holds = ['microsoft.app/managedenvironments', 'microsoft.operationalinsights/workspaces'];
  if (names.length === 0 || !holds.some((type) => isOfType(target, type))) return 'another-app';
  if (names.every(({ kind }) => kind === 'app')) return 'this-app';
  const environment = environmentOf(target, names);
  if (environment === 'another') return 'another-app';
  return {
    name: nameOf(appId),
    ...environment,
    ...namedKind(kindOf(appId).kind),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** The facts for the decision whether to set an alert. */
export interface AlertQuestion {
  readonly named: SignalAlert;
  readonly wanted: AlertState;
  readonly appId: ArmId;
  readonly facts: Fact<AlertFacts | 'gone'>;
  /** Apps that a mere name may mean. */
  readonly apps?: Fact<readonly ArmId[]> | undefined;
  readonly tries: readonly AlertTry[];
  /** Another remediation that goes on carries the same alert. */
  readonly shared: boolean;
}

type Why = Extract<Refusal, { guard: 'alert-state' }>['why'];

function stateWhy({ state, condition, id }: AlertFacts, { wanted, tries, shared }: AlertQuestion): Why | undefined {
  const acknowledged = tries.some((one) => sameAlert(one.alert, id) && one.outcome === 'done');
  if (state === wanted) return 'already-so';
  if (state === 'Closed') return 'closed';
  if (state === 'unknown' || condition === 'unknown') return 'unreadable';
  // A person who opened an acknowledged alert again wants it to be open.
  if (state === 'New' && acknowledged) return 'set-back';
  // An alert that resolved by itself needs no acknowledgement. Once the app has recovered, pullmedic may still close it.
  if (wanted === 'Acknowledged') return condition === 'Fired' ? undefined : 'not-fired';
  return shared ? 'still-needed' : undefined;
}

function appWhy(facts: AlertFacts, { appId, apps }: AlertQuestion): Why | undefined {
  const meant = firedFor(facts, appId);
  if (typeof meant === 'string') return meant === 'this-app' ? undefined : 'another-app';
  if (apps?.read !== true) return 'unreadable';
  if (!apps.value.includes(appId)) return 'another-app';
  return apps.value.length === 1 ? undefined : 'cannot-tell-which-app';
}

/** Why pullmedic leaves the alert as it is; `undefined` if Azure's answer fits and the change is due. */
export function alertRefusal(question: AlertQuestion): Refusal | undefined {
  const { facts, named } = question;
  const why = ((): Why | undefined => {
    if (!facts.read) return 'unreadable';
    if (facts.value === 'gone') return 'gone';
    if (!sameAlert(facts.value.id, named.id)) return 'another-alert';
    if (facts.value.rule !== named.rule) return 'another-rule';
    if (facts.value.trouble === 'other') return 'another-trouble';
    return appWhy(facts.value, question) ?? stateWhy(facts.value, question);
  })();
  return why === undefined ? undefined : { guard: 'alert-state', why };
}

/** How long after the end of a remediation its alerts may still be set. A later change would surprise people. Milliseconds. */
const dueForMs = 60 * 60_000;

/**
 * The state that the alerts of a remediation should have. If it ends without a recovery, its alerts keep their state: `withdrawn` and
 * `unproven` do not say that all is well, and an alert is not acknowledged if pullmedic never worked on its remediation.
 */
export function wantedState({ decision, closed }: Remediation, nowMs: number): AlertState | undefined {
  if (closed !== undefined) return closed.how === 'recovered' && nowMs - closed.atMs < dueForMs ? 'Closed' : undefined;
  return decision === undefined || decision.decision.do === 'close' ? undefined : 'Acknowledged';
}

/** True if a try was begun and its result is unknown. */
export function isUnsettled({ refusals, outcome }: AlertTry): boolean {
  return refusals.length === 0 && (outcome === undefined || outcome === 'unknown');
}
