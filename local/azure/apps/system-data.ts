// Who made a resource and when, as Container Apps writes it: times have seven digits and no zone (all 1,725 recordings of apps).
import type { Sim } from '../model/sim.ts';

/** The member `systemData` of a resource that was changed last at this instant, by a person or by pullmedic. */
export function systemDataOf(
  sim: Sim,
  changedMs: number | undefined,
  lastBy: 'person' | 'pullmedic' = 'person',
): unknown {
  const startMs = Date.parse(sim.world.start);
  const by = 'person@contoso.example';
  return {
    createdBy: by,
    createdByType: 'User',
    createdAt: withoutZone(startMs - 30 * 86_400_000),
    lastModifiedBy: lastBy === 'person' ? by : sim.self.clientId,
    lastModifiedByType: lastBy === 'person' ? 'User' : 'Application',
    lastModifiedAt: withoutZone(changedMs ?? startMs),
  };
}

function withoutZone(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '1234');
}
