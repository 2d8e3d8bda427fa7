// A thread that plays one soak and measures how much memory pullmedic holds at its end. The clock is loaded first: every module loaded
// after it uses virtual time.

import { z } from 'zod';
import { base, startPlay } from '../../local/engine/play.ts';
import { virtualTime } from '../../local/engine/virtual-time.ts';
import { readHostJson } from '../../local/host/settings.ts';
import { readScenario } from '../../local/scenarios/schema.ts';
import { liveBytes } from '../outcome/live-bytes.ts';
import { answerOrders } from '../thread/orders.ts';
import type { Held, Order } from './held.ts';

const halfHourMs = 30 * 60_000;
/** Read by people twice an hour, so that what the pages keep in memory counts too. */
const pages = ['now', 'history', 'incidents', 'measures'] as const;

answerOrders(soaked);

async function soaked({ file, hours }: Order): Promise<Held> {
  const counted = { steps: 0 };
  const playing = await startPlay(await readScenario(file), await readHostJson('host.json'), {
    onProgress: () => undefined,
    onLog: () => undefined,
    onInvocation: (name) => {
      if (name === 'on-step') counted.steps += 1;
    },
  });
  const beganMs = virtualTime.now();
  for (let half = 1; half <= hours * 2; half += 1) {
    const untilMs = beganMs + half * halfHourMs;
    virtualTime.at(untilMs, () => undefined);
    while (virtualTime.now() < untilMs && (await virtualTime.jump()));
    for (const page of pages) await (await read(`/api/${page}`)).text();
  }
  const remediations = await remediationsOf();
  const withApp = liveBytes();
  playing.process.kill();
  await virtualTime.settle();
  const withoutApp = liveBytes();
  return { hours, ...counted, ...remediations, appBytes: withApp - withoutApp, worldBytes: withoutApp };
}

async function read(path: string): Promise<Response> {
  const response = await virtualTime.goOnUntil(fetch(`${base}${path}`));
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  return response;
}

/** How many remediations there are, and how many of them have ended, from the list for programs, page by page. */
async function remediationsOf(): Promise<Pick<Held, 'opened' | 'ended'>> {
  const states: string[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const answer = await read(`/api/remediations${after === '' ? '' : `?after=${encodeURIComponent(after)}`}`);
    const page = pageOf.parse(await answer.json());
    states.push(...page.remediations.map(({ state }) => state));
    after = page.next;
  }
  return { opened: states.length, ended: states.filter((state) => state === 'closed').length };
}

const pageOf = z.object({ remediations: z.array(z.object({ state: z.string() })), next: z.string().optional() });
