// Reads the settings. It reports all mistakes at once. By default pullmedic may change nothing: every right to change needs a setting.
// The room settings/ holds the settings, read and checked, with all mistakes at once. Not here: the reading of environment
// variables (src/start.ts).

import * as z from 'zod';
import type { ArmId } from '../words/arm-id.ts';
import { isOfType, parseArmId } from '../words/arm-id.ts';
import { type Cloud, clouds } from '../words/cloud.ts';
import type { BudgetSettings } from './budget-settings.ts';
import { givenBy } from './given.ts';
import { type IncidentSettings, incidentSettings, settingsNamedBy } from './incident-settings.ts';
import { type Mode, modes } from './modes.ts';

/** A registry that the operator opted in, and its consumers. If the list is empty, pullmedic grants no role on the registry. */
export interface OptedInRegistry {
  readonly id: ArmId;
  /** Resource groups, environments or user-assigned identities that may get the pull role. */
  readonly consumers: readonly ArmId[];
  readonly grantWhenNetworkUnknown: boolean;
}

export interface Limits {
  readonly grantsPerTargetPerDay: number;
  /** The most attempts to restart one revision, whichever of its images they were made for. An attempt has up to `retry.atMost` restarts. */
  readonly restartsPerRevisionPerDay: number;
  /** The most attempts for all revisions of one app together. */
  readonly restartsPerAppPerDay: number;
  readonly recurrencesPerWeek: number;
  readonly grantsPerHour: number;
  /** How many grants without a recovery stop further grants. */
  readonly unprovenGrants: number;
  /** The most apps that may hold an identity. pullmedic grants nothing to an identity that more apps hold. */
  readonly maxApps: number;
  /** How long after the first start, or after a long silence, pullmedic makes only `slowStartGrants` grants. */
  readonly slowStartMinutes: number;
  readonly slowStartGrants: number;
}

export interface Settings {
  readonly limits: Limits;
  readonly retry: {
    /** If Azure refuses a restart, or a restart cannot help: ask for a new revision of the same template. */
    readonly newRevision: boolean;
    /** Once the cause is put right, start a job again that people start and whose execution ended without its image. */
    readonly startJobs: boolean;
    /** Restart a container group, all its containers together, where the platform does not pull again in time. */
    readonly restartGroups: boolean;
    /** The most restarts of one revision after one grant, or after one cause that was put right. */
    readonly atMost: number;
  };
  readonly stableMinutes: number;
  /** How long a person may take to answer an approval request. After that pullmedic does not make the grant. */
  readonly approvalMinutes: number;
  /** After this long, pullmedic looks at a revision that is not ready even if no log row and no event came. */
  readonly stuckMinutes: number;
  /** How long a fresh role assignment may take to work before a deployment that Azure rejected is driven again, where that is allowed. */
  readonly expectedPropagationSeconds: number;
  /** Subscriptions of networks and DNS zones that apps depend on. pullmedic only reads them. */
  readonly alsoRead: readonly string[];
  /** Ids (GUIDs) of the workspaces to which environments send the table ContainerAppSystemLogs by diagnostic settings. */
  readonly logWorkspaces: readonly string[];
  /** The most requests that all instances together send to Azure. */
  readonly budget: BudgetSettings;
  /** True if a person may ask pullmedic to take its grant back. Only then may its identity delete role assignments. */
  readonly undo: boolean;
  readonly alerts: {
    /** True if pullmedic acknowledges the alert that started a remediation, and closes it when the app has recovered. */
    readonly setState: boolean;
  };
  readonly history: {
    /**
     * How many days after its end the history of a remediation moves from the table into a blob; 0: never. Otherwise at least 30, so that
     * nothing moves while a person, an event or a limit is likely to come back to it.
     */
    readonly archiveAfterDays: number;
  };
  /** Which systems are told of an incident, and when. By default none. */
  readonly incidents: IncidentSettings;
}

export interface Config {
  readonly mode: Mode;
  readonly cloud: Cloud;
  /** Subscriptions and resource groups whose apps pullmedic looks after. */
  readonly scopes: readonly ArmId[];
  readonly registries: readonly OptedInRegistry[];
  readonly settings: Settings;
  /** Client id of pullmedic's own identity. Events that its own writes raise carry this id. */
  readonly clientId?: string;
  /** The app settings that are given, and the members of `PULLMEDIC_SETTINGS` by their names: every other value is a default. */
  readonly given: readonly string[];
}

