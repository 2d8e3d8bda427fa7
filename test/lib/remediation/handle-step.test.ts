import { describe, expect, it } from 'vitest';
import { type IncidentView, listIncidents, showRemediation } from '../../../src/lib/console/views.ts';
import { sayUnread } from '../../../src/lib/console/words.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  assignment,
  config,
  dnsUnlinked,
  minute,
  nowMs,
  pulledAgain,
  pulledRow,
  readyReplica,
  roleMissing,
  signal,
  stuckReplica,
  unauthorizedRow,
  vnetId,
  zoneId,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { onlyRemediation } from '../stored.ts';

async function incident(running: Memory): Promise<IncidentView | undefined> {
  return (await listIncidents(running.ports))[0];
}

const scaryRow = {
  ...unauthorizedRow,
  reason: 'ContainerTerminated',
  severity: 'Warning',
  text: "Container 'app' was terminated with exit code '1' and reason 'ProcessExited'. 401 unauthorized, access denied, not found",
};
const crashing = {
  ...stuckReplica,
  containers: [
    {
      ...stuckReplica.containers[0],
      name: 'app',
      ready: false,
      state: 'Waiting',
      details: 'Container is waiting with reason: CrashLoopBackOff on legion.',
    },
  ],
};

describe('a missing pull role', () => {
  it('is granted once, and closes as recovered only after ten stable minutes', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    running.world.evidence = { ...roleMissing, roles: known([assignment(0, { createdAtMs: nowMs })]) };
    await running.pass(4 * minute);
    running.world.evidence = pulledAgain(roleMissing, running.world.nowMs);
    await running.pass(3 * minute);

    expect((await onlyRemediation(running)).state).toBe('waiting');
    await running.pass(11 * minute);

    const view = await onlyRemediation(running);
    expect(view.closed?.how).toBe('recovered');
    expect(view.causes).toEqual(['pull-role-missing']);
    expect(running.world.granted).toHaveLength(1);
  });

  it('is proposed and not granted in observe mode', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);

    await running.deliver(signal);

    expect(running.world.granted).toEqual([]);
    expect((await onlyRemediation(running)).refusals).toEqual(['mode: observe']);
    expect((await incident(running))?.commands[0]?.text).toContain('az role assignment create');
  });

  it('is looked at again, not handed to a person, when a look took too long to act on', async () => {
    const running = memory(config(), { ...roleMissing, atMs: nowMs }, nowMs);
    let reads = 0;
    running.world.before = (call) => {
      // The logs of the first look take four minutes.
      if (call === 'probe.logs' && ++reads === 1) running.world.nowMs += 4 * minute;
    };

    await running.deliver(signal);
    expect(running.world.granted).toEqual([]);
    expect(await incident(running)).toBeUndefined();
    await running.pass(minute / 2);

    expect(running.world.granted).toHaveLength(1);
  });

  it('is granted once for the same alert delivered five times', async () => {
    const running = memory(config(), roleMissing, nowMs);

    for (let delivery = 0; delivery < 5; delivery += 1) await running.deliver(signal);

    expect(running.world.granted).toHaveLength(1);
    expect((await onlyRemediation(running)).signals).toBe(1);
  });
});

describe('a DNS link that is missing under a log that says unauthorized', () => {
  it('is never answered with a grant; the incident closes by itself once the link is there', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const opened = await incident(running);
    running.world.evidence = {
      ...dnsUnlinked,
      zones: known([
        {
          id: zoneId,
          links: known([{ vnetId, completed: true, redirects: false }]),
          records: known({ acrshop: ['10.70.4.5'] }),
        },
      ]),
      logs: known([unauthorizedRow, { ...pulledRow, atMs: nowMs + minute }]),
      replicas: known([readyReplica]),
    };
    const change: Signal = {
      id: 'event|1',
      via: 'resource-event',
      about: { kind: 'change', resource: zoneId },
      atMs: nowMs,
    };
    running.world.nowMs += minute;
    await running.deliver(change);
    await running.pass(12 * minute);

    expect(opened).toMatchObject({ cause: 'private-dns-unlinked', state: 'open' });
    expect(opened?.commands[0]?.text).toContain('az network private-dns link vnet create');
    expect(await incident(running)).toMatchObject({ state: 'resolved' });
    expect((await onlyRemediation(running)).closed?.how).toBe('recovered');
    expect(running.world.granted).toEqual([]);
  });
});

