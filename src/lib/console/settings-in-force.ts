// The settings in force, each with where its value comes from. A secret is never among them: the settings only name the app setting that
// holds it.

import type { CallerSignIn } from '../settings/caller-sign-in.ts';
import type { Config } from '../settings/config.ts';
import { isRecord } from '../settings/given.ts';
import type { Route, SystemSettings } from '../settings/incident-settings.ts';

export interface SettingGroup {
  readonly title: string;
  readonly settings: readonly Setting[];
}

export interface Setting {
  readonly name: string;
  /** Items of a list stand in a line each. */
  readonly value: string;
  /** The app setting that gives the value, `default`, or `platform` where Azure gives it. */
  readonly from: string;
}

/** All settings, in groups. A member that a later version adds to the settings is shown without a change here. */
export function settingsInForce(config: Config, callers: CallerSignIn): readonly SettingGroup[] {
  const { incidents, ...members } = config.settings;
  const { page, runbooks, inObserve, systems, routes } = incidents;
  const of = (name: string, value: unknown): Setting => ({ name, value: sayValue(value), from: fromOf(config, name) });
  const groups = Object.entries(members).filter(([, value]) => isRecord(value));
  const alone = Object.entries(members).filter(([, value]) => !isRecord(value));
  return [
    { title: 'What pullmedic may do and where', settings: [...frame(config), signInOf(callers)] },
    { title: 'Registries and who may be granted on them', settings: config.registries.map(registryOf) },
    ...groups.map(([title, value]) => ({
      title,
      settings: Object.entries(value).map(([name, member]) => of(`${title}.${name}`, member)),
    })),
    { title: 'Other settings', settings: alone.map(([name, value]) => of(name, value)) },
    {
      title: 'Telling of incidents',
      settings: [
        of('incidents.inObserve', inObserve),
        pageOf(config, page),
        { ...of('incidents.runbooks', undefined), value: runbooks === undefined ? 'none' : withoutQuery(runbooks) },
        ...Object.entries(systems).map(([name, one]) => systemOf(name, one)),
        ...routes.map(routeOf),
      ],
    },
  ];
}

const inSettings = 'PULLMEDIC_SETTINGS';

/** Names that earlier versions had, and that still count. */
const earlierNames: Readonly<Partial<Record<string, string>>> = {
  'limits.restartsPerRevisionPerDay': 'limits.restartsPerTargetPerDay',
};

function fromOf({ given }: Config, name: string): string {
  return given.includes(name) || given.includes(earlierNames[name] ?? name) ? inSettings : 'default';
}

function frame({ mode, cloud, scopes, clientId, given }: Config): readonly Setting[] {
  const from = (name: string): string => (given.includes(name) ? name : 'default');
  return [
    { name: 'mode', value: mode, from: from('PULLMEDIC_MODE') },
    { name: 'cloud', value: cloud, from: from('PULLMEDIC_CLOUD') },
    { name: 'scopes', value: sayValue(scopes), from: from('PULLMEDIC_SCOPES') },
    {
      name: 'identity of pullmedic (client id)',
      value: clientId ?? 'the one that the platform chooses',
      from: clientId === undefined ? 'platform' : 'AZURE_CLIENT_ID',
    },
  ];
}

const signInWords: Readonly<Record<CallerSignIn['state'], readonly [value: string, from: string]>> = {
  on: ['on', 'platform'],
  'on-by-setting': ['on: the template says so, and the platform says nothing', 'PULLMEDIC_SIGN_IN'],
  off: ['off: every operator and every signed alert is refused', 'platform'],
};

function signInOf({ state }: CallerSignIn): Setting {
  const [value, from] = signInWords[state];
  return { name: 'sign-in of callers', value, from };
}

function registryOf({ id, consumers, grantWhenNetworkUnknown }: Config['registries'][number]): Setting {
  const who = consumers.length === 0 ? 'nobody may be granted' : `consumers: ${sayValue(consumers)}`;
  const network = grantWhenNetworkUnknown ? 'granted also where the network cannot be told' : undefined;
  return {
    name: id,
    value: [who, network].filter((part) => part !== undefined).join('; '),
    from: 'PULLMEDIC_REGISTRIES',
  };
}

function pageOf(config: Config, page: string | undefined): Setting {
  const from = fromOf(config, 'incidents.page');
  const value = page === undefined ? 'none' : withoutQuery(page);
  // Without a setting it is the host name that the platform gives the app.
  return { name: 'incidents.page', value, from: from === 'default' && page !== undefined ? 'platform' : from };
}

/** What is told of a system: its kind, its address without a query, and which app settings hold its secrets. */
function systemOf(name: string, system: SystemSettings): Setting {
  const members = Object.entries(system).flatMap(([member, value]) => {
    if (member === 'kind' || value === undefined) return [];
    if (member.endsWith('From')) return [`${member}: the app setting ${sayNames(value)}, whose value is never shown`];
    return [`${member}: ${sayMember(value)}`];
  });
  return { name: `incidents.systems.${name}`, value: [system.kind, ...members].join('; '), from: inSettings };
}

function sayNames(value: unknown): string {
  return [value].flat().map(String).join(' and ');
}

function sayMember(value: unknown): string {
  if (typeof value === 'string') return URL.canParse(value) ? withoutQuery(value) : value;
  return isRecord(value) ? Object.keys(value).join(', ') || 'none' : sayValue(value);
}

function routeOf({ to, when }: Route, index: number): Setting {
  const who = to.length === 0 ? 'nobody' : to.join(', ');
  const conditions = Object.entries(when).map(
    ([name, value]) => `${name} ${isRecord(value) ? JSON.stringify(value) : sayValue(value)}`,
  );
  return {
    name: `incidents.routes ${index + 1}`,
    value: `${conditions.length === 0 ? 'every incident' : conditions.join(' and ')}: to ${who}`,
    from: inSettings,
  };
}

/** An address may carry a key in its query or before its host, although a setting of its own is the place for it. */
function withoutQuery(address: string): string {
  if (!URL.canParse(address)) return address;
  const { origin, pathname, search } = new URL(address);
  return `${origin}${pathname === '/' ? '' : pathname}${search === '' ? '' : ' (its query is not shown)'}`;
}

function sayValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(',\n');
  return value === undefined ? 'none' : String(value);
}
