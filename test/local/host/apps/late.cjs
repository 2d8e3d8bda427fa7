'use strict';
const { app } = require('@azure/functions');
app.http('registers-late', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => {
    try {
      app.timer('late', { schedule: '0 0 0 1 1 *', handler: () => {} });
      return { body: 'registered' };
    } catch (error) {
      return { body: error.message };
    }
  },
});
