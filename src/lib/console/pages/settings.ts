// The page of the settings in force.

import type { Part } from '../../incidents/parts.ts';
import { type Html, html } from '../html.ts';
import { layout, type Shell } from '../layout.ts';
import type { Setting, SettingGroup } from '../settings-in-force.ts';

export function settingsPage(groups: readonly SettingGroup[], shell: Shell): string {
  return layout(
    'Settings',
    'settings',
    html`<h1>Settings in force</h1>
<p>Secrets are never shown: the settings only name the app setting that holds one. A change of an app setting starts the app again.</p>
${groups.map(section)}`,
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

function section({ title, settings }: SettingGroup): Html {
  const caption = sentence(title);
  if (settings.length === 0) return html`<h2>${caption}</h2><p class="meta">None.</p>`;
  return html`<h2>${caption}</h2><dl class="settings">${settings.map(row)}</dl>`;
}

function row({ name, value, from }: Setting): Html {
  return html`<div><dt>${name}</dt><dd>${value} <span class="meta">${sayFrom(from)}</span></dd></div>`;
}

function sayFrom(from: string): string {
  if (from === 'default') return 'by default';
  return from === 'platform' ? 'from the platform' : `from ${from}`;
}

function sentence(title: string): string {
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
}
