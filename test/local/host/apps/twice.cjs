'use strict';
const { app } = require('@azure/functions');
app.timer('same', { schedule: '0 0 0 * * *', handler: () => {} });
app.timer('SAME', { schedule: '0 0 0 * * *', handler: () => {} });
