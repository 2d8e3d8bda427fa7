'use strict';
const { app } = require('@azure/functions');
app.cosmosDB('changes', { connection: 'c', databaseName: 'd', containerName: 'c', handler: () => {} });
