// Makes an incident system from its settings. A new kind adds its case here.
// The room incidents/systems/ holds one file for each kind of incident system: what it is asked and how it answers. Not here: when it
// is asked (telling/).

import type { SystemSettings } from '../../settings/incident-settings.ts';
import { Secret } from '../../words/secret.ts';
import type { Failure, IncidentSystem, Outside, Told } from '../system.ts';
import { azureMonitorIssue } from './azure-monitor-issue.ts';
import { eventGrid } from './eventgrid.ts';
import { gitHub } from './github.ts';
import { jira } from './jira.ts';
import { jsm } from './jsm.ts';
import { pagerDuty } from './pagerduty.ts';
import { serviceNow } from './servicenow.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { webhook } from './webhook.ts';

/**
 * `valueOf` gives the value of an app setting. A system whose secret is not there tells nobody, and says so as a refused key. `arm`: the
 * address of ARM in this cloud.
 */
export function makeSystem(
  settings: SystemSettings,
  valueOf: (setting: string) => string | undefined,
  outside: Outside,
  arm: string,
): IncidentSystem {
  const missing = unresolved(settings, valueOf);
  if (missing !== undefined) return withoutKey(missing);
  const secret = (setting: string): Secret => new Secret(valueOf(setting) ?? '');
  switch (settings.kind) {
    case 'azure-monitor-issue':
      return azureMonitorIssue({ arm, workspace: settings.workspace }, outside);
    case 'eventgrid':
      return eventGrid({ url: settings.url }, outside);
    case 'github': {
      const { url, repository, label, tokenFrom } = settings;
      return gitHub({ url, repository, label, token: secret(tokenFrom) }, outside);
    }
    case 'jira':
      return jira({ ...settings, token: secret(settings.tokenFrom) }, outside);
    case 'jsm':
      return jsm({ url: settings.url, apiKey: secret(settings.apiKeyFrom) }, outside);
    case 'pagerduty':
      return pagerDuty({ url: settings.url, routingKey: secret(settings.routingKeyFrom) }, outside);
    case 'servicenow': {
      const { url, user, passwordFrom, closeCode, fields } = settings;
      return serviceNow({ url, user, password: secret(passwordFrom), closeCode, fields }, outside);
    }
    case 'slack':
      return slack({ url: settings.url, channel: settings.channel, token: secret(settings.tokenFrom) }, outside);
    case 'teams':
      return teams({ url: secret(settings.urlFrom) }, outside);
    case 'webhook':
      return webhook({ url: addressOf(settings, secret), secrets: settings.secretsFrom.map(secret) }, outside);
  }
}

/** The address of a system, whether the settings hold it or name the app setting that does. */
export function addressOf(
  { url, urlFrom }: { readonly url?: string | undefined; readonly urlFrom?: string | undefined },
  secret: (setting: string) => Secret,
): Secret {
  return url === undefined ? secret(urlFrom ?? '') : new Secret(url);
}

/**
 * The first app setting of the system without a value. Where the platform cannot resolve a Key Vault reference, the app gets the text of
 * the reference itself. Source: "Use Key Vault references as app settings in Azure App Service", "Troubleshoot Key Vault references".
 */
function unresolved(settings: SystemSettings, valueOf: (setting: string) => string | undefined): string | undefined {
  const named = Object.entries(settings).flatMap(([member, value]) =>
    member.endsWith('From') && value !== undefined ? [value].flat().map(String) : [],
  );
  return named.find((setting) => {
    const value = valueOf(setting)?.trim() ?? '';
    return value === '' || value.startsWith('@Microsoft.KeyVault(');
  });
}

function withoutKey(setting: string): IncidentSystem {
  const failure: Failure = { why: 'key-refused', detail: `${setting} has no value` };
  const refuse = async (): Promise<Told> => ({ kind: 'failed', failure });
  return {
    reopenWindowMs: 0,
    findLagMs: 0,
    open: refuse,
    update: refuse,
    resolve: refuse,
    reopen: refuse,
    ask: refuse,
    answered: refuse,
  };
}
