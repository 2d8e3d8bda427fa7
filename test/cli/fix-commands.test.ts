// What fixes a remediation, as `pullmedic show` prints it: from its incident, while that is open.
import { expect, it } from 'vitest';
import { fixLines } from '../../src/cli/fix-commands.ts';
import { appWith } from './app-answers.ts';

const id = `i${'0'.repeat(24)}`;
const path = `incidents/${id}?as=json`;
const incident = {
  id,
  state: 'open',
  title: 'The role is missing',
  owner: 'platform team',
  advice: 'Grant AcrPull to the identity.',
  commands: [
    { title: 'Grant it', language: 'az', text: 'az role assignment create \\\n  --role AcrPull' },
    { title: 'Or in Bicep', language: 'bicep', text: 'resource x {\n  name: y\n}' },
  ],
  verify: 'az role assignment list',
  undo: 'az role assignment delete',
};

async function fix(answer: unknown, of = id): Promise<string> {
  return `${(await fixLines(appWith({ [path]: answer }), of)).join('\n')}\n`;
}

it('is every command of the open incident, line by line, with how to verify and undo it', async () => {
  const said = await fix({ incident });

  expect(said).toContain(
    `Incident ${id}, open: The role is missing (for the platform team)\n  Grant AcrPull to the identity.\n`,
  );
  expect(said).toContain('  Grant it (az):\n    az role assignment create \\\n      --role AcrPull\n');
  expect(said).toContain('    resource x {\n      name: y\n    }\n');
  expect(said).toContain('  To verify:\n    az role assignment list\n  To undo:\n    az role assignment delete\n');
});

it('is no command of an open incident whose grant pullmedic made already', async () => {
  const granted = 'pullmedic granted the role; it is not in effect yet. Do not grant it again.';
  const lines = await fixLines(appWith({ [path]: { incident } }), id, granted);

  expect(lines).toEqual([
    `Incident ${id}, open: The role is missing (for the platform team)`,
    `  ${granted}`,
    `  The commands from before the grant: pullmedic show ${id}`,
  ]);
});

it('is no command of an incident that has ended', async () => {
  expect(await fix({ incident: { ...incident, state: 'resolved' } })).toBe(
    `Incident ${id}, resolved: The role is missing (for the platform team)\n`,
  );
});

it('is said to be unread where the incident cannot be read or has no id', async () => {
  expect(await fix({})).toContain('What fixes it could not be read from its incident');
  expect(await fix({ incident }, `i${'1'.repeat(24)}`)).toContain('could not be read');
  expect(await fix({ incident }, '../kill-switch')).toContain('an id that is none of an incident');
});

it('lets no value of the answer command the terminal', async () => {
  const [first] = incident.commands;
  const said = await fix({ incident: { ...incident, commands: [{ ...first, text: 'az \u001b[8mrm\u202e x' }] } });
  expect(said).toContain('    az  [8mrm  x\n');
});
