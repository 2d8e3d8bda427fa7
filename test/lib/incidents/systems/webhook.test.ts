import { startWebhook } from '../../../../local/incidents/webhook.ts';
import { webhook } from '../../../../src/lib/incidents/systems/webhook.ts';
import { Secret } from '../../../../src/lib/words/secret.ts';
import { incidentContract } from '../incident-contract.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

incidentContract({
  name: 'webhook',
  start: (now) => startWebhook(secret, now),
  make: (server, outside) =>
    webhook({ url: new Secret(`${server.url}/hook?key=in-the-address`), secrets: [new Secret(secret)] }, outside),
  afterReturn: 1,
});
