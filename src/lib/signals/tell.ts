// The message that has a system told of an incident. It holds names only: what is told is read when it is told.

import * as z from 'zod';
import { type IncidentId, parseIncidentId } from '../words/target.ts';

export interface Tell {
  readonly incident: IncidentId;
  /** The name of the system in the settings. */
  readonly system: string;
}

const tell = z.object({ incident: z.string(), system: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/) });

/** `undefined` if the message is not one. */
export function readTell(message: unknown): Tell | undefined {
  const read = tell.safeParse(typeof message === 'string' ? jsonOf(message) : message);
  const incident = parseIncidentId(read.data?.incident ?? '');
  return read.success && incident !== undefined ? { incident, system: read.data.system } : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
