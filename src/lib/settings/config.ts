// Reads the settings. All mistakes are reported at once; nothing that widens what pullmedic may do has a default.

import { z } from 'zod';
import type { ArmId } from '../words/arm-id.ts';
import { isOfType, parseArmId } from '../words/arm-id.ts';
import { type Cloud, clouds } from '../words/cloud.ts';
import type { BudgetSettings } from './budget-settings.ts';
import { type Mode, modes } from './modes.ts';

/** A registry that somebody opted in, and who may be granted on it. An empty list of consumers means nobody. */
export interface OptedInRegistry {
  readonly id: ArmId;
  /** Resource groups, environments or user-assigned identities. */
  readonly consumers: readonly ArmId[];
  readonly grantWhenNetworkUnknown: boolean;
}

export interface Limits {
  readonly grantsPerTargetPerDay: number;
  readonly restartsPerTargetPerDay: number;
  readonly recurrencesPerWeek: number;
  readonly grantsPerHour: number;
  /** So many grants without a recovery, and no further one is made. */
  readonly unprovenGrants: number;
  /** An identity that more apps hold is granted nothing. */
  readonly maxApps: number;
  /** So long after the first start, or after a long silence, only a few grants are made. */
  readonly slowStartMinutes: number;
  readonly slowStartGrants: number;
}

export interface Settings {
  readonly limits: Limits;
  readonly retry: {
    /** Where a restart is not accepted or cannot help: ask for a new revision of the same template. */
    readonly newRevision: boolean;
  };
  readonly stableMinutes: number;
  /** How long a person may take to answer; after that the grant is not made. */
  readonly approvalMinutes: number;
  /** A revision that is not ready after this long is looked at even if no log row and no event says anything. */
  readonly stuckMinutes: number;
  /** How long a fresh role assignment is expected to take, until this tenant has shown its own times. */
  readonly expectedPropagationSeconds: number;
  /** Subscriptions of networks and DNS zones that apps depend on; they are read, and nothing in them is changed. */
  readonly alsoRead: readonly string[];
  /** What all instances together ask of Azure. */
  readonly budget: BudgetSettings;
  /** Whether a person may have a grant of ours taken back; the identity may delete role assignments only then. */
  readonly undo: boolean;
  readonly alerts: {
    /** Whether the alert that started a remediation is acknowledged, and closed when the app has recovered. */
    readonly setState: boolean;
  };
}

export interface Config {
  readonly mode: Mode;
  readonly cloud: Cloud;
  /** Subscriptions and resource groups whose apps are looked after. */
  readonly scopes: readonly ArmId[];
  readonly registries: readonly OptedInRegistry[];
  readonly settings: Settings;
  /** Client id of our own identity: events that our own writes raise carry it. */
  readonly clientId?: string;
}

/** Every mistake in the settings, one sentence each. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
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

const settings = z.strictObject({
  limits: z
    .strictObject({
      grantsPerTargetPerDay: count.default(1),
      restartsPerTargetPerDay: count.default(1),
      recurrencesPerWeek: count.default(3),
      grantsPerHour: count.default(10),
      unprovenGrants: count.default(3),
      maxApps: count.default(5),
      slowStartMinutes: z.number().min(0).max(240).default(60),
      slowStartGrants: count.default(2),
    })
    .prefault({}),
  retry: z.strictObject({ newRevision: z.boolean().default(false) }).prefault({}),
  stableMinutes: z.number().min(1).max(120).default(10),
  approvalMinutes: z.number().min(5).max(10_080).default(240),
  stuckMinutes: z.number().min(5).max(1440).default(15),
  expectedPropagationSeconds: z.number().min(30).max(1800).default(300),
  alsoRead: z.array(z.guid().toLowerCase()).max(50).default([]),
  budget: z
    .strictObject({
      armReadsPerMinute: z.int().min(30).max(1500).default(1200),
      logQueriesPerMinute: z.int().min(10).max(300).default(200),
      graphQueriesPerMinute: z.int().min(10).max(60).default(60),
    })
    .prefault({}),
  undo: z.boolean().default(false),
  alerts: z.strictObject({ setState: z.boolean().default(false) }).prefault({}),
});

type Environment = Readonly<Record<string, string | undefined>>;
type Parsed<T> = { ok: true; value: T } | { ok: false; problems: string[] };

function issuesOf(name: string, error: z.ZodError): string[] {
  return error.issues.map(
    (issue) => `${name}${issue.path.length > 0 ? ` at ${issue.path.join('.')}` : ''}: ${issue.message}`,
  );
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

function cloudSetting(env: Environment): Parsed<Cloud> {
  const parsed = z.enum(clouds).safeParse(env['PULLMEDIC_CLOUD']?.trim() || 'public');
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problems: [`PULLMEDIC_CLOUD must be one of ${clouds.join(', ')}`] };
}

function modeSetting(env: Environment): Parsed<Mode> {
  const parsed = z.enum(modes).safeParse(env['PULLMEDIC_MODE']?.trim() || 'observe');
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problems: ['PULLMEDIC_MODE must be observe, approve or act'] };
}

/**
 * The settings from app settings (environment variables). Throws {@link BadConfig} with every mistake. An empty scope is a mistake:
 * it would read as "everything" to some and as "nothing" to others.
 */
export function parseConfig(env: Environment): Config {
  const mode = modeSetting(env);
  const cloud = cloudSetting(env);
  const scopes = jsonSetting(env, 'PULLMEDIC_SCOPES', z.array(armId).min(1, 'names no subscription or resource group'));
  const opted = jsonSetting(env, 'PULLMEDIC_REGISTRIES', registries, '[]');
  const chosen = jsonSetting(env, 'PULLMEDIC_SETTINGS', settings, '{}');
  if (mode.ok && cloud.ok && scopes.ok && opted.ok && chosen.ok) {
    const clientId = env['AZURE_CLIENT_ID']?.trim().toLowerCase();
    const config = {
      mode: mode.value,
      cloud: cloud.value,
      scopes: scopes.value,
      registries: opted.value,
      settings: chosen.value,
    };
    return clientId ? { ...config, clientId } : config;
  }
  throw new BadConfig([mode, cloud, scopes, opted, chosen].flatMap((part) => (part.ok ? [] : part.problems)));
}
