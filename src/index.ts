// Wiring: read the settings, connect, register. Read this first.
import { app } from '@azure/functions';
import type { App } from './app.ts';
import { registerApprovals } from './functions/approvals.ts';
import { registerConsole } from './functions/console.ts';
import { registerHealth } from './functions/health.ts';
import { registerKillSwitch } from './functions/kill-switch.ts';
import { registerOnAlert } from './functions/on-alert.ts';
import { registerOnEvent } from './functions/on-event.ts';
import { registerOnPoison } from './functions/on-poison.ts';
import { registerOnSchedule } from './functions/on-schedule.ts';
import { registerOnSignal } from './functions/on-signal.ts';
import { registerOnStep } from './functions/on-step.ts';
import { registerOperator } from './functions/operator.ts';
import { connect } from './lib/azure/clients.ts';
import { azurePorts } from './lib/azure/ports.ts';
import { connectQueues } from './lib/azure/queue.ts';
import { storageConnection } from './lib/azure/storage-connection.ts';
import { connectTables, createTables } from './lib/azure/store.ts';
import { parseConfig } from './lib/config.ts';

// A throw here stops the app before it registers anything: a bad configuration must not look like a healthy one.
const config = parseConfig(process.env);
const storage = storageConnection(process.env, 'AzureWebJobsStorage');
const tables = connectTables(storage);
const queues = connectQueues(storage);

const pullmedic: App = {
  config,
  ports: azurePorts(config, {
    clients: connect(config.clientId, config.cloud),
    tables,
    queues,
    log: (event, fields) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`),
  }),
  signInByPlatform: process.env['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'true',
};

app.hook.appStart(async () => {
  await Promise.all([createTables(tables), queues.create()]);
});

registerOnAlert(pullmedic);
registerOnEvent(pullmedic);
registerOnSignal(pullmedic);
registerOnStep(pullmedic);
registerOnPoison(pullmedic);
registerOnSchedule(pullmedic);
registerOperator(pullmedic);
registerApprovals(pullmedic);
registerKillSwitch(pullmedic);
registerConsole(pullmedic);
registerHealth(pullmedic);
