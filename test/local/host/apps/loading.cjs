'use strict';
// Ways in which an app can fail to load or to be indexed; the environment chooses one.
const { app, output, input } = require('@azure/functions');
const handler = () => {};
const timer = (name) => app.timer(name, { schedule: '0 0 0 1 1 *', handler });
const cases = {
  'throws before': () => {
    throw new Error('broken at import');
  },
  'throws after': () => {
    timer('first');
    throw new Error('broken halfway');
  },
  'registers nothing': () => {},
  'same name': () => {
    timer('same');
    timer('same');
  },
  'same name but for case': () => {
    timer('same');
    timer('SAME');
  },
  'bad name': () => timer('bad name!'),
  'same binding twice': () => {
    const one = { queueName: 'q', connection: 'Storage' };
    app.timer('twice', {
      schedule: '0 0 0 1 1 *',
      extraOutputs: [output.storageQueue(one), output.storageQueue({ ...one })],
      handler,
    });
  },
  'other trigger': () => app.cosmosDB('changes', { connection: 'c', databaseName: 'd', containerName: 'c', handler }),
  'queue output': () =>
    app.timer('out', {
      schedule: '0 0 0 1 1 *',
      return: output.storageQueue({ queueName: 'q', connection: 'Storage' }),
      handler,
    }),
  'blob input': () =>
    app.timer('in', {
      schedule: '0 0 0 1 1 *',
      extraInputs: [input.storageBlob({ path: 'a/b', connection: 'Storage' })],
      handler,
    }),
  'retry policy': () =>
    app.timer('again', {
      schedule: '0 0 0 1 1 *',
      retry: { strategy: 'fixedDelay', delayInterval: 1000, maxRetryCount: 2 },
      handler,
    }),
  streaming: () => {
    app.setup({ enableHttpStream: true });
    timer('first');
  },
  'many events': () => app.eventGrid('many', { cardinality: 'many', handler }),
  'strange route': () =>
    app.http('r', { route: 'a/{x:regex(^1$)}', authLevel: 'anonymous', handler: () => ({ body: '' }) }),
  'strange schedule': () => app.timer('t', { schedule: '0 0 L * *  ?', handler }),
  'setting is missing': () => app.timer('t', { schedule: '%NOWHERE%', handler }),
  'start hook throws': () => {
    timer('first');
    app.hook.appStart(() => {
      throw new Error('not today');
    });
  },
  'log hook': () => {
    timer('first');
    app.hook.log(() => {});
  },
};
cases[process.env.LOADING_CASE]();
