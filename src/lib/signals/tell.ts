// The message that has a system told of an incident or of a remediation. It holds names only: what is told is read when it is told.

import * as z from 'zod';
import { type IncidentId, parseIncidentId, parseRemediationId, type RemediationId } from '../words/target.ts';

/** `system`: its name in the settings. */
export type Tell =
  | { readonly incident: IncidentId; readonly remediation?: never; readonly system: string }
  | { readonly remediation: RemediationId; readonly incident?: never; readonly system: string };

const tell = z.object({
  incident: z.string().optional(),
  remediation: z.string().optional(),
  system: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
});

/** `undefined` if the message is not one. */
export function readTell(message: unknown): Tell | undefined {
  const read = tell.safeParse(typeof message === 'string' ? jsonOf(message) : message);
  if (!read.success) return undefined;
  const { system } = read.data;
  const incident = parseIncidentId(read.data.incident ?? '');
  if (incident !== undefined) return { incident, system };
  const remediation = parseRemediationId(read.data.remediation ?? '')?.id;
  return remediation === undefined ? undefined : { remediation, system };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
