import { describe, expect, it } from 'vitest';
import { readAlert } from '../../../src/lib/signals/alert.ts';
import { alertFor, fixture, ours, signalsOf } from './payloads.ts';

describe('an alert', () => {
  it('names an app, its environment and its revision by its dimensions', () => {
    expect(signalsOf(readAlert(alertFor(ours)))).toMatchObject([
      {
        via: 'log-alert',
        about: { kind: 'app-name', name: 'ca-orders', environment: 'cae-shop' },
        revision: 'ca-orders--0000001',
      },
    ]);
  });

  it('that resolved only joins what is going on', () => {
    expect(signalsOf(readAlert(alertFor(ours, 'log-alert-v2-resolved.derived')))[0]?.joinOnly).toBe(true);
  });

  it('fired and resolved are two signals', () => {
    const [fired] = signalsOf(readAlert(alertFor(ours)));
    const [resolved] = signalsOf(readAlert(alertFor(ours, 'log-alert-v2-resolved.derived')));

    expect(fired?.id).not.toBe(resolved?.id);
  });

  it.each(['log-alert-v2-fired.doc', 'metric-alert-resolved.doc'])('without an app is harmless: %s', (name) => {
    expect(signalsOf(readAlert(fixture(name)))).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['another schema', { schemaId: 'other', data: {} }],
    ['no essentials', { schemaId: 'azureMonitorCommonAlertSchema', data: {} }],
  ])('that is %s is refused with what is wrong', (_, body) => {
    const read = readAlert(body);

    expect(read.ok).toBe(false);
    expect(read.ok ? '' : read.problem).not.toBe('');
  });

  it.each([
    ['in the dimension of the deployed rules', [{ name: 'App', value: 'job/Job-Import' }]],
    [
      'by the columns of the classic table',
      [
        { name: 'JobName_s', value: 'job-import' },
        { name: 'ContainerAppName_s', value: '' },
      ],
    ],
    ['by the column of the typed table', [{ name: 'JobName', value: 'job-import' }]],
  ])('names a job %s', (_, named) => {
    const execution = { name: 'ExecutionName_s', value: 'job-import-abc1234' };

    expect(signalsOf(readAlert(alertFor([...named, execution])))).toMatchObject([
      { about: { kind: 'app-name', name: 'job-import', workload: 'job' }, revision: 'job-import-abc1234' },
    ]);
  });

  it.each(['job/', 'job/a/b', 'job/<b>', 'pod/a'])('that names %s names nothing', (value) => {
    expect(signalsOf(readAlert(alertFor([{ name: 'App', value }])))).toEqual([]);
  });

  it('whose app name holds KQL or HTML names no app', () => {
    expect(signalsOf(readAlert(alertFor([{ name: 'App', value: 'x" | union *' }])))).toEqual([]);
    expect(signalsOf(readAlert(alertFor([{ name: 'App', value: '<script>' }])))).toEqual([]);
  });
});

describe('an alert on the Activity Log', () => {
  const written = (context: object): unknown => {
    const alert = fixture('activity-log-administrative-test.doc') as { data: { alertContext: object } };
    return { ...alert, data: { ...alert.data, alertContext: { ...alert.data.alertContext, ...context } } };
  };
  const failed = {
    operationName: 'Microsoft.App/containerApps/write',
    status: 'Failed',
    authorization: {
      scope:
        '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.App/containerApps/ca',
    },
  };

  it('of a failed write of a job names the job', () => {
    const scope = failed.authorization.scope.replace('containerApps/ca', 'jobs/job');
    const context = { ...failed, operationName: 'Microsoft.App/jobs/write', authorization: { scope } };

    expect(signalsOf(readAlert(written(context)))).toMatchObject([{ about: { kind: 'app', id: scope.toLowerCase() } }]);
  });

  it('of a failed write names the app', () => {
    expect(signalsOf(readAlert(written(failed)))).toMatchObject([
      { via: 'activity-alert', about: { kind: 'app', id: expect.stringMatching(/containerapps\/ca$/) as unknown } },
    ]);
  });

  it('of two failures is two signals, although the rule is the same', () => {
    const [first] = signalsOf(readAlert(written({ ...failed, eventDataId: 'a' })));
    const [second] = signalsOf(readAlert(written({ ...failed, eventDataId: 'b' })));

    expect(first?.id).not.toBe(second?.id);
  });

  it.each([
    ['of another operation', { ...failed, operationName: 'Microsoft.App/containerApps/delete' }],
    ['of a write that succeeded', { ...failed, status: 'Succeeded' }],
    ['of a resource that is no app', { ...failed, authorization: { scope: '/subscriptions/x' } }],
    ['as the portal tests it', {}],
  ])('%s says nothing to us', (_what, context) => {
    expect(signalsOf(readAlert(written(context)))).toEqual([]);
  });
});
