'use strict';
const { app } = require('@azure/functions');
const listens = (name, queueName, handler) => app.storageQueue(name, { queueName, connection: 'Storage', handler });
const say = (context, word, value) => context.log(JSON.stringify([word, value]));

listens('good', '%GOOD_QUEUE%', (message, context) => {
  say(context, 'good', { message, type: typeof message, metadata: context.triggerMetadata });
  return 'a value that nobody asked for';
});
listens('bad', 'bad', (message, context) => {
  say(context, 'bad', context.triggerMetadata.dequeueCount);
  throw new Error('no');
});
listens('poisoned', 'bad-poison', (message, context) => {
  say(context, 'poisoned', message);
  throw new Error('not even this');
});
listens('null', 'null', (message, context) => {
  say(context, 'null', message);
  throw null;
});
listens('words', 'words', (message, context) => {
  say(context, 'words', context.triggerMetadata.dequeueCount);
  throw 'just words';
});
let now = 0;
listens('slow', 'slow', async (message, context) => {
  now += 1;
  say(context, 'slow', now);
  await new Promise((resolve) => setTimeout(resolve, message.ms));
  now -= 1;
  say(context, 'slow-done', message.n);
});
