// A person answers: once, for a grant that is pending, with a name that is recorded.
import { describe, expect, it } from 'vitest';
import { registerApprovals } from '../../src/functions/approvals.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import { remediationIdOf } from '../../src/lib/words/target.ts';
import { acrPull, minute, nowMs, principal, registryId, signal, target, targetId } from '../lib/facts.ts';
import { type Doors, doors } from './doors.ts';

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
  it('needs a function key', () => {
    const { names, options } = doors(registerApprovals);

    expect(names).toEqual(['approve', 'reject', 'undo']);
    for (const name of names) expect(options(name)).toMatchObject({ authLevel: 'function', methods: ['POST'] });
  });

  it.each([
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ])('is answered once: %s', async (verb, answer) => {
    const { send, running } = await asking();

    expect(await send(verb, { id, body: '{"by":" Ada "}' })).toMatchObject({ status: 202, jsonBody: { answer } });
    expect((await running.histories.read(targetId)).at(-1)?.entry).toMatchObject({
      kind: 'answered',
      answer,
      by: '"Ada" (with the function key)',
    });
    expect((await send('approve', { id, body: '{}' })).status).toBe(409);
  });

  it('may come without a body; then only the key is known', async () => {
    const { send, running } = await asking();

    expect((await send('approve', { id })).status).toBe(202);
    expect((await running.histories.read(targetId)).at(-1)?.entry).toMatchObject({
      by: 'a person with the function key',
    });
  });

  it.each(['{"by":""}', '{"by":5}', '{"by":"a","answer":"approved"}', '[]', 'yes'])(
    'with the body %s is refused and not recorded',
    async (body) => {
      const { send, running } = await asking();

      expect((await send('approve', { id, body })).status).toBe(400);
      expect(await running.histories.read(targetId)).toHaveLength(2);
    },
  );

  it.each(['approve', 'reject', 'undo'])('of no remediation answers 404: %s', async (verb) => {
    const { send } = doors(registerApprovals);

    expect((await send(verb, { id })).status).toBe(404);
  });

  it('does not take a grant back while undo is off, and says how to switch it on', async () => {
    const { send, running } = await asking();
    const answer = await send('undo', { id });

    expect(answer.status).toBe(409);
    expect(JSON.stringify(answer.jsonBody)).toContain('PULLMEDIC_SETTINGS');
    expect(await running.histories.read(targetId)).toHaveLength(2);
  });
});
