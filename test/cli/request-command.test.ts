// ask, undo and forget-refusal: which remediation they mean, what is sent, and that nothing is sent where they are not written well.
import { describe, expect, it } from 'vitest';
import { appAnswering, type StandIn } from './ran.ts';

const id = `t${'0'.repeat(24)}.1`;
const row = { remediation: id, appId: '/x/ca-orders', closed: false, needsPerson: true, updatedAtMs: 0 };
const found = { problems: [], rows: [row], skipped: 0 };

function app(): Promise<StandIn> {
  return appAnswering({
    'history?as=json&q=state%3Alive': found,
    'history?as=json&q=app%3Aca-orders': found,
    'history?as=json&q=': found,
    [`remediations/${id}/ask`]: { ask: 'asked' },
    [`remediations/${id}/undo`]: { undo: 'asked' },
    [`remediations/${id}/forget-refusal`]: { refusal: 'forgotten' },
  });
}

describe('ask, undo and forget-refusal', () => {
  it.each([
    [['ask', 'ca-orders', '--why', 'w'], 'ask', { why: 'w' }],
    [['ask', 't000'], 'ask', {}],
    [['undo', 'ca-orders'], 'undo', {}],
    [['undo', 't000', '--anyway'], 'undo', { anyway: true }],
    [['forget-refusal', 'ca-orders', '--why', 'reviewed'], 'forget-refusal', { why: 'reviewed' }],
  ])('%j asks the app about the remediation that is meant', async (args, verb, body) => {
    const deployed = await app();
    const { code, out } = await deployed.ran(args);

    expect(code).toBe(0);
    expect(out).toContain(`ca-orders (${id})`);
    expect(deployed.asked.at(-1)).toMatchObject({ method: 'POST', path: `remediations/${id}/${verb}`, body });
  });

  it('print what the app answered with --json', async () => {
    const deployed = await app();

    expect(JSON.parse((await deployed.ran(['undo', id, '--json'])).out)).toEqual({ undo: 'asked' });
    expect(JSON.parse((await deployed.ran(['ask', id, '--json'])).out)).toEqual({ ask: 'asked' });
    const forgotten = await deployed.ran(['forget-refusal', id, '--why', 'w', '--json']);
    expect(JSON.parse(forgotten.out)).toEqual({ refusal: 'forgotten' });
  });

  it.each([[['forget-refusal', id]], [['ask']], [['undo', '../x']], [['ask', id, '--anyway']], [['undo', id, id]]])(
    'ask nothing with %j',
    async (args) => {
      const deployed = await app();

      expect((await deployed.ran(args)).code).toBe(2);
      expect(deployed.asked).toEqual([]);
    },
  );
});
