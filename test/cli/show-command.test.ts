// `pullmedic show`: the timeline, and for what is live the commands that fix it.
import { expect, it } from 'vitest';
import { appAnswering } from './ran.ts';

const id = `t${'0'.repeat(24)}.1`;
const incidentId = `i${'0'.repeat(24)}`;
const remediation = {
  id,
  target: { appName: 'ca-orders', image: 'shop.azurecr.io/orders:1' },
  state: 'needs-person',
  openedAtMs: 0,
  causes: ['pull-role-missing'],
  actions: [],
  incident: incidentId,
};
const incident = {
  id: incidentId,
  state: 'open',
  title: 'The role is missing',
  owner: 'platform team',
  advice: 'Grant AcrPull.',
  commands: [{ title: 'Grant it', language: 'az', text: 'az role assignment create' }],
  verify: 'az acr check-health',
  undo: 'az role assignment delete',
};

async function shown(of: object, ...args: string[]): Promise<string> {
  const answer = { remediation: of, entries: [{ atMs: 0, says: 'Looked.' }] };
  const answers = { [`remediations/${id}`]: answer, [`incidents/${incidentId}?as=json`]: { incident } };
  return (await (await appAnswering(answers)).ran(['show', id, ...args])).out;
}

it('ends with the commands of its incident while it is live', async () => {
  const said = await shown(remediation);
  expect(said).toContain('1970-01-01 00:00:00  Looked.\nIncident i');
  expect(said).toContain('  Grant it (az):\n    az role assignment create\n');
});

it('has no commands for what has ended, or has no incident', async () => {
  expect(await shown({ ...remediation, closed: { how: 'recovered' } })).not.toContain('az role');
  const { incident: _none, ...alone } = remediation;
  expect(await shown(alone)).not.toContain('Incident');
});

it('has no commands where the app says that the grant is made and not in effect yet', async () => {
  const said = await shown({ ...remediation, sentences: { granted: 'Do not grant it again.' } });
  expect(said).toContain('  Do not grant it again.\n');
  expect(said).not.toContain('az role');
});

it('says how to answer while a question is open', async () => {
  const approval = { state: 'pending', question: 3, expiresAtMs: 0 };
  const line = 'Answer: pullmedic approve ca-orders, or reject (question 3';

  expect(await shown({ ...remediation, state: 'needs-approval', approval })).toContain(line);
  expect(await shown({ ...remediation, approval })).not.toContain('Answer:');
});

it('says of a grant that was taken back when that was, and of another one nothing', async () => {
  const actions = [{ action: 'grant', outcome: 'done' }];
  const said = await shown({ ...remediation, actions, undo: { state: 'removed', endedAtMs: 0 } });

  expect(said).toContain('grant: done; the grant was taken back at 1970-01-01 00:00:00 UTC');
  expect(await shown({ ...remediation, actions, undo: { state: 'possible' } })).not.toContain('taken back');
});

it('prints for programs what the app answered, and no more', async () => {
  expect(JSON.parse(await shown(remediation, '--json'))).toMatchObject({ remediation, entries: [{ says: 'Looked.' }] });
});

it('is an incident where the id is that of one, whole or the beginning of an open one', async () => {
  const answers = {
    'history?as=json&q=app%3Ai00': { problems: [], rows: [], skipped: 0 },
    incidents: { incidents: [incident] },
    [`incidents/${incidentId}?as=json`]: { incident },
  };
  const app = await appAnswering(answers);
  const { out } = await app.ran(['show', 'i00']);

  expect(out).toContain(`Incident ${incidentId}, open: The role is missing (for the platform team)`);
  expect((await app.ran(['show', incidentId])).out).toBe(out);
});

it('is watched until it has ended', async () => {
  const closed = await shown({ ...remediation, closed: { how: 'recovered' } }, '--watch');
  expect(closed).toContain(`${id}  recovered  ca-orders`);
});

it('says of an old history that it is in the archive, and of another one nothing', async () => {
  const ended = { ...remediation, closed: { how: 'recovered' } };

  expect(await shown({ ...ended, archived: true })).toContain('Its history is in the archive of old histories.\n');
  expect(await shown(ended)).not.toContain('archive');
});