describe('standing down', () => {
  it('closes what the text and the control plane agree is no pull failure', async () => {
    const running = memory(config(), { ...roleMissing, revisions: known([]), logs: known([scaryRow]) }, nowMs);
    const revisions = roleMissing.revisions ?? known([]);
    running.world.evidence = {
      ...roleMissing,
      revisions: revisions.read
        ? known(revisions.value.map((one) => ({ ...one, details: 'Container crashing: app' })))
        : revisions,
      logs: known([scaryRow]),
      replicas: known([crashing]),
    };

    await running.deliver(signal);

    expect((await onlyRemediation(running)).closed).toMatchObject({ how: 'withdrawn', because: 'not-a-pull-failure' });
  });

  const refusal = "denied: client with IP '20.1.2.3' is not allowed access";
  const serving = { ...roleMissing, replicas: known([readyReplica]) };

  it.each([
    ['push', `docker push acrshop.azurecr.io/other:v9: ${refusal}`],
    ['build', `az acr build --registry acrshop .: ${refusal}`],
  ])('names a %s that the registry refused, and asks nobody', async (work, text) => {
    const row = { ...scaryRow, text };
    const running = memory(config(), { ...serving, logs: known([row]) }, nowMs);

    await running.deliver(signal);

    expect((await onlyRemediation(running)).closed).toMatchObject({ how: 'withdrawn', because: `${work}-refused` });
    expect(await onlyRemediation(running)).toMatchObject({ causes: [], suspicion: 'not-a-pull-failure', actions: [] });
    expect(running.world.granted).toEqual([]);
  });

  it('does not happen for a push that was refused while the app’s own pull fails', async () => {
    const row = { ...scaryRow, text: `docker push acrshop.azurecr.io/other:v9: ${refusal}` };
    const running = memory(config(), { ...roleMissing, logs: known([unauthorizedRow, row]) }, nowMs);

    await running.deliver(signal);

    expect((await onlyRemediation(running)).closed).toBeUndefined();
    expect(running.world.granted).toHaveLength(1);
  });

  it('does not happen while the control plane shows a pull in trouble', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), { ...roleMissing, logs: known([scaryRow]) }, nowMs);

    await running.deliver(signal);

    expect((await onlyRemediation(running)).state).toBe('needs-person');
  });

  it('does not happen because the logs could not be read', async () => {
    const running = memory(
      config({ PULLMEDIC_MODE: 'observe' }),
      { ...roleMissing, logs: unreadable('throttled') },
      nowMs,
    );

    await running.deliver(signal);

    const view = await onlyRemediation(running);
    expect(view.closed).toBeUndefined();
    const { entries = [] } = (await showRemediation(running.ports, view.id)) ?? {};
    expect(entries.flatMap(({ entry }) => sayUnread(entry))).toContain(
      'logs (throttled: Azure answered that too many requests were sent)',
    );
  });
});

describe('recovery', () => {
  it('is not believed on a log row alone', async () => {
    const running = memory(
      config({ PULLMEDIC_MODE: 'observe' }),
      { ...roleMissing, logs: known([unauthorizedRow, { ...pulledRow, atMs: nowMs + minute }]) },
      nowMs,
    );

    await running.deliver(signal);
    await running.pass(30 * minute);

    expect((await onlyRemediation(running)).closed).toBeUndefined();
  });

  it('starts over when the pull fails again within the stable time', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    running.world.evidence = pulledAgain(roleMissing, nowMs + minute);
    await running.pass(3 * minute);
    running.world.evidence = { ...pulledAgain(roleMissing, nowMs + minute), replicas: known([stuckReplica]) };
    await running.pass(12 * minute);

    expect((await onlyRemediation(running)).closed).toBeUndefined();
  });
});

describe('two root causes', () => {
  it('keep the grant back until the network is right', async () => {
    const running = memory(config(), { ...dnsUnlinked, roles: known([]) }, nowMs);

    await running.deliver(signal);

    expect(running.world.granted).toEqual([]);
    expect((await onlyRemediation(running)).causes).toEqual(['pull-role-missing', 'private-dns-unlinked']);
  });
});
