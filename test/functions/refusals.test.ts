// A refusal is forgotten by a person who says who they are and why, and by no request that leaves that out.
import { describe, expect, it } from 'vitest';
import { registerRefusals } from '../../src/functions/refusals.ts';
import { listRemediations } from '../../src/lib/console/views.ts';
import { recallAccess, remember } from '../../src/lib/remediation/access-memory.ts';
import { valueOf } from '../../src/lib/words/fact.ts';
import { remediationIdOf } from '../../src/lib/words/target.ts';
import { acrPull, appId, principal, registryId, signal, targetId } from '../lib/facts.ts';
import { type Doors, doors } from './doors.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const another = remediationIdOf(targetId, 1);
const body = JSON.stringify({ by: ' Ada ', why: 'the app was reviewed' });

async function bound(): Promise<Doors & { readonly id: string }> {
  const made = doors(registerRefusals);
  const { ports } = made.running;
  await remember(ports, grant, { kind: 'grant-refused', grant, how: 'unanswered', remediation: another, app: appId });
  await made.running.deliver(signal);
  return { ...made, id: (await listRemediations(ports))[0]?.id ?? '' };
}

describe('a refusal', () => {
  it('is forgotten through a door that needs a function key', () => {
    expect(doors(registerRefusals).options('forget-refusal')).toMatchObject({
      authLevel: 'function',
      methods: ['POST'],
      route: 'remediations/{id}/forget-refusal',
    });
  });

  it('is forgotten once, by a name that is recorded', async () => {
    const { send, running, id } = await bound();

    expect(await send('forget-refusal', { id, body })).toMatchObject({
      status: 202,
      jsonBody: { refusal: 'forgotten' },
    });
    expect(valueOf(await recallAccess(running.ports, grant))?.refused).toEqual([]);
    expect((await send('forget-refusal', { id, body })).status).toBe(409);
  });

  it.each(['{}', '{"by":"Ada"}', '{"why":"x"}', '{"by":" ","why":"x"}', `{"by":"Ada","why":"${'x'.repeat(501)}"}`])(
    'stays where the request is %s',
    async (incomplete) => {
      const { send, running, id } = await bound();

      expect((await send('forget-refusal', { id, body: incomplete })).status).toBe(400);
      expect(valueOf(await recallAccess(running.ports, grant))?.refused).toHaveLength(1);
    },
  );

  it('of an unknown remediation is not found, and one that cannot be read is asked for again', async () => {
    const { send, running, id } = await bound();

    expect((await send('forget-refusal', { id: another, body })).status).toBe(404);
    Object.assign(running.ports.deployment, { read: () => Promise.reject(new Error('down')) });
    expect((await send('forget-refusal', { id, body })).status).toBe(503);
  });
});
