// The reason that a person gives for an answer: kept beside the answer, shown as text, and never acted on.

import * as z from 'zod';
import type { Verb } from './verbs.ts';

/** The longest reason, in characters. */
export const longestReason = 500;

/**
 * A reason is required where an answer overrules what stands for others too: what pullmedic did, what another person decided, the kill
 * switch. Elsewhere it is welcome: a person who is woken at night should not have to write before the app is repaired.
 */
const required: ReadonlySet<Verb> = new Set<Verb>(['undo', 'undo-anyway', 'forget', 'switch-off']);

export function needsReason(verb: Verb): boolean {
  return required.has(verb);
}

export type Reason =
  | { readonly ok: true; readonly why?: string }
  | { readonly ok: false; readonly problem: 'missing' | 'too-long' };

/** Reads what a person wrote in a form. */
export function readReason(verb: Verb, text: string): Reason {
  const why = oneLine(text);
  if (why.length > longestReason) return { ok: false, problem: 'too-long' };
  if (why !== '') return { ok: true, why };
  return needsReason(verb) ? { ok: false, problem: 'missing' } : { ok: true };
}

/** Line breaks and characters that change how a line reads become spaces: one reason is one line. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** The reason in the body of a request by a program; absent where the person gave none. */
export const reasonMember = z.string().transform(oneLine).pipe(z.string().min(1).max(longestReason)).exactOptional();
