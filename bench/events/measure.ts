// Plays a storm of events on virtual time, and counts what it asked of Azure in each minute.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playAll } from '../played/play.ts';
import type { Call, Played } from '../played/played.ts';
import { type EventStorm, eventStormScenario } from './world.ts';

export interface EventFigures extends EventStorm {
  /** Events of roles and images that were sent. */
  readonly sent: number;
  /** Events that reached the function: those, and what the restarts of apps lead to. */
  readonly events: number;
  /** Steps of remediations: looks that events, clocks and alerts asked for. */
  readonly steps: number;
  /** Requests in each minute, from the first one on. */
  readonly byMinute: readonly Minute[];
}

export interface Minute {
  readonly arm: number;
  readonly logs: number;
}

/** Throws where a remediation did not end as it must: then the storm lost something, and its figures say nothing. */
export async function measureEvents(storm: EventStorm): Promise<EventFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'pullmedic-events-'));
  const file = join(folder, 'event-storm.yaml');
  try {
    writeFileSync(file, eventStormScenario(storm));
    const [played] = await playAll([{ file, answersMs: 80 }]);
    if (played === undefined) throw new Error('the storm was not played');
    return figuresOf(storm, played);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function figuresOf(storm: EventStorm, { failures, executions, calls }: Played): EventFigures {
  const [failure] = failures.filter((one) => !isLongActivityLog(one));
  if (failure !== undefined) throw new Error(failure);
  const sent = storm.minutes * (storm.rolesAMinute + storm.pushesAMinute) + 1;
  return {
    ...storm,
    sent,
    events: executions['on-event'] ?? 0,
    steps: executions['on-step'] ?? 0,
    byMinute: minutesOf(calls),
  };
}

/** Each page of the Activity Log that automation fills costs a request more than a look has otherwise (docs/costs.md). */
function isLongActivityLog(failure: string): boolean {
  return failure.includes('control-plane calls of one look');
}

function minutesOf(calls: readonly Call[]): Minute[] {
  const firstMs = calls[0]?.atMs ?? 0;
  const minutes = Map.groupBy(calls, ({ atMs }) => Math.floor((atMs - firstMs) / 60_000));
  const last = Math.max(0, ...minutes.keys());
  return Array.from({ length: last + 1 }, (_, at) => {
    const of = (host: string): number => (minutes.get(at) ?? []).filter((call) => call.host === host).length;
    return { arm: of('management.azure.com'), logs: of('api.loganalytics.io') };
  });
}
