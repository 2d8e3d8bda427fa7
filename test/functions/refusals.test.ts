// A refusal is forgotten for an operator who says why, and for no other caller.
import { describe, expect, it, vi } from 'vitest';
import { registerRefusals } from '../../src/functions/refusals.ts';
import { listRemediations } from '../../src/lib/console/views.ts';
import { recallAccess, remember } from '../../src/lib/remediation/access-memory.ts';
import { valueOf } from '../../src/lib/words/fact.ts';
import { remediationIdOf } from '../../src/lib/words/target.ts';
import { acrPull, appId, principal, registryId, signal, targetId } from '../lib/facts.ts';
import { adaInHistories, type Doors, doors, operator } from './doors.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const another = remediationIdOf(targetId, 1);
const body = JSON.stringify({ why: 'the app was reviewed' });
const headers = operator();

async function bound(): Promise<Doors & { readonly id: string }> {
  const made = doors(registerRefusals);
  const { ports } = made.running;
  await remember(ports, grant, { kind: 'grant-refused', grant, how: 'unanswered', remediation: another, app: appId });
  await made.running.deliver(signal);
  return { ...made, id: (await listRemediations(ports))[0]?.id ?? '' };
}

describe('a refusal', () => {
  it('is forgotten through a door for operators', () => {
    expect(doors(registerRefusals).options('forget-refusal')).toMatchObject({
      authLevel: 'anonymous',
      methods: ['POST'],
      route: 'remediations/{id}/forget-refusal',
    });
  });

  it('stays for a caller who is not signed in, with a function key or without', async () => {
    const { send, running, id } = await bound();

    expect((await send('forget-refusal', { id, body, headers: { 'x-functions-key': 'k' } })).status).toBe(401);
    expect(valueOf(await recallAccess(running.ports, grant))?.refused).toHaveLength(1);
  });

  it('is forgotten once, and the operator is recorded', async () => {
    const { send, running, id } = await bound();
    const appended = vi.spyOn(running.ports.deployment, 'append');

    expect(await send('forget-refusal', { id, body, headers })).toMatchObject({
      status: 202,
      jsonBody: { refusal: 'forgotten' },
    });
    expect(valueOf(await recallAccess(running.ports, grant))?.refused).toEqual([]);
    expect(JSON.stringify(appended.mock.calls)).toContain(adaInHistories);
    expect((await send('forget-refusal', { id, body, headers })).status).toBe(409);
  });

  it.each(['{}', '{"why":" "}', '{"by":"Ada","why":"x"}', `{"why":"${'x'.repeat(501)}"}`])(
    'stays where the request is %s',
    async (incomplete) => {
      const { send, running, id } = await bound();

      expect((await send('forget-refusal', { id, body: incomplete, headers })).status).toBe(400);
      expect(valueOf(await recallAccess(running.ports, grant))?.refused).toHaveLength(1);
    },
  );

  it('of an unknown remediation is not found, and one that cannot be read is asked for again', async () => {
    const { send, running, id } = await bound();

    expect((await send('forget-refusal', { id: another, body, headers })).status).toBe(404);
    Object.assign(running.ports.deployment, { read: () => Promise.reject(new Error('down')) });
    expect((await send('forget-refusal', { id, body, headers })).status).toBe(503);
  });
});
