// Incident systems in a scenario: each is started as the scenario names it, and pullmedic gets the settings that lead to it.

import { startMonitorWorkspace } from './azure-monitor-issue.ts';
import { startTopic } from './eventgrid.ts';
import { startGitHub } from './github.ts';
import { type AzurePlace, azurePlace, type Placed } from './in-azure.ts';
import { startJira } from './jira.ts';
import { startJsm } from './jsm.ts';
import type { Kind } from './kinds.ts';
import { startPagerDuty } from './pagerduty.ts';
import type { LocalSystem, Seen, Start } from './server.ts';
import { startServiceNow } from './servicenow.ts';
import { startSlack } from './slack.ts';
import { startTeams } from './teams.ts';
import { startWebhook } from './webhook.ts';

export interface PlayedSystems {
  /** What stands in the settings of pullmedic under `incidents.systems`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The app settings with their secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Those that are a part of Azure. */
  readonly inAzure: readonly Placed[];
  /** What people see in each system by now. */
  seen(): Readonly<Record<string, readonly Seen[]>>;
  stop(): Promise<void>;
}

/** Starts the systems of these names and kinds. `now`: milliseconds, by the clock of the scenario. */
export async function startPlayed(
  chosen: Readonly<Record<string, Kind>>,
  start: Start,
  now: () => number,
): Promise<PlayedSystems> {
  const azure = azurePlace();
  const all = await Promise.all(
    Object.entries(chosen).map(async ([name, kind]) => ({ name, ...(await startOne(kind, name, start, azure, now)) })),
  );
  return {
    settings: Object.fromEntries(all.map(({ name, settings }) => [name, settings])),
    env: Object.fromEntries(
      all.flatMap(({ name, secret }) => (secret === undefined ? [] : [[secretOf(name), secret] as const])),
    ),
    inAzure: azure.placed,
    seen: () => Object.fromEntries(all.map(({ name, system }) => [name, system.seen()])),
    async stop() {
      await Promise.all(all.map(({ system }) => system.stop()));
    },
  };
}

/** The app setting that holds the secret of a system. */
function secretOf(name: string): string {
  return `${name.replaceAll('-', '_').toUpperCase()}_SECRET`;
}

interface One {
  readonly system: LocalSystem;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The value of its app setting; absent where pullmedic signs in with its own identity. */
  readonly secret?: string;
}

const user = 'pullmedic@shop.example';
const password = 'a password of a scenario';
const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const token = 'a token of a scenario';
const arm = 'management.azure.com';
const monitor =
  '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-monitor/providers/Microsoft.Monitor';

async function startOne(kind: Kind, name: string, start: Start, azure: AzurePlace, now: () => number): Promise<One> {
  const from = secretOf(name);
  switch (kind) {
    case 'azure-monitor-issue': {
      const workspace = `${monitor}/accounts/amw-${name}`;
      const address = { host: arm, path: workspace.toLowerCase(), audience: `https://${arm}` };
      const system = await startMonitorWorkspace(token, workspace, azure.at(address, token));
      return { system, settings: { kind, workspace } };
    }
    case 'eventgrid': {
      const host = `evgt-${name}.westeurope-1.eventgrid.azure.net`;
      const address = { host, path: '/', audience: 'https://eventgrid.azure.net' };
      const system = await startTopic(token, azure.at(address, token));
      return { system, settings: { kind, url: `https://${host}/api/events` } };
    }
    case 'github': {
      const system = await startGitHub('shop/operations', token, start);
      const settings = { kind, url: system.url, repository: 'shop/operations', tokenFrom: from };
      return { system, settings, secret: token };
    }
    case 'jira': {
      const system = await startJira(authorization, 'OPS', now, start);
      const settings = { kind, url: system.url, user, tokenFrom: from, project: 'OPS', reopenBy: 'Reopen' };
      return { system, settings, secret: password };
    }
    case 'jsm': {
      const system = await startJsm(token, now, start);
      return { system, settings: { kind, url: system.url, apiKeyFrom: from }, secret: token };
    }
    case 'pagerduty': {
      const routingKey = '0123456789abcdef0123456789abcdef';
      const system = await startPagerDuty(routingKey, start);
      return { system, settings: { kind, url: system.url, routingKeyFrom: from }, secret: routingKey };
    }
    case 'servicenow': {
      const system = await startServiceNow(authorization, start);
      return { system, settings: { kind, url: system.url, user, passwordFrom: from }, secret: password };
    }
    case 'slack': {
      const system = await startSlack('C0123456789', token, now, start);
      return { system, settings: { kind, url: system.url, channel: 'C0123456789', tokenFrom: from }, secret: token };
    }
    case 'teams': {
      const system = await startTeams('signature', start);
      return { system, settings: { kind, urlFrom: from }, secret: `${system.url}/workflows/1/invoke?sig=signature` };
    }
    case 'webhook': {
      const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
      const system = await startWebhook(secret, now, start);
      return { system, settings: { kind, url: system.url, secretsFrom: [from] }, secret };
    }
  }
}
