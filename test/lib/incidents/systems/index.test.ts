import { describe, expect, it } from 'vitest';
import type { Outside, OutsideRequest, Telling } from '../../../../src/lib/incidents/system.ts';
import { addressOf, makeSystem } from '../../../../src/lib/incidents/systems/index.ts';
import { incidentSettings } from '../../../../src/lib/settings/incident-settings.ts';
import { Secret } from '../../../../src/lib/words/secret.ts';
import { nowMs } from '../../facts.ts';
import { factsOf } from '../incident-data.ts';

const telling: Telling = { key: 'k', delivery: 'k.open.1', atMs: nowMs, again: false, facts: factsOf() };

function network(): Outside & { readonly sent: OutsideRequest[] } {
  const sent: OutsideRequest[] = [];
  return {
    sent,
    now: () => nowMs,
    hmac: (key) => `signed with ${key}`,
    publish: async () => ({ kind: 'no-answer', code: 'no topic here' }),
    async send(request) {
      sent.push(request);
      return { kind: 'answer', status: 200, headers: {}, body: '' };
    },
  };
}

const hook = { kind: 'webhook', urlFrom: 'HOOK_URL', secretsFrom: ['NEW', 'OLD'] } as const;
const values = { HOOK_URL: 'https://hooks.example/?key=1', NEW: 'whsec_new', OLD: 'whsec_old' };
const settings = { ...hook, secretsFrom: [...hook.secretsFrom], remediations: false };
const arm = 'https://management.azure.com';
const valueIn = (all: Readonly<Record<string, string>>) => (name: string) => all[name];

describe('a system made from its settings', () => {
  it('takes its address and its secrets from the app settings that it names', async () => {
    const outside = network();
    await makeSystem(settings, valueIn(values), outside, arm).open(telling);

    expect(outside.sent[0]).toMatchObject({
      url: values.HOOK_URL,
      headers: { 'webhook-signature': 'v1,signed with new v1,signed with old' },
    });
  });

  it.each([
    ['is missing', {}],
    ['is empty', { OLD: ' ' }],
    ['could not be resolved', { OLD: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)' }],
  ])('sends nothing where a secret %s', async (_case, old) => {
    const outside = network();
    const { OLD: _old, ...others } = values;
    const system = makeSystem(settings, valueIn({ ...others, ...old }), outside, arm);

    for (const told of [
      await system.open(telling),
      await system.update(telling, { id: 'k' }),
      await system.resolve(telling, { id: 'k' }),
    ])
      expect(told).toEqual({ kind: 'failed', failure: { why: 'key-refused', detail: 'OLD has no value' } });
    expect(outside.sent).toEqual([]);
  });

  it.each([
    [{ kind: 'github', repository: 'shop/ops', tokenFrom: 'KEY' }, 'https://api.github.com/repos/shop/ops/issues'],
    [
      { kind: 'jira', url: 'https://shop.atlassian.net/', user: 'a@shop.example', tokenFrom: 'KEY', project: 'OPS' },
      'https://shop.atlassian.net/rest/api/3/issue',
    ],
    [{ kind: 'jsm', apiKeyFrom: 'KEY' }, 'https://api.atlassian.com/jsm/ops/integration/v2/alerts'],
    [{ kind: 'pagerduty', routingKeyFrom: 'KEY' }, 'https://events.pagerduty.com/v2/enqueue'],
    [
      { kind: 'servicenow', url: 'https://shop.service-now.com/', user: 'pullmedic', passwordFrom: 'KEY' },
      'https://shop.service-now.com/api/now/table/incident',
    ],
    [{ kind: 'slack', channel: 'C0123456789', tokenFrom: 'KEY' }, 'https://slack.com/api/chat.postMessage'],
    [{ kind: 'teams', urlFrom: 'KEY' }, 'https://flow.example/?sig=1'],
  ] as const)('is reached where its settings say: %j', async (chosen, url) => {
    const outside = network();
    const { systems } = incidentSettings.parse({ systems: { one: chosen } });
    const one = systems['one'] ?? settings;
    await makeSystem(one, valueIn({ KEY: 'https://flow.example/?sig=1' }), outside, arm).open(telling);
    expect(outside.sent[0]).toMatchObject({ method: 'POST', url });

    await makeSystem(one, valueIn({}), outside, arm).open(telling);
    expect(outside.sent).toHaveLength(1);
  });

  it('is reached in the cloud of the app where it is a part of Azure', async () => {
    const outside = network();
    const workspace = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Monitor/accounts/a';
    await makeSystem({ kind: 'azure-monitor-issue', workspace }, valueIn({}), outside, arm).open(telling);
    expect(outside.sent[0]).toMatchObject({
      method: 'PUT',
      url: `${arm}${workspace}/issues/k?api-version=2025-10-03`,
      identityScope: `${arm}/.default`,
    });
  });

  it('has an address that never shows', () => {
    expect(addressOf({ url: 'https://a.example' }, () => new Secret('no')).reveal()).toBe('https://a.example');
    expect(addressOf({ urlFrom: 'X' }, (name) => new Secret(`value of ${name}`)).reveal()).toBe('value of X');
  });
});
