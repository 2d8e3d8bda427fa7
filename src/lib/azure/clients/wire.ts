// Helpers with which all probes read the members of an answer: ids, principals, texts, and members that are absent.
import type { ArmId, PrincipalId } from '../../words/arm-id.ts';
import { parseArmId, parsePrincipalId } from '../../words/arm-id.ts';
import { Unexpected } from './reading.ts';

/**
 * The API version of Container Apps: every region has it. (The published resource types of August 2026 end with it; the younger one, which
 * the SDK speaks, came after them.)
 */
export const appsVersion = '2026-01-01';
/** The younger version, for what only it has: the subnet of an app in an Express environment. */
export const newestAppsVersion = '2026-07-01';

/** Time-out of one request, in real milliseconds. */
export const requestTimeoutMs = 20_000;

/** The most items that a list may have. A longer list is unreadable; it is never truncated. */
export const mostItems = 500;

/** A query of Resource Graph may wait half a minute for its token (`budget.ts`). Milliseconds. */
export const graphTimeoutMs = 50_000;

export function abort(afterMs = requestTimeoutMs): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(afterMs) };
}

export function armIdOf(text: string | undefined): ArmId | undefined {
  return text === undefined ? undefined : parseArmId(text);
}

export function requiredId(text: string | undefined): ArmId {
  const id = armIdOf(text);
  if (id === undefined) throw new Unexpected('an id is missing');
  return id;
}

/** Checks that a member of an answer is text: the SDK declares types and does not check them. Throws {@link Unexpected}. */
export function textOf(value: string | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw new Unexpected('a text is something else');
}

/** A list of texts; empty if the member is absent. Throws {@link Unexpected}. */
export function textsOf(values: readonly string[] | undefined): string[] {
  const read = values ?? [];
  if (!Array.isArray(read)) throw new Unexpected('a list is something else');
  return read.map((value: string) => {
    const text = textOf(value);
    if (text === undefined) throw new Unexpected('a text is missing');
    return text;
  });
}

/** Drops members without a value, so that an absent member is spelled in only one way. */
export function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>;
}

export function principal(text: string | undefined): PrincipalId | undefined {
  return text === undefined ? undefined : parsePrincipalId(text);
}
