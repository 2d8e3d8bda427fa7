// What all probes do with members of an answer: ids, principals, and what is not there.
import type { ArmId, PrincipalId } from '../../words/arm-id.ts';
import { parseArmId, parsePrincipalId } from '../../words/arm-id.ts';
import { requestTimeoutMs } from './clients.ts';
import { Unexpected } from './reading.ts';

/** A list that is longer is not read rather than cut. */
export const mostItems = 500;

export function abort(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(requestTimeoutMs) };
}

export function armIdOf(text: string | undefined): ArmId | undefined {
  return text === undefined ? undefined : parseArmId(text);
}

export function requiredId(text: string | undefined): ArmId {
  const id = armIdOf(text);
  if (id === undefined) throw new Unexpected('an id is missing');
  return id;
}

/** A text of an answer: what the SDK's models say of it is a promise and no check. Throws {@link Unexpected}. */
export function textOf(value: string | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw new Unexpected('a text is something else');
}

/** A list of texts; none where the member is not there. Throws {@link Unexpected}. */
export function textsOf(values: readonly string[] | undefined): string[] {
  const read = values ?? [];
  if (!Array.isArray(read)) throw new Unexpected('a list is something else');
  return read.map((value: string) => {
    const text = textOf(value);
    if (text === undefined) throw new Unexpected('a text is missing');
    return text;
  });
}

/** Drops members without a value, so that "not there" has one spelling. */
export function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>;
}

export function principal(text: string | undefined): PrincipalId | undefined {
  return text === undefined ? undefined : parsePrincipalId(text);
}
