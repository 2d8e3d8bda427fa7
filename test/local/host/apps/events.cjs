'use strict';
const { app } = require('@azure/functions');
app.eventGrid('events', {
  handler: (event, context) => {
    if (event.data?.fail) throw new Error('no');
    context.log(JSON.stringify(['event', { event, metadata: context.triggerMetadata }]));
  },
});
app.timer('not-events', { schedule: '0 0 0 1 1 *', handler: () => {} });