/** Every mistake in the settings, one sentence each. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The settings are invalid:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

const armId = z.string().transform((text, context) => {
  const id = parseArmId(text);
  if (id !== undefined) return id;
  context.addIssue({ code: 'custom', message: 'is not an Azure resource id (/subscriptions/...)' });
  return z.NEVER;
});

const registryId = armId.refine(
  (id) => isOfType(id, 'microsoft.containerregistry/registries'),
  'is not the id of a container registry',
);

const registries = z.array(
  z.strictObject({ id: registryId, consumers: z.array(armId), grantWhenNetworkUnknown: z.boolean().default(false) }),
);

const count = z.int().min(0).max(10_000);

const limits = z.strictObject({
  grantsPerTargetPerDay: count.default(1),
  restartsPerRevisionPerDay: count.default(1),
  restartsPerAppPerDay: count.default(3),
  recurrencesPerWeek: count.default(3),
  grantsPerHour: count.default(10),
  unprovenGrants: count.default(3),
  maxApps: count.default(5),
  slowStartMinutes: z.number().min(0).max(240).default(60),
  slowStartGrants: count.default(2),
});

const settings = z.strictObject({
  limits: z.preprocess(withPresentNames, limits).prefault({}),
  retry: z
    .strictObject({
      newRevision: z.boolean().default(false),
      startJobs: z.boolean().default(false),
      restartGroups: z.boolean().default(false),
      atMost: z.int().min(0).max(8).default(6),
    })
    .prefault({}),
  stableMinutes: z.number().min(1).max(120).default(10),
  approvalMinutes: z.number().min(5).max(10_080).default(240),
  stuckMinutes: z.number().min(5).max(1440).default(15),
  expectedPropagationSeconds: z.number().min(30).max(1800).default(300),
  alsoRead: z.array(z.guid().toLowerCase()).max(50).default([]),
  logWorkspaces: z.array(z.guid().toLowerCase()).max(5).default([]),
  budget: z
    .strictObject({
      armReadsPerMinute: z.int().min(30).max(1500).default(1200),
      logQueriesPerMinute: z.int().min(10).max(300).default(300),
      graphQueriesPerMinute: z.int().min(10).max(60).default(60),
    })
    .prefault({}),
  undo: z.boolean().default(false),
  alerts: z.strictObject({ setState: z.boolean().default(false) }).prefault({}),
  history: z
    .strictObject({
      archiveAfterDays: z
        .int()
        .min(0)
        .max(3650)
        .refine((days) => days === 0 || days >= 30, 'must be 0 (never) or at least 30')
        .default(0),
    })
    .prefault({}),
  incidents: incidentSettings.prefault({}),
});

type Environment = Readonly<Record<string, string | undefined>>;
type Parsed<T> = { ok: true; value: T } | { ok: false; problems: string[] };

/**
 * Reads the settings from the app settings (environment variables). Throws {@link BadConfig} with every mistake. An empty scope is a
 * mistake, because some people would read it as "everything" and others as "nothing".
 */
export function parseConfig(env: Environment): Config {
  const mode = modeSetting(env);
  const cloud = cloudSetting(env);
  const scopes = jsonSetting(env, 'PULLMEDIC_SCOPES', z.array(armId).min(1, 'names no subscription or resource group'));
  const opted = jsonSetting(env, 'PULLMEDIC_REGISTRIES', registries, '[]');
  const chosen = jsonSetting(env, 'PULLMEDIC_SETTINGS', settings, '{}');
  const secrets = chosen.ok ? missingSecrets(env, chosen.value.incidents) : [];
  if (mode.ok && cloud.ok && scopes.ok && opted.ok && chosen.ok && secrets.length === 0) {
    const clientId = env['AZURE_CLIENT_ID']?.trim().toLowerCase();
    const config = {
      mode: mode.value,
      cloud: cloud.value,
      scopes: scopes.value,
      registries: opted.value,
      settings: { ...chosen.value, incidents: withOwnPage(env, chosen.value.incidents) },
      given: givenBy(env),
    };
    return clientId ? { ...config, clientId } : config;
  }
  const parts = [mode, cloud, scopes, opted, chosen];
  throw new BadConfig([...parts.flatMap((part) => (part.ok ? [] : part.problems)), ...secrets]);
}

/**
 * A setting that a system names and that does not exist. One that exists and could not be resolved from Key Vault is no mistake here: it
 * stops that system alone.
 */
function missingSecrets(env: Environment, { systems }: IncidentSettings): string[] {
  return settingsNamedBy(systems)
    .filter((name) => (env[name]?.trim() ?? '') === '')
    .map((name) => `${name} is missing: PULLMEDIC_SETTINGS at incidents.systems names it`);
}

/** The platform gives the host name of the app. Source: "Environment variables and app settings in Azure App Service", WEBSITE_HOSTNAME. */
function withOwnPage(env: Environment, incidents: IncidentSettings): IncidentSettings {
  const host = env['WEBSITE_HOSTNAME']?.trim();
  return incidents.page === undefined && host ? { ...incidents, page: `https://${host}` } : incidents;
}

function modeSetting(env: Environment): Parsed<Mode> {
  const parsed = z.enum(modes).safeParse(env['PULLMEDIC_MODE']?.trim() || 'observe');
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problems: ['PULLMEDIC_MODE must be observe, approve or act'] };
}

function cloudSetting(env: Environment): Parsed<Cloud> {
  const parsed = z.enum(clouds).safeParse(env['PULLMEDIC_CLOUD']?.trim() || 'public');
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problems: [`PULLMEDIC_CLOUD must be one of ${clouds.join(', ')}`] };
}

function jsonSetting<T>(env: Environment, name: string, schema: z.ZodType<T>, fallback?: string): Parsed<T> {
  const text = env[name]?.trim() || fallback;
  if (text === undefined) return { ok: false, problems: [`${name} is missing`] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problems: [`${name} is not JSON`] };
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, problems: issuesOf(name, parsed.error) };
}

function issuesOf(name: string, error: z.ZodError): string[] {
  return error.issues.map(
    (issue) => `${name}${issue.path.length > 0 ? ` at ${issue.path.join('.')}` : ''}: ${issue.message}`,
  );
}

/** Earlier versions counted restarts for each image, under another name. Both names at once are a mistake. */
function withPresentNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('restartsPerTargetPerDay' in value)) return value;
  const { restartsPerTargetPerDay, ...others } = value;
  return 'restartsPerRevisionPerDay' in value
    ? value
    : { ...others, restartsPerRevisionPerDay: restartsPerTargetPerDay };
}
