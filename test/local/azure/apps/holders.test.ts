// Who else holds the identity, and a new revision asked for: our own reads and writes through the real SDKs, against the simulated Azure.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedAzure, source, startAzure } from '../../started-azure.ts';
import { small } from '../registry-worlds.ts';

let started: StartedAzure;
let azure: StartedAzure['azure'];

const orders = 'acrshop.azurecr.io/shop/orders:v1';
const { world } = small({
  environments: [{ name: 'cae-shop', systemIdentity: true }, { name: 'cae-other' }],
  identities: [{ name: 'id-orders' }, { name: 'id-orders2' }],
  apps: [
    { name: 'ca-orders', environment: 'cae-shop', pullIdentity: 'id-orders', containers: [{ image: orders }] },
    { name: 'ca-same', environment: 'cae-other', identities: ['id-orders'], containers: [{ image: orders }] },
    // Its name begins like the other one.
    { name: 'ca-none', environment: 'cae-shop', identities: ['id-orders2'], containers: [{ image: orders }] },
    { name: 'ca-own', environment: 'cae-shop', pullIdentity: 'system', containers: [{ image: orders }] },
    { name: 'ca-env', environment: 'cae-shop', pullIdentity: 'system-environment', containers: [{ image: orders }] },
  ],
}).sim;

beforeAll(async () => {
  started = await startAzure(world, 'holders');
  azure = started.azure;
});

afterAll(() => started.stop());

/** Runs code of ours in a process that sees nothing but the simulation; `answer` is what it says. */
async function ask(app: string, code: string): Promise<Record<string, unknown>> {
  const script = `
    const { connect } = await import('${source('azure/clients/clients.ts')}');
    const { probesOf } = await import('${source('azure/facts/evidence.ts')}');
    const { askNewRevision } = await import('${source('azure/actions/actions.ts')}');
    const { withFacts, appOf } = await import('${source('evidence/evidence.ts')}');
    const { nextProbes } = await import('${source('look/probes.ts')}');
    const { targetOf } = await import('${source('words/target.ts')}');
    const { parseArmId } = await import('${source('words/arm-id.ts')}');
    const clients = connect(process.env.AZURE_CLIENT_ID, 'public');
    const readProbe = probesOf({ clients, subscriptions: ['${world.subscription}'] });
    const appId = parseArmId('/subscriptions/${world.subscription}/resourceGroups/rg-apps/providers/Microsoft.App/containerApps/${app}');
    const target = targetOf(appId, '${orders}');
    const read = (probe, evidence) => readProbe(probe, target, evidence, 0);
    let evidence = { atMs: Date.now() };
    ${code}
    console.log(JSON.stringify(answer));`;
  return (await started.runs(script)) as Record<string, unknown>;
}

const look = `
    const calls = {};
    for (let wanted = nextProbes(target, evidence); wanted.length > 0; wanted = nextProbes(target, evidence)) {
      const before = evidence;
      const answers = await Promise.all(wanted.map((probe) => read(probe, before)));
      wanted.forEach((probe, index) => { calls[probe] = answers[index].calls; });
      evidence = withFacts(evidence, ...answers.map((one) => one.facts));
    }
    const answer = { holders: evidence.holders, calls };`;

function names(holders: unknown): string[] {
  const { value } = holders as { value: { resources: { id: string }[] } };
  return value.resources.map(({ id }) => id.split('/').at(-1) ?? '').toSorted();
}

describe('who else would get the role', () => {
  it('is every holder of the identity, and none of one whose name begins alike', async () => {
    const { holders, calls } = await ask('ca-orders', look);

    expect(names(holders)).toEqual(['ca-orders', 'ca-same']);
    expect(holders).toMatchObject({ value: { tenant: 'same' } });
    expect(calls).toMatchObject({ holders: 1 });
  });

  it('is everybody in the environment where its identity pulls', async () => {
    expect(names((await ask('ca-env', look))['holders'])).toEqual(['ca-env', 'ca-none', 'ca-orders', 'ca-own']);
  });

  it('is nobody where the app pulls with its own identity, and costs no call', async () => {
    const { holders, calls } = await ask('ca-own', look);

    expect(names(holders)).toEqual([]);
    expect(calls).toMatchObject({ holders: 0 });
  });

  it('fits into twelve calls to the control plane for a look at a public registry', async () => {
    const { calls } = await ask('ca-orders', look);
    const { logs: _logs, manifest: _manifest, ...rest } = calls as Record<string, number>;

    expect(Object.values(rest).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(12);
  });
});

const app = 'evidence = withFacts(evidence, (await read("app", evidence)).facts);';
const asks = (template: string): string =>
  `${app} const answer = await askNewRevision(clients, appId, 'pm-1', ${template}, async () => undefined);`;

describe('a new revision', () => {
  it('is not asked for when the template is another than the one that was read', async () => {
    const answer = await ask('ca-own', asks('"another"'));

    expect(answer).toEqual({ outcome: 'withheld', because: 'superseded: changed' });
    expect(azure.state().newRevisions).toBe(0);
  });

  it('is asked for by its suffix alone, and is not waited for', async () => {
    const answer = await ask('ca-own', asks('appOf(evidence).template'));
    const sent = azure.sim.calls.findLast((call) => call.method === 'PATCH');

    expect(answer).toEqual({ outcome: 'unknown', because: 'accepted' });
    expect(sent?.status).toBe(202);
    expect(azure.state()).toMatchObject({ newRevisions: 1, refused: [] });
  });
});
