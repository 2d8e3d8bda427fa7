'use strict';
const { app } = require('@azure/functions');
const seen = (globalThis.seenByTheApp ??= []);
app.http('open', {
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  route: 'open/{name?}',
  handler: async (request) => ({
    jsonBody: {
      name: request.params.name ?? null,
      has: 'name' in request.params,
      q: request.query.get('q'),
      body: request.method === 'POST' ? await request.text() : null,
      who: request.headers.get('x-ms-client-principal-name'),
    },
  }),
});
app.http('keyed', { methods: ['POST'], authLevel: 'function', handler: () => ({ status: 202 }) });
app.http('admin-only', { methods: ['GET'], authLevel: 'admin', handler: () => ({ body: 'admin' }) });
app.http('nothing', { methods: ['GET'], authLevel: 'anonymous', handler: () => undefined });
app.http('text', { methods: ['GET'], authLevel: 'anonymous', handler: () => 'text' });
app.http('fails', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => {
    throw new Error('no');
  },
});
app.eventGrid('events', {
  handler: (event) => {
    if (event.fail) throw new Error('no');
    seen.push(['event', event]);
  },
});
app.storageQueue('good', {
  queueName: 'good',
  connection: 'Storage',
  handler: (message, context) => {
    seen.push(['good', message, context.triggerMetadata.dequeueCount]);
  },
});
app.storageQueue('bad', {
  queueName: 'bad',
  connection: 'Storage',
  handler: (message, context) => {
    seen.push(['bad', message, context.triggerMetadata.dequeueCount]);
    throw new Error('no');
  },
});
app.storageQueue('poisoned', {
  queueName: 'bad-poison',
  connection: 'Storage',
  handler: (message) => {
    seen.push(['poisoned', message]);
  },
});
app.timer('tick', {
  schedule: '%EVERY%',
  handler: (timer) => {
    seen.push(['tick', timer.isPastDue, timer.scheduleStatus ?? null]);
  },
});
