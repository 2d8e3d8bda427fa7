// The page of the settings in force.

import type { Part } from '../../incidents/parts.ts';
import { type Html, html } from '../html.ts';
import { layout, type Shell } from '../layout.ts';
import type { Setting, SettingGroup } from '../settings-in-force.ts';
import { type SubscriptionNames, withShortIds } from '../short-ids.ts';

/** `names`: what people call the subscriptions in the settings, where that could be read. */
export function settingsPage(groups: readonly SettingGroup[], names: SubscriptionNames, shell: Shell): string {
  return layout(
    'Settings',
    'settings',
    html`<h1>Settings in force</h1>
<p>Secrets are never shown: the settings only name the app setting that holds one. A change of an app setting starts the app again. Ids of Azure are in short here, and in full in the JSON.</p>
${groups.map((group) => section(group, names))}`,
    shell,
  );
}

export function settingsMarkdown(groups: readonly SettingGroup[]): readonly Part[] {
  return [
    { kind: 'heading', text: 'Settings in force' },
    ...groups.flatMap(({ title, settings }): Part[] => [
      { kind: 'heading', text: title },
      settings.length === 0
        ? { kind: 'paragraph', text: 'None.' }
        : { kind: 'fields', fields: settings.map(({ name, value, from }) => [name, `${value} (${sayFrom(from)})`]) },
    ]),
  ];
}

function section({ title, settings }: SettingGroup, names: SubscriptionNames): Html {
  const caption = sentence(title);
  if (settings.length === 0) return html`<h2>${caption}</h2><p class="meta">None.</p>`;
  return html`<h2>${caption}</h2><dl class="settings">${settings.map((setting) => row(setting, names))}</dl>`;
}

function row({ name, value, from }: Setting, names: SubscriptionNames): Html {
  return html`<div><dt>${withShortIds(name, names)}</dt><dd>${withShortIds(value, names)} <span class="meta">${sayFrom(from)}</span></dd></div>`;
}

function sayFrom(from: string): string {
  if (from === 'default') return 'by default';
  return from === 'platform' ? 'from the platform' : `from ${from}`;
}

function sentence(title: string): string {
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
}
