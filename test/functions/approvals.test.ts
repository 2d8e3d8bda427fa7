// An operator answers: once, for a grant that is pending, and the history names the person who is signed in.
import { describe, expect, it } from 'vitest';
import { registerApprovals } from '../../src/functions/approvals.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import { remediationIdOf } from '../../src/lib/words/target.ts';
import { acrPull, minute, nowMs, principal, registryId, signal, target, targetId } from '../lib/facts.ts';
import { adaInHistories, type Doors, doors, operator } from './doors.ts';

const id = remediationIdOf(targetId, 1);

/** A remediation that asks for approval of a grant. */
async function asking(): Promise<Doors> {
  const made = doors(registerApprovals);
  const expiresAtMs = nowMs + 60 * minute;
  const grant = { registryId, principalId: principal, roleId: acrPull };
  const entries: Entry[] = [
    { kind: 'opened', target, signal, mode: 'approve' },
    {
      kind: 'decided',
      decision: { do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs },
      dueAtMs: expiresAtMs,
      refusals: [],
    },
  ];
  for (const [index, entry] of entries.entries()) await made.running.histories.append(targetId, index, entry);
  return made;
}

describe('an approval', () => {
  const headers = operator();

  it('has routes for operators', () => {
    const { names, options } = doors(registerApprovals);

    expect(names).toEqual(['approve', 'reject', 'undo']);
    for (const name of names) expect(options(name)).toMatchObject({ authLevel: 'anonymous', methods: ['POST'] });
  });

  it.each(['approve', 'reject', 'undo'])('is not taken from a caller who is not signed in: %s', async (verb) => {
    const { send, running } = await asking();

    expect((await send(verb, { id, body: '{}', headers: { 'x-functions-key': 'k' } })).status).toBe(401);
    expect(await running.histories.read(targetId)).toHaveLength(2);
  });

  it.each([
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ])('is answered once: %s', async (verb, answer) => {
    const { send, running } = await asking();

    expect(await send(verb, { id, body: '{}', headers })).toMatchObject({ status: 202, jsonBody: { answer } });
    expect((await running.histories.read(targetId)).at(-1)?.entry).toMatchObject({
      kind: 'answered',
      answer,
      by: adaInHistories,
    });
    expect((await send('approve', { id, body: '{}', headers })).status).toBe(409);
  });

  it('may come without a body', async () => {
    const { send, running } = await asking();

    expect((await send('approve', { id, headers })).status).toBe(202);
    expect((await running.histories.read(targetId)).at(-1)?.entry).toMatchObject({ by: adaInHistories });
  });

  it.each(['{"by":"somebody else"}', '{"answer":"approved"}', '[]', 'yes'])(
    'with the body %s is refused and not recorded',
    async (body) => {
      const { send, running } = await asking();

      expect((await send('approve', { id, body, headers })).status).toBe(400);
      expect(await running.histories.read(targetId)).toHaveLength(2);
    },
  );

  it.each(['approve', 'reject', 'undo'])('of no remediation answers 404: %s', async (verb) => {
    const { send } = doors(registerApprovals);

    expect((await send(verb, { id, headers })).status).toBe(404);
  });

  it('does not take a grant back while undo is off, and says how to switch it on', async () => {
    const { send, running } = await asking();
    const answer = await send('undo', { id, headers });

    expect(answer.status).toBe(409);
    expect(JSON.stringify(answer.jsonBody)).toContain('PULLMEDIC_SETTINGS');
    expect(await running.histories.read(targetId)).toHaveLength(2);
  });
});
