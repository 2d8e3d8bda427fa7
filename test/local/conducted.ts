// A process on a shared clock of its own, for the test of the conductor: prints what passed in real and in simulated time, as JSON.
import { realNow, underWay } from '../../local/clock.ts';
import { startConductor } from '../../local/conductor.ts';

const speed = 60;
const conductor = startConductor(Date.parse('2026-06-01T02:00:00Z'), speed);

async function pause(realMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, realMs));
}

async function measured(work: () => Promise<void>): Promise<{ realMs: number; simulatedMs: number }> {
  const [real, simulated] = [realNow(), Date.now()];
  await work();
  return { realMs: realNow() - real, simulatedMs: Date.now() - simulated };
}

function blockFor(realMs: number): void {
  for (const untilMs = realNow() + realMs; realNow() < untilMs; );
}

const idle = await measured(async () => {
  for (const untilMs = Date.now() + 60_000; Date.now() < untilMs; ) await pause(10);
});
const began = Date.now();
const atWork = await measured(() => underWay(() => pause(1500), false));
const kept = conductor.clock.behindSince(began);
const blocked = await measured(async () => blockFor(1000));
const silent = conductor.clock.enter();
await pause(200);
const waiting = await measured(() => pause(1000));
silent.leave();
process.stdout.write(JSON.stringify({ speed, idle, atWork, kept, blocked, waiting, pace: conductor.pace() }), () => {
  conductor.stop();
  process.exit(0);
});
