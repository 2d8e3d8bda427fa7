'use strict';
// An app for what happens to the process: it can end, hang on, and be told to stop.
const { app } = require('@azure/functions');
const open = { methods: ['GET'], authLevel: 'anonymous' };
console.log('printed at import');
app.hook.appTerminate(() => console.log('terminate hook ran'));
app.http('fine', { ...open, handler: () => ({ body: process.env.WEBSITE_AUTH_ENABLED }) });
app.http('throws-later', {
  ...open,
  handler: () => {
    setTimeout(() => {
      throw new Error('nobody caught this');
    }, 5);
    return { body: 'answered' };
  },
});
app.http('rejects', {
  ...open,
  handler: async () => {
    void Promise.reject(new Error('nobody handled this'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { body: 'too late' };
  },
});
app.http('slow', {
  ...open,
  handler: async (_request, context) => {
    context.log('slow began');
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { body: 'slow but done' };
  },
});
app.http('hangs', { ...open, handler: () => new Promise((resolve) => setTimeout(resolve, 60_000)) });
app.storageQueue('kills', {
  queueName: 'kills',
  connection: 'AzureWebJobsStorage',
  handler: () => process.exit(9),
});
