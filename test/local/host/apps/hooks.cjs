'use strict';
const { app } = require('@azure/functions');
const open = { methods: ['GET'], authLevel: 'anonymous' };
const seen = [];
app.hook.appStart((context) => {
  context.hookData.since = 'start';
  seen.push(['appStart', Object.keys(context.hookData), 'appHookData' in context]);
});
app.hook.preInvocation((context) => {
  if (context.invocationContext.functionName === 'refused') throw new Error('a hook says no');
  context.hookData.from = 'pre';
  if (context.invocationContext.functionName !== 'replaced') return;
  context.inputs = ['another input'];
  const original = context.functionHandler;
  context.functionHandler = (...args) => original(...args);
});
app.hook.postInvocation((context) => {
  const { functionName } = context.invocationContext;
  if (functionName === 'replaced')
    context.result = { body: `${context.result.body}, changed by post, after ${context.hookData.from}` };
  if (functionName === 'forgiven') {
    context.error = null;
    context.result = { body: 'forgiven' };
  }
});
app.http('replaced', { ...open, handler: (input) => ({ body: `handled ${input}` }) });
app.http('refused', { ...open, handler: () => ({ body: 'never' }) });
app.http('forgiven', {
  ...open,
  handler: () => {
    throw new Error('bad');
  },
});
app.http('seen', { ...open, handler: () => ({ jsonBody: seen }) });
app.http('levels', {
  ...open,
  handler: (_request, context) => {
    context.log('log %s', 'formatted');
    context.info('info');
    context.warn('warn');
    context.error('error');
    context.debug('debug');
    return {};
  },
});
app.http('afterwards', {
  ...open,
  handler: (_request, context) => {
    setTimeout(() => context.log('too late'), 10);
    return {};
  },
});
