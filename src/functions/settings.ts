// HTTP: the page of the settings in force, without a secret.

import { settingsMarkdown, settingsPage } from '../lib/console/pages/settings.ts';
import { settingsInForce } from '../lib/console/settings-in-force.ts';
import type { App } from './app.ts';
import { type Page, registerPage } from './pages.ts';

export function registerSettings(pullmedic: App): void {
  registerPage(pullmedic, { name: 'settings', route: 'settings' }, showSettings);
}

async function showSettings({ config, callers }: App): Promise<Page> {
  const groups = settingsInForce(config, callers);
  return {
    html: (shell) => settingsPage(groups, shell),
    json: () => ({ groups }),
    markdown: () => settingsMarkdown(groups),
  };
}
