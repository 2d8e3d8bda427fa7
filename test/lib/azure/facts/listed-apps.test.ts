// In a crowd of signals one list of all apps spares a request for each of them; a few signals ask for no list.
import { expect, it } from 'vitest';
import { listedApps } from '../../../../src/lib/azure/facts/listed-apps.ts';
import type { AppList } from '../../../../src/lib/evidence/reads.ts';
import { type Fact, known, unreadable } from '../../../../src/lib/words/fact.ts';
import { appId, arm, jobId, minute, nowMs } from '../../facts.ts';

const summary = { id: appId, provisioningState: 'Succeeded', latestRevision: 'ca-shop--1', images: ['a/b:v1'] };

/** A list that answers this, and how many apps were asked for before the one that counts. */
function listing(answer: () => Fact<AppList> = () => known({ apps: [summary], skipped: 0 })) {
  const wanted: number[] = [];
  const clock = { atMs: nowMs };
  const listed = listedApps(
    async (sinceMs) => {
      wanted.push(sinceMs);
      return answer();
    },
    () => clock.atMs,
  );
  return {
    wanted,
    clock,
    listed,
    ask: async (times: number) => {
      for (let asked = 0; asked < times; asked += 1) await listed(appId);
    },
  };
}

it('is not asked for the first sixty apps of a minute, and answers from the next one on', async () => {
  const { listed, ask, wanted } = listing();
  await ask(59);

  expect(await listed(appId)).toBeUndefined();
  expect(wanted).toEqual([]);
  expect(await listed(appId)).toEqual(summary);
  expect(wanted).toEqual([nowMs - minute]);
});

it('says nothing of an app that is not on it', async () => {
  const { listed, ask } = listing();
  await ask(60);

  expect(await listed(jobId)).toBeUndefined();
  expect(await listed(arm(`${appId}-2`))).toBeUndefined();
});

it('counts anew in each minute', async () => {
  const { listed, ask, clock } = listing();
  await ask(61);
  clock.atMs += minute;

  expect(await listed(appId)).toBeUndefined();
});

it('that cannot be read is asked for once a minute', async () => {
  const { listed, ask, clock, wanted } = listing(() => unreadable('forbidden'));
  await ask(100);

  expect(await listed(appId)).toBeUndefined();
  expect(wanted).toHaveLength(1);
  clock.atMs += minute;
  await ask(61);
  expect(wanted).toHaveLength(2);
});

it('that changed says what it says now', async () => {
  let state = 'Succeeded';
  const { listed, ask } = listing(() => known({ apps: [{ ...summary, provisioningState: state }], skipped: 0 }));
  await ask(61);
  state = 'Failed';

  expect((await listed(appId))?.provisioningState).toBe('Failed');
});
