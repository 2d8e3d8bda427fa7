// `pullmedic incidents`: what is open, for whom, and what to run first.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Declined } from '../../src/cli/declined.ts';
import { listOpenIncidents } from '../../src/cli/incidents-command.ts';
import { appWith, keepPrinted } from './app-answers.ts';

afterEach(() => vi.restoreAllMocks());

const open = {
  id: `i${'0'.repeat(24)}`,
  state: 'open',
  title: 'The role is missing',
  owner: 'platform team',
  sureness: 'confirmed',
  apps: ['a', 'b'],
  openedAtMs: 0,
  commands: [
    { title: 'Grant it', language: 'az', text: 'az role assignment create \\\n  --role AcrPull' },
    { title: 'Or in Bicep', language: 'bicep', text: 'resource x' },
  ],
};

async function incidents(answer: object): Promise<string> {
  const printed = keepPrinted();
  await listOpenIncidents(appWith({ incidents: answer }), false);
  return printed();
}

describe('incidents', () => {
  it('prints those that are open, with owner and first command', async () => {
    const resolved = { ...open, id: `i${'1'.repeat(24)}`, state: 'resolved' };
    const said = await incidents({ incidents: [open, resolved], skipped: 0 });

    expect(said).toContain(
      `1970-01-01 00:00:00  ${open.id}  The role is missing  (for the platform team; confirmed; apps: 2)`,
    );
    expect(said).toContain('  Grant it (az):\n    az role assignment create \\\n      --role AcrPull\n');
    expect(said).toContain('and 1 more');
    expect(said).not.toContain('resource x');
    expect(said).not.toContain(resolved.id);
  });

  it('does not say that none is open where one cannot be read', async () => {
    expect(await incidents({ incidents: [], skipped: 0 })).toBe('No incident is open.\n');
    const said = await incidents({ incidents: [], skipped: 2 });
    expect(said).toContain('No incident that can be read is open.');
    expect(said).toContain('may be open: 2.');
  });

  it('lets no value command the terminal', async () => {
    const said = await incidents({ incidents: [{ ...open, title: 'x\u001b]0;y\u0007' }] });
    expect(said).toContain('  x ]0;y   (for');
    expect(said).not.toContain('\u001b');
  });

  it('prints for programs what the app answered, and declines what is no list', async () => {
    const printed = keepPrinted();
    await listOpenIncidents(appWith({ incidents: { incidents: [open], next: 'x' } }), true);
    expect(JSON.parse(printed())).toEqual({ incidents: [open], next: 'x' });
    await expect(listOpenIncidents(appWith({ incidents: [] }), false)).rejects.toThrow(Declined);
  });
});
