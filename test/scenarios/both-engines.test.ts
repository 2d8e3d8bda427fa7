// The tour on real parts and on virtual time: both engines come to the same history.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Remediation } from '../../local/demo/answers.ts';
import type { Told } from '../../local/demo/told.ts';
import { playInThreads } from '../../local/engine/threads.ts';
import { tour } from '../../local/scenarios/built-in.ts';
import { putOffWords, waitWords } from '../../src/lib/console/words.ts';

const run = promisify(execFile);

async function onRealParts(): Promise<Told[]> {
  const port = String(22_000 + (process.pid % 100) * 10);
  const { stdout } = await run(process.execPath, ['test/scenarios/tour-on-real-parts.ts', port], {
    maxBuffer: 50_000_000,
  });
  return JSON.parse(stdout) as Told[];
}

/** Whether a restart pays depends on how long the platform's next try is away at that moment: a file may leave it open. */
function leavesRestartsOpen({ scenario }: Told): boolean {
  return scenario.expect.azure.restarts === 'any';
}

/** Sentences about a restart. In mode approve it has a question and an answer of its own; other images of its revision wait for it. */
const ofARestart = /: (?:Restarts |restart: |Asks for approval to restart |The restart was )/;

const waiting = [...Object.values(waitWords), ...Object.values(putOffWords)];

/** What a look says while it waits: whether a look falls into a short wait depends on the clock. */
function isWaiting(sentence: string): boolean {
  return waiting.some((words) => sentence.endsWith(`: ${words}`)) || /: Remediation \S+ restarted /.test(sentence);
}

function withoutRepeats(sentences: readonly string[]): string[] {
  return sentences.filter((sentence, index) => sentence !== sentences[index - 1]);
}

/** What pullmedic decided and did, in its own sentences. How often it looked in between follows from the time that things take. */
function decisions(told: Told): string[] {
  const all = told.timeline.flatMap(({ text }) =>
    /^pullmedic, [^:]+: (?!Looked|Opened|Joined)/.test(text) ? [text] : [],
  );
  const open = leavesRestartsOpen(told);
  return withoutRepeats(all.filter((text) => !isWaiting(text)).filter((text) => !open || !ofARestart.test(text)));
}

function endOf(told: Told, one: Remediation) {
  const incident = told.histories.incidents.find(({ id }) => id === one.incident);
  const open = leavesRestartsOpen(told);
  return {
    app: one.target.appName,
    image: one.target.image,
    causes: one.causes,
    sure: one.sureness,
    decision: one.decision,
    refusals: one.refusals,
    actions: one.actions
      .filter(({ action }) => !open || action !== 'restart')
      .map(({ action, outcome }) => [action, outcome]),
    approval: one.approval?.state,
    undo: one.undo?.state,
    ended: one.closed === undefined ? one.state : [one.closed.how, one.closed.because],
    incident: incident === undefined ? undefined : [incident.cause, incident.state, incident.title],
  };
}

function essence(told: Told) {
  const { assigned, removed, newRevisions } = told.azure;
  const plain = (all: Told['azure']['assigned']): string[] =>
    all.map(({ roleId, principalId, scope }) => `${roleId} to ${principalId} on ${scope}`);
  return {
    failures: told.failures,
    decisions: decisions(told),
    remediations: told.histories.remediations.map((one) => endOf(told, one)),
    azure: { assigned: plain(assigned), removed: plain(removed), newRevisions },
  };
}

describe('both engines', () => {
  let real: readonly Told[] = [];
  let virtual: readonly Told[] = [];

  beforeAll(async () => {
    real = await onRealParts();
    virtual = await playInThreads(
      real.map(({ scenario }) => scenario),
      2,
    );
    // The clock waits for a busy machine, so that this takes longer there and comes to the same.
  }, 1_500_000);

  it.for([...tour])('come to the same causes, decisions, actions and ending: %s', (name, { skip }) => {
    const [left, right] = [real, virtual].map((all) => all.filter(({ scenario }) => scenario.name === name));

    expect(left).toHaveLength(1);
    const behindMs = left?.[0]?.behindMs ?? 0;
    skip(behindMs > 0, `This machine fell behind the clock by ${Math.ceil(behindMs / 1000)} simulated seconds.`);
    expect(right?.map(essence)).toEqual(left?.map(essence));
  });
});
