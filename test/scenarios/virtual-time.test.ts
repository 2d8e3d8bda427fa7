// Every scenario on virtual time: what its file expects, at most the documented costs, the same timeline whatever else runs, and no broken
// promise whatever fails. The last is the short form of `npm run faults -- --scenarios N`.
import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import { costsOf } from '../../local/demo/costs.ts';
import type { Told } from '../../local/demo/told.ts';
import type { Met } from '../../local/engine/disturb.ts';
import { playInThreads } from '../../local/engine/threads.ts';
import { readScenario, type Scenario } from '../../local/scenarios/schema.ts';
import { documentedCosts, exceeded } from '../../tools/costs.ts';
import { sweepScenarios, violationsOf } from '../faults/scenario-sweep.ts';

const folders = ['local/scenarios', 'docs/examples'];

async function scenarios(): Promise<Scenario[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => `${folder}/${file}`),
  );
  return Promise.all(files.map(readScenario));
}

/** Runs work beside threads that never rest. */
async function besideBusyThreads<T>(count: number, work: () => Promise<T>): Promise<T> {
  const busy = Array.from({ length: count }, () => new Worker('for (;;) Math.sqrt(2);', { eval: true }));
  try {
    return await work();
  } finally {
    await Promise.all(busy.map((worker) => worker.terminate()));
  }
}

/** A guard against a run that never ends. It says nothing about speed: a busy machine takes long for hundreds of scenarios. */
const timeout = 1_800_000;

function follows({ events }: Scenario): boolean {
  return events.some((event) => 'when' in event && event.when === 'pullmedic-sees-it-stuck');
}

describe('scenarios on virtual time', () => {
  let all: readonly Told[] = [];
  const met: Met[] = [];

  beforeAll(async () => {
    all = await playInThreads(await scenarios(), 2, { onTold: (_, index, one) => void (met[index] = one) });
  }, timeout);

  it('come out as their files expect', () => {
    const wrong = all.flatMap(({ scenario, failures }) => failures.map((one) => ({ scenario: scenario.name, ...one })));

    expect(all.length).toBeGreaterThan(80);
    expect(wrong).toEqual([]);
    // What the sweep of disturbed runs counts as a violation is none where nothing was disturbed.
    expect(all.filter((told) => violationsOf(told).length > 0).map(({ scenario }) => scenario.name)).toEqual([]);
  });

  it('have no look that takes more than the table of costs says', () => {
    expect(exceeded(documentedCosts(readFileSync('docs/costs.md', 'utf8')), costsOf(all))).toEqual([]);
  });

  it('break no promise with one request spoilt or one kill each, whichever scenario it is', { timeout }, async () => {
    // An event that follows a read of pullmedic's falls between its last look and its change, once a read before that was spoilt.
    const fixed = all
      .map(({ scenario }, index) => ({ scenario, met: met[index] }))
      .filter(({ scenario }) => !follows(scenario));
    const scenarios = fixed.map(({ scenario }) => scenario);
    const room = fixed.flatMap((one) => one.met ?? []);
    const outcomes = await sweepScenarios({ scenarios, runs: scenarios.length, seed: 5, threads: 2, met: room });

    expect(outcomes.filter(({ struck }) => struck).length).toBeGreaterThan(scenarios.length / 2);
    expect(outcomes.filter(({ violations }) => violations.length > 0)).toEqual([]);
  });

  it('give the same histories and the same timeline, byte for byte, in another order and beside busy threads', {
    timeout,
  }, async () => {
    const some = all.filter((_, index) => index % 12 === 0).map(({ scenario }) => scenario);
    const again = await besideBusyThreads(3, () => playInThreads([...some].reverse(), 1));

    const first = all.filter(({ scenario }) => some.includes(scenario));
    expect(again.reverse().map((told) => JSON.stringify(told))).toEqual(first.map((told) => JSON.stringify(told)));
  });
});

describe('a scenario that cannot be played on virtual time', () => {
  it('says which settings pullmedic refuses', async () => {
    const [scenario] = await scenarios();
    if (scenario === undefined) throw new Error('no scenario');
    const spoilt = { ...scenario, pullmedic: { ...scenario.pullmedic, settings: { stableMinutes: 'soon' } } };

    await expect(playInThreads([spoilt], 1)).rejects.toThrow(/pullmedic cannot use these settings\.\n.*stableMinutes/);
  });

  it('says what was expected and what was seen where an expectation does not hold', async () => {
    const told = await playInThreads([await readScenario('test/scenarios/expects-too-much.yaml')], 1);

    expect(told.flatMap(({ failures }) => failures)).toContainEqual({
      what: expect.stringContaining('ended') as string,
      expected: 'recovered',
      seen: 'withdrawn',
    });
  });
});
