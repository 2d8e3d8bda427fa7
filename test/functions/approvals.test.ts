// A person answers: once, for a grant that is pending, with a name that is recorded.
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

    expect(names).toEqual(['question', 'approve', 'reject', 'ask', 'undo']);
    for (const name of names)
      expect(options(name)).toMatchObject({ authLevel: 'anonymous', methods: [name === 'question' ? 'GET' : 'POST'] });
  });

  it.each([
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ])('is answered once: %s', async (verb, answer) => {
    const { send, running } = await asking();

    expect(await send(verb, { id, headers, body: '{"question":2}' })).toMatchObject({
      status: 202,
      jsonBody: { answer, question: 2 },
    });
    expect((await running.histories.read(targetId)).at(-1)?.entry).toMatchObject({
      kind: 'answered',
      answer,
      by: adaInHistories,
    });
    const again = await send('approve', { id, headers, body: '{"question":2}' });
    expect(again.status).toBe(409);
    expect(JSON.stringify(again.jsonBody)).toContain('Question 2 was answered before.');
  });

  it.each([
    '{"question":2,"by":""}',
    '{"question":2,"by":5}',
    '{"question":2,"by":"a","answer":"approved"}',
    '{"by":"a"}',
    '{"question":"2"}',
    '{"question":0}',
    '{}',
    '[]',
    'yes',
  ])('with the body %s is refused and not recorded', async (body) => {
    const { send, running } = await asking();

    expect((await send('approve', { id, headers, body })).status).toBe(400);
    expect(await running.histories.read(targetId)).toHaveLength(2);
  });

  it('is recorded with the reason in one line, and refused with one that is too long', async () => {
    const { send, running } = await asking();
    const answer = (why: string) => send('approve', { id, headers, body: JSON.stringify({ question: 2, why }) });

    expect((await answer('x'.repeat(501))).status).toBe(400);
    expect((await answer(' \n')).status).toBe(400);
    expect((await answer('the owner\r\nagreed')).status).toBe(202);
    expect((await running.histories.read(targetId)).at(-1)?.entry).toMatchObject({ why: 'the owner agreed' });
  });

  it.each(['approve', 'reject', 'ask', 'undo', 'question'])('of no remediation answers 404: %s', async (verb) => {
    const { send } = doors(registerApprovals);
    const body = verb === 'approve' || verb === 'reject' ? { body: '{"question":2}' } : {};

    expect((await send(verb, { id, headers, ...body })).status).toBe(404);
  });

  it('shows the open question to a holder of the key, and its number', async () => {
    const { send } = await asking();

    expect(await send('question', { id, headers })).toMatchObject({
      status: 200,
      jsonBody: { question: 2, app: 'ca-orders', expiresAtMs: nowMs + 60 * minute },
    });
  });

  it('to another question is refused with the number of the open one', async () => {
    const { send, running } = await asking();
    const answer = await send('approve', { id, headers, body: '{"question":7}' });

    expect(answer.status).toBe(409);
    expect(JSON.stringify(answer.jsonBody)).toContain('The open question is 2');
    expect(await running.histories.read(targetId)).toHaveLength(2);
  });

  it('that comes too late is answered with 410, and a person can have it asked again, once', async () => {
    const { send, running } = await asking();
    running.world.nowMs = nowMs + 60 * minute;

    expect((await send('question', { id, headers })).status).toBe(409);
    expect((await send('approve', { id, headers, body: '{"question":2}' })).status).toBe(410);
    expect((await send('ask', { id, headers, body: '{}' })).status).toBe(202);
    expect((await running.histories.read(targetId)).at(-1)?.entry).toMatchObject({ kind: 'asked-again', question: 2 });
    expect((await send('ask', { id, headers })).status).toBe(409);
  });

  it('is not asked again while it is open', async () => {
    expect((await (await asking()).send('ask', { id, headers })).status).toBe(409);
  });

  it('after another decision finds nothing asked', async () => {
    const { send, running } = await asking();
    const wait = { do: 'wait', because: 'cause-cleared' } as const;
    await running.histories.append(targetId, 2, { kind: 'decided', decision: wait, dueAtMs: nowMs, refusals: [] });
    const answer = await send('approve', { id, headers, body: '{"question":2}' });

    expect(answer.status).toBe(409);
    expect(JSON.stringify(answer.jsonBody)).toContain('pullmedic asks nothing here now');
  });

  it('does not take a grant back while undo is off, and says how to switch it on', async () => {
    const { send, running } = await asking();
    const answer = await send('undo', { id, headers });

    expect(answer.status).toBe(409);
    expect(JSON.stringify(answer.jsonBody)).toContain('PULLMEDIC_SETTINGS');
    expect(await running.histories.read(targetId)).toHaveLength(2);
  });
});
