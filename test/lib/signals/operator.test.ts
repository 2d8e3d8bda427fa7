import { describe, expect, it } from 'vitest';
import { readOperatorSignal } from '../../../src/lib/signals/operator.ts';
import { kindsInWords } from '../../../src/lib/workloads/workloads.ts';
import { signalsOf } from './payloads.ts';

describe('an operator', () => {
  const id =
    '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.App/containerApps/ca';

  it('may ask for an app', () => {
    expect(signalsOf(readOperatorSignal({ app: id }, 1))).toMatchObject([{ via: 'operator', about: { kind: 'app' } }]);
  });

  it('may ask for a job, and for no other kind of resource', () => {
    const job = id.replace('containerApps', 'jobs');
    const pool = id.replace('containerApps', 'sessionPools');

    expect(signalsOf(readOperatorSignal({ app: job }, 1))).toMatchObject([{ about: { id: job.toLowerCase() } }]);
    expect(readOperatorSignal({ app: pool }, 1)).toEqual({
      ok: false,
      problem: `app: not the resource id of ${kindsInWords}`,
    });
  });

  it.each([[{}], [{ app: 'ca' }], [{ app: id, more: 1 }], [{ app: `${id}/revisions/x` }], ['x']])(
    'may not send %j',
    (body) => {
      expect(readOperatorSignal(body, 1).ok).toBe(false);
    },
  );
});
