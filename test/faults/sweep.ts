// Every model with one fault each, at every call. Prints a line that plays a violation again.
import { archiveModels } from './archive-models.ts';
import { models } from './models.ts';
import { type Fault, type Outcome, play, type Run } from './run.ts';

export interface Swept {
  readonly runs: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly violations: readonly { readonly run: Run; readonly what: readonly string[] }[];
}

/** Calls at which faults are put: all of them, or every n-th. */
function places(calls: number, step: number, offset: number): number[] {
  return Array.from(
    { length: Math.ceil(calls / step) },
    (_, index) => 1 + ((index * step + offset) % Math.max(1, calls)),
  );
}

/** At this call: the host dies, the request is lost, or its answer. */
export function faultsAt(call: number): Fault[] {
  return (['before', 'after'] as const).flatMap((when): Fault[] => [
    { kind: 'kill', call, when },
    { kind: 'error', call, when },
  ]);
}

/** Every kind of fault, at every `step`-th call of a run of so many. */
export function faultsOf(calls: number, step: number, seed: number): Fault[] {
  const single = places(calls, step, seed % step).flatMap(faultsAt);
  return [...single, { kind: 'five-times' }, { kind: 'reorder' }, { kind: 'skew' }, { kind: 'two-hosts' }];
}

/** How a violation is played again. */
export function replayOf({ model, fault, seed }: Run, on = ''): string {
  return `npm run faults -- ${on}--only ${model.name} --fault '${JSON.stringify(fault)}' --seed ${seed}`;
}

/** Adds runs up. */
export function tally(): { add(run: Run, outcome: Outcome): void; result(): Swept } {
  const violations: { run: Run; what: readonly string[] }[] = [];
  const faults: Record<string, number> = {};
  let runs = 0;
  return {
    add(run, outcome) {
      runs += 1;
      const name = nameOf(run.fault);
      faults[name] = (faults[name] ?? 0) + 1;
      if (outcome.violations.length > 0) violations.push({ run, what: outcome.violations });
    },
    result: () => ({ runs, faults, violations }),
  };
}

/** What a fault is called in the count. */
function nameOf(fault: Fault): string {
  if (fault.kind !== 'storage') return fault.kind;
  const { strike } = fault;
  return strike.do === 'answer' ? `storage ${strike.status}` : `storage ${strike.do} ${strike.when}`;
}

export interface SweepOptions {
  /** A fault at every n-th call. */
  readonly step: number;
  readonly seeds: readonly number[];
  /** Called after each run. */
  readonly onRun?: (played: number, run: Run, outcome: Outcome) => void;
}

export async function sweep({ step, seeds, onRun }: SweepOptions): Promise<Swept> {
  const swept = tally();
  async function one(run: Run): Promise<Outcome> {
    const outcome = await play(run);
    swept.add(run, outcome);
    onRun?.(swept.result().runs, run, outcome);
    return outcome;
  }
  for (const model of [...models, ...archiveModels]) {
    for (const seed of seeds) {
      const { calls } = await one({ model, fault: { kind: 'none' }, seed });
      for (const fault of faultsOf(calls, step, seed)) await one({ model, fault, seed });
    }
  }
  return swept.result();
}
