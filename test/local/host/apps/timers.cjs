'use strict';
const { app } = require('@azure/functions');
const say = (context, word, value) => context.log(JSON.stringify([word, value]));
app.timer('tick', {
  schedule: '%EVERY%',
  handler: (timer, context) =>
    say(context, 'tick', { timer, atMs: Date.now(), metadata: context.triggerMetadata === undefined }),
});
app.timer('at-start', {
  schedule: '0 0 0 1 1 *',
  runOnStartup: true,
  handler: (timer, context) => say(context, 'at-start', timer),
});
app.timer('once-a-year', { schedule: '0 0 0 1 1 *', handler: (_timer, context) => say(context, 'once-a-year', 1) });
let running = 0;
app.timer('slow', {
  schedule: '%EVERY%',
  handler: async (timer, context) => {
    running += 1;
    await new Promise((resolve) => setTimeout(resolve, Number(process.env.SLOW_MS ?? 0)));
    say(context, 'slow', { running, isPastDue: timer.isPastDue });
    running -= 1;
  },
});
