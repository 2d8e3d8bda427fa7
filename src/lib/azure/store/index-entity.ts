// How a row of a remediation stands in its table: the members that filters ask for as columns, the rest as JSON.

import * as z from 'zod';
import type { IndexRow } from '../../history/index-row.ts';
import { historyTroubles } from '../../history/ledger.ts';
import type { RowFacts } from '../../history/row-facts.ts';
import { searchedCauses } from '../../history/row-search.ts';
import type { WaitsFor } from '../../history/waits-for.ts';
import { parseArmId, parsePrincipalId } from '../../words/arm-id.ts';
import { parseRemediationId } from '../../words/target.ts';
import { storedFigures } from './stored-figures.ts';

/** The columns of a row. The keys are for the caller to choose. `remediation` is a column too, because not every key is one. */
export function columnsOf(row: IndexRow): Record<string, string | number | boolean> {
  const { targetId: _target, dueAtMs, updatedAtMs, openedAtMs, closedAtMs, waitsFor, facts, ...fields } = row;
  return {
    ...fields,
    ...(waitsFor === undefined ? {} : { waitsFor: JSON.stringify(waitsFor) }),
    // Numbers as texts: until the year 2286 an instant in milliseconds has 13 digits, so the texts compare in the order of the numbers.
    dueAtMs: String(dueAtMs),
    updatedAtMs: String(updatedAtMs),
    ...(openedAtMs === undefined ? {} : { openedAtMs: String(openedAtMs) }),
    ...(closedAtMs === undefined ? {} : { closedAtMs: String(closedAtMs) }),
    ...(facts === undefined ? {} : factColumns(facts)),
  };
}

/** The columns that a search may ask for, and all facts as JSON. */
function factColumns(facts: RowFacts): Record<string, string | boolean> {
  const { appName, registry, causes, sure, closed, askedAtMs } = facts;
  return {
    facts: JSON.stringify(facts),
    appName: appName.toLowerCase(),
    registry: registry.toLowerCase(),
    ...Object.fromEntries(causes.slice(0, searchedCauses).map((cause, at) => [causeColumn(at), cause])),
    ...(sure === undefined ? {} : { sureness: sure }),
    ...(closed === undefined ? {} : { closedHow: closed.how }),
    neededPerson: askedAtMs !== undefined,
  };
}

/** The column of the cause at this place: cause0, cause1, … */
function causeColumn(at: number): string {
  return `cause${at}`;
}

/** The row of an entity; `undefined` where this version cannot read it: a newer version or a person wrote it. */
export function rowIn(entity: unknown): IndexRow | undefined {
  return storedRow.safeParse(entity).data;
}

const storedWaitsFor = z
  .object({
    image: z.string(),
    registry: z.string(),
    registryId: z.string().optional(),
    principalId: z.string().optional(),
    blind: z.boolean(),
    confirmed: z.array(z.string()),
  })
  .transform(({ registryId, principalId, confirmed, ...fields }): WaitsFor => {
    const registry = parseArmId(registryId ?? '');
    const principal = parsePrincipalId(principalId ?? '');
    return {
      ...fields,
      // A cause that this version does not know is only looked up by its name.
      confirmed: confirmed as WaitsFor['confirmed'],
      ...(registry === undefined ? {} : { registryId: registry }),
      ...(principal === undefined ? {} : { principalId: principal }),
    };
  });

const storedFacts = storedFigures.omit({ remediation: true, appId: true }).extend({
  appName: z.string(),
  image: z.string(),
  state: z.enum(['looking', 'waiting', 'partly-recovered', 'needs-approval', 'needs-person', 'closed']),
  roleInEffectAtMs: z.number().optional(),
});

/** `undefined` where the text is none that this version understands: then it is not known, and the history says it. */
function read<T>(text: string | undefined, schema: z.ZodType<T>): T | undefined {
  try {
    return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const storedRow = z
  .object({
    rowKey: z.string(),
    /** Where the key is another text. */
    remediation: z.string().optional(),
    appId: z.string(),
    closed: z.boolean(),
    needsPerson: z.boolean(),
    asleep: z.boolean().default(false),
    dueAtMs: z.coerce.number(),
    seq: z.number(),
    updatedAtMs: z.coerce.number(),
    openedAtMs: z.coerce.number().optional(),
    closedAtMs: z.coerce.number().optional(),
    asks: z.boolean().optional(),
    archived: z.literal(true).optional().catch(undefined),
    waitsFor: z.string().optional(),
    unreadable: z.enum(historyTroubles).optional().catch('not-understood'),
    facts: z.string().optional(),
  })
  .transform((entity, context): IndexRow => {
    const id = parseRemediationId(entity.remediation ?? entity.rowKey);
    const appId = parseArmId(entity.appId);
    if (id === undefined || appId === undefined) {
      context.addIssue({ code: 'custom', message: 'not an index row' });
      return z.NEVER;
    }
    const { rowKey: _key, remediation: _id, appId: _app, openedAtMs, closedAtMs, asks, archived, ...others } = entity;
    const { waitsFor, unreadable, facts, ...fields } = others;
    const waits = read(waitsFor, storedWaitsFor);
    const known = read(facts, storedFacts);
    return {
      remediation: id.id,
      targetId: id.target,
      appId,
      ...fields,
      ...(openedAtMs === undefined ? {} : { openedAtMs }),
      ...(closedAtMs === undefined ? {} : { closedAtMs }),
      ...(asks === undefined ? {} : { asks }),
      ...(archived ? { archived } : {}),
      ...(waits === undefined ? {} : { waitsFor: waits }),
      ...(unreadable === undefined ? {} : { unreadable }),
      // Codes of a newer version are kept: they are only looked up by their names.
      ...(known === undefined ? {} : { facts: known as RowFacts }),
    };
  });
