// `pullmedic incidents`: what is open, for whom, and what to run first.
import { describe, expect, it } from 'vitest';
import { appAnswering, type Ran } from './ran.ts';

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

async function listed(answer: object, ...args: string[]): Promise<Ran> {
  return (await appAnswering({ incidents: answer })).ran(['incidents', ...args]);
}

async function incidents(answer: object): Promise<string> {
  return (await listed(answer)).out;
}

describe('incidents', () => {
  it('prints those that are open, with owner and first command', async () => {
    const resolved = { ...open, id: `i${'1'.repeat(24)}`, state: 'resolved' };
    const said = await incidents({ incidents: [open, resolved], skipped: 0 });

    expect(said).toContain(
      `1970-01-01 00:00:00  ${open.id}  The role is missing  (for the platform team; confirmed; workloads: 2)`,
    );
    expect(said).toContain('  Grant it (az):\n    az role assignment create \\\n      --role AcrPull\n');
    expect(said).toContain(`and 1 more: pullmedic show ${open.id}`);
    expect(said).not.toContain('resource x');
    expect(said).not.toContain(resolved.id);
  });

  it('does not say that none is open where one cannot be read', async () => {
    expect(await incidents({ incidents: [], skipped: 0 })).toBe('No incident is open.\n');
    const said = await incidents({ incidents: [], skipped: 2 });
    expect(said).toContain('No incident that can be read is open.');
    expect(said).toContain('may be open: 2.');
  });

  it('is watched until none is open', async () => {
    expect(await listed({ incidents: [], skipped: 0 }, '--watch')).toMatchObject({
      code: 0,
      out: 'No incident is open.\n',
    });
    expect(await listed({ incidents: [open] }, '--watch', '--json')).toMatchObject({ code: 2, out: '' });
  });

  it('lets no value command the terminal', async () => {
    const said = await incidents({ incidents: [{ ...open, title: 'x\u001b]0;y\u0007' }] });
    expect(said).toContain('  x ]0;y   (for');
    expect(said).not.toContain('\u001b');
  });

  it('prints for programs what the app answered, and declines what is no list', async () => {
    const answer = { incidents: [open], next: 'x' };
    expect(JSON.parse((await listed(answer, '--json')).out)).toEqual(answer);
    expect(await listed({ incidents: {} })).toMatchObject({ code: 1, out: '' });
  });
});
