// Why a write of the app failed. The app says so itself, at once; the Activity Log says it minutes later.

import { valueOf } from '../words/fact.ts';
import type { LogRow } from './app-facts.ts';
import { appOf, type Evidence, environmentOf } from './evidence.ts';

/** The errors of failed writes as rows of a log: those of the Activity Log, that of the app, and that of its environment. */
export function writeErrors(evidence: Evidence): readonly LogRow[] {
  const error = appOf(evidence)?.writeError;
  if (error === undefined) return valueOf(evidence.writes) ?? [];
  const around = environmentOf(evidence)?.deploymentError;
  const texts = around === undefined ? [error.text] : [error.text, around];
  return [...texts.map((text) => rowOf(text, error.atMs)), ...(valueOf(evidence.writes) ?? [])];
}

/** The reason that the system log would have: the code of the operation that failed. */
function rowOf(text: string, atMs: number): LogRow {
  return { atMs, revision: '', replica: '', reason: 'ContainerAppOperationError', severity: 'Error', text };
}
