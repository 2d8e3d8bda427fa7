// The command that has a refusal forgotten sends the reason, and nothing where there is none.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Deployed } from '../../src/cli/deployed.ts';
import { forgetRefusal } from '../../src/cli/forget-refusal.ts';

const id = `t${'0'.repeat(24)}.1`;

function deployed(): { readonly app: Deployed; readonly sent: unknown[] } {
  const sent: unknown[] = [];
  const post = async (path: string, body: unknown): Promise<unknown> => void sent.push([path, body]);
  return { app: { get: () => Promise.reject(new Error('not asked')), post, healthPath: 'health' }, sent };
}

afterEach(() => vi.restoreAllMocks());

describe('forget-refusal', () => {
  it('sends why, and says what follows', async () => {
    const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const { app, sent } = deployed();

    expect(await forgetRefusal(app, id, 'reviewed')).toBe(0);
    expect(sent).toEqual([[`remediations/${id}/forget-refusal`, { why: 'reviewed' }]]);
    expect(written.mock.calls.join('')).toContain(`Forgotten: ${id}.`);
  });

  it('sends nothing without a reason', async () => {
    const { app, sent } = deployed();

    await expect(forgetRefusal(app, id, undefined)).rejects.toThrow('--why');
    expect(sent).toEqual([]);
  });
});
