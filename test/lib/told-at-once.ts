// People were told of every remediation of these ports: for tests about alerts, which are acknowledged only then.
import { newRow } from '../../src/lib/incidents/outbox.ts';
import { incidentId } from './incidents/incident-data.ts';
import type { Memory } from './memory-ports.ts';

export function toldAtOnce({ ports }: Pick<Memory, 'ports'>): void {
  const value = { ...newRow(incidentId, 'people'), state: 'open' } as const;
  Object.assign(ports.outbox, { of: async () => [{ value, version: '1' }] });
}
