// A thread that plays scenarios and counts. The clock is loaded first: every module loaded after it uses virtual time.

import { workloadsOf } from '../../local/azure/world/workloads.ts';
import { isPrivate } from '../../local/demo/judge.ts';
import type { Told } from '../../local/demo/told.ts';
import { playOnVirtualTime } from '../../local/engine/play.ts';
import { virtualTime } from '../../local/engine/virtual-time.ts';
import { readHostJson } from '../../local/host/settings.ts';
import { readScenario } from '../../local/scenarios/schema.ts';
import { answerOrders } from '../thread/orders.ts';
import type { Call, LookCalls, Order, Played } from './played.ts';

/** The judge of the scenario reads these; time stands still meanwhile, so nothing else runs. */
const visits = new Set(['remediations', 'incidents', 'remediations-one', 'incidents-one']);

answerOrders(played);

async function played({ file, answersMs }: Order): Promise<Played> {
  const scenario = await readScenario(file);
  const { world } = scenario;
  const calls: Call[] = [];
  const [storage, executions] = [counts(), counts()];
  let logBytes = 0;
  let isVisit = false;
  const course = await playOnVirtualTime(
    { ...scenario, world: { ...world, delays: { ...world.delays, answers: answersMs } } },
    await readHostJson('host.json'),
    {
      onProgress: () => undefined,
      onLog: (line) => {
        logBytes += Buffer.byteLength(line);
      },
      onExchange: ({ request: { method, url } }) => {
        const { host, pathname } = new URL(url);
        if (host !== 'delivered') calls.push({ atMs: virtualTime.now(), method, host, path: pathname.toLowerCase() });
      },
      onStorage: (call) => {
        if (!isVisit) storage.add(call);
      },
      onInvocation: (name) => {
        isVisit = visits.has(name);
        if (!isVisit) executions.add(name);
      },
    },
  );
  return {
    scenario: scenario.name,
    calls,
    looks: looksIn(course.told),
    storage: storage.all,
    executions: executions.all,
    logBytes,
    lastedMs: virtualTime.now() - Date.parse(world.start),
    failures: course.told.failures.map(({ what, expected, seen }) => `${what}: expected ${expected}, seen ${seen}`),
  };
}

function looksIn({ scenario, histories }: Told): LookCalls[] {
  const kinds = new Map(workloadsOf(scenario.world).map(({ name, id }) => [name, kindOf(id)]));
  return histories.remediations.map(({ target, causes, mostCalls }) => ({
    kind: kinds.get(target.appName) ?? 'app',
    registry: isPrivate(scenario, target) ? 'private' : 'public',
    causes,
    arm: mostCalls.control,
    logs: mostCalls.logs,
  }));
}

function kindOf(id: string): LookCalls['kind'] {
  if (id.includes('/Microsoft.App/jobs/')) return 'job';
  return id.includes('/Microsoft.ContainerInstance/') ? 'container group' : 'app';
}

function counts(): { readonly all: Record<string, number>; add(name: string): void } {
  const all: Record<string, number> = {};
  return {
    all,
    add: (name) => {
      all[name] = (all[name] ?? 0) + 1;
    },
  };
}
