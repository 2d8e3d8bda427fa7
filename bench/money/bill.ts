// What pullmedic costs a month: counted operations times list prices.

/**
 * List prices in US dollars of a region in the United States, as of 2025, from the public price pages of Azure. They change: put in your own.
 * - executions and compute: Azure Functions pricing, Flex Consumption, on demand (instances of 2 GB)
 * - storage: Azure Queue Storage and Table Storage pricing, for each 10,000 operations; the dearer of the two is taken for both
 * - telemetry: Azure Monitor pricing, Analytics Logs, pay as you go
 */
export const prices = {
  executions: 0.4 / 1_000_000,
  gigabyteSeconds: 0.000026,
  storage: 0.004 / 10_000,
  telemetryGigabytes: 2.76,
} as const;

/** What is counted: operations of storage, executions of functions, bytes of log lines. */
export interface Operations {
  readonly storage: number;
  readonly executions: number;
  readonly logBytes: number;
}

export interface Bill extends Operations {
  readonly remediationsADay: number;
  readonly dollars: number;
}

const days = 30;

/** An estimate, not a measurement: how long an execution takes, in seconds, on an instance of 2 GB. The least that is billed is one. */
const secondsAnExecution = 1;
const instanceGigabytes = 2;

/** Of a whole month: what happens without any failure, and so many remediations each day. */
export function billOf(idleADay: Operations, each: Operations, remediationsADay: number): Bill {
  const total = (of: (operations: Operations) => number): number =>
    Math.round(days * (of(idleADay) + remediationsADay * of(each)));
  const storage = total((one) => one.storage);
  const executions = total((one) => one.executions);
  const logBytes = total((one) => one.logBytes);
  const dollars =
    storage * prices.storage +
    executions * (prices.executions + secondsAnExecution * instanceGigabytes * prices.gigabyteSeconds) +
    (logBytes / 1e9) * prices.telemetryGigabytes;
  return { remediationsADay, storage, executions, logBytes, dollars };
}

/** The operations of one more remediation: those of the scenario without what the same time costs anyway. Never below nothing. */
export function beyondIdle(played: Operations, idleADay: Operations, lastedMs: number): Operations {
  const share = lastedMs / 86_400_000;
  const left = (of: (operations: Operations) => number): number => Math.max(0, of(played) - share * of(idleADay));
  return {
    storage: left((one) => one.storage),
    executions: left((one) => one.executions),
    logBytes: left((one) => one.logBytes),
  };
}
