// The worlds of built-in scenarios, for tests of what the platform does in them.
import { readFileSync } from 'node:fs';
import { firstAssignments } from '../../../local/azure/authorization/role-assignments.ts';
import { createSim } from '../../../local/azure/model/create.ts';
import { type ManualScheduler, manualScheduler } from '../../../local/azure/model/scheduler.ts';
import type { Sim } from '../../../local/azure/model/sim.ts';
import { parseScenario } from '../../../local/scenarios/schema.ts';

export const minute = 60_000;
export const startMs = Date.parse('2026-06-01T02:00:00Z');

/** The world of a built-in scenario, on a clock that is moved by hand; nothing is deployed in it yet. */
export function builtInWorld(file: string): { sim: Sim; time: ManualScheduler } {
  const scenario = parseScenario(readFileSync(`local/scenarios/${file}.yaml`, 'utf8'), file);
  const time = manualScheduler(startMs);
  const sim = createSim(scenario.world, time, 1, 'test');
  sim.assignments = firstAssignments(sim);
  return { sim, time };
}
