import { describe, expect, it } from 'vitest';
import { startWebhook } from '../../../../local/incidents/webhook.ts';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import { webhook } from '../../../../src/lib/incidents/systems/webhook.ts';
import { systemHealth } from '../../../../src/lib/telling/system-health.ts';
import { Secret } from '../../../../src/lib/words/secret.ts';
import { minute } from '../../facts.ts';
import { joined, opened, Team } from '../../telling/scripted.ts';
import { incidentContract } from '../incident-contract.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

incidentContract({
  name: 'webhook',
  start: (now) => startWebhook(secret, now),
  make: (server, outside) =>
    webhook({ url: new Secret(`${server.url}/hook?key=in-the-address`), secrets: [new Secret(secret)] }, outside),
  afterReturn: 1,
});

describe('a receiver of webhooks', () => {
  it('that answers 410 is switched off: nothing is sent to it any more, until a person tries it', async () => {
    const receiver = await startWebhook(secret, () => team.running.world.nowMs);
    const network = outside(
      async () => 'token',
      () => team.running.world.nowMs,
    );
    const hook = webhook({ url: new Secret(receiver.url), secrets: [new Secret(secret)] }, network);
    const team = new Team({ hook });
    receiver.switchOff();
    await team.changes(opened, joined(0));
    await team.pass(48 * 60 * minute);
    await team.changes(joined(1));
    await team.pass(48 * 60 * minute);

    expect(receiver.requests()).toHaveLength(1);
    expect(await systemHealth(team.running.ports, ['hook'])).toMatchObject([{ state: 'off' }]);
    await receiver.stop();
  });
});
