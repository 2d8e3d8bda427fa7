// The reason of --why goes with each answer, and with nothing else.
import { describe, expect, it } from 'vitest';
import type { Deployed } from '../../src/cli/deployed.ts';
import { withReason } from '../../src/cli/with-reason.ts';

function app(): { readonly deployed: Deployed; readonly sent: unknown[] } {
  const sent: unknown[] = [];
  const post = async (path: string, body: unknown): Promise<unknown> => void sent.push([path, body]);
  return { deployed: { get: () => Promise.reject(new Error('not asked')), post, healthPath: 'health' }, sent };
}

describe('the reason of a person', () => {
  it('goes with an answer', async () => {
    const { deployed, sent } = app();
    await withReason(deployed, 'reviewed').post('kill-switch', { on: true });

    expect(sent).toEqual([['kill-switch', { on: true, why: 'reviewed' }]]);
  });

  it('is left out where there is none, and of alerts and events', async () => {
    const { deployed, sent } = app();
    await withReason(deployed, undefined).post('kill-switch', { on: true });
    await withReason(deployed, 'reviewed').post('events', [{ id: 1 }]);
    await withReason(deployed, 'reviewed').post('alerts/signed', {
      schemaId: 'azureMonitorCommonAlertSchema',
      data: {},
    });

    expect(sent).toEqual([
      ['kill-switch', { on: true }],
      ['events', [{ id: 1 }]],
      ['alerts/signed', { schemaId: 'azureMonitorCommonAlertSchema', data: {} }],
    ]);
  });
});
