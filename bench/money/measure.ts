// Counts what a day without trouble and one remediation cost, in scenarios on virtual time, and makes the bill of a month.
import { fileURLToPath } from 'node:url';
import { builtIn, playAll } from '../played/play.ts';
import type { Played } from '../played/played.ts';
import { type Bill, beyondIdle, billOf, type Operations } from './bill.ts';

export interface MoneyFigures {
  readonly idleADay: Operations;
  readonly aRemediation: Operations;
  readonly bills: readonly Bill[];
}

/** A role is missing, is granted, and the app recovers: what pullmedic does by itself, with all its looks. */
const usual = 'missing-acrpull-user-assigned';
/** As many remediations a day. */
const days = [0, 10, 1000] as const;

/** The host polls each queue at this pace while it is empty (`maxPollingInterval` of host.json): engine and Azure differ in that alone. */
const pollSeconds = 5;
const polledQueues = 3;
const secondsADay = 86_400;

/** Counts. The polling of an instance that is always on is added by reckoning: virtual time has no polls. */
export async function measureMoney(): Promise<MoneyFigures> {
  const files = [fileURLToPath(new URL('./idle.yaml', import.meta.url)), builtIn(usual)];
  const [idle, one] = await playAll(files.map((file) => ({ file, answersMs: 80 })));
  if (idle === undefined || one === undefined) throw new Error('a scenario was not played');
  const quiet = aDayOf(idle);
  const aRemediation = beyondIdle(operationsOf(one), quiet, one.lastedMs);
  const idleADay = { ...quiet, storage: quiet.storage + (polledQueues * secondsADay) / pollSeconds };
  return { idleADay, aRemediation, bills: days.map((remediations) => billOf(idleADay, aRemediation, remediations)) };
}

function operationsOf({ scenario, failures, storage, executions, logBytes }: Played): Operations {
  const [failure] = failures;
  if (failure !== undefined) throw new Error(`${scenario}: ${failure}`);
  return { storage: sumOf(storage), executions: sumOf(executions), logBytes };
}

function aDayOf(played: Played): Operations {
  const { storage, executions, logBytes } = operationsOf(played);
  const times = (secondsADay * 1000) / played.lastedMs;
  return { storage: storage * times, executions: executions * times, logBytes: logBytes * times };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
