// `pullmedic show`: the timeline, and for what is live the commands that fix it.
import { afterEach, expect, it, vi } from 'vitest';
import { show } from '../../src/cli/show-command.ts';
import { appWith, keepPrinted } from './app-answers.ts';

afterEach(() => vi.restoreAllMocks());

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

async function shown(of: object, json = false): Promise<string> {
  const printed = keepPrinted();
  const answer = { remediation: of, entries: [{ atMs: 0, says: 'Looked.' }] };
  await show(appWith({ [`remediations/${id}`]: answer, [`incidents/${incidentId}?as=json`]: { incident } }), id, json);
  return printed();
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

it('prints for programs what the app answered, and no more', async () => {
  expect(JSON.parse(await shown(remediation, true))).toMatchObject({ remediation, entries: [{ says: 'Looked.' }] });
});
