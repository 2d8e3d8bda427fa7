// The command that has a refusal forgotten sends who and why, and nothing where one of them is missing.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Deployed } from '../../src/cli/deployed.ts';
import { forgetRefusal } from '../../src/cli/forget-refusal.ts';

const id = `t${'0'.repeat(24)}.1`;

function deployed(): { readonly app: Deployed; readonly sent: unknown[] } {
  const sent: unknown[] = [];
  const post = async (path: string, body: unknown): Promise<unknown> => void sent.push([path, body]);
  return { app: { get: () => Promise.reject(new Error('not asked')), post }, sent };
}

afterEach(() => vi.restoreAllMocks());

describe('forget-refusal', () => {
  it('sends who forgets it and why, and says what follows', async () => {
    const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const { app, sent } = deployed();

    expect(await forgetRefusal(app, id, { by: 'anna', why: 'reviewed' })).toBe(0);
    expect(sent).toEqual([[`remediations/${id}/forget-refusal`, { by: 'anna', why: 'reviewed' }]]);
    expect(written.mock.calls.join('')).toContain(`Forgotten: ${id}.`);
  });

  it.each([
    { by: 'anna', why: undefined },
    { by: undefined, why: 'reviewed' },
  ])('sends nothing for %j', async (said) => {
    const { app, sent } = deployed();

    await expect(forgetRefusal(app, id, said)).rejects.toThrow('--by and --why');
    expect(sent).toEqual([]);
  });
});
