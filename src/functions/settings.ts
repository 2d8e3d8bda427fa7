// HTTP: the page of the settings in force, without a secret.

import { settingsMarkdown, settingsPage } from '../lib/console/pages/settings.ts';
import { settingsInForce } from '../lib/console/settings-in-force.ts';
import { subscriptionsIn } from '../lib/console/short-ids.ts';
import type { App } from './app.ts';
import { type Page, registerPage } from './pages.ts';

export function registerSettings(pullmedic: App): void {
  registerPage(pullmedic, { name: 'settings', route: 'settings' }, showSettings);
}

/** How many subscriptions the page names. Others stand there by their ids. */
const mostNamed = 20;

async function showSettings({ config, callers, ports }: App): Promise<Page> {
  const groups = settingsInForce(config, callers);
  const names = new Map<string, string>();
  const texts = groups.flatMap(({ settings }) => settings.flatMap(({ name, value }) => [name, value]));
  await Promise.all(
    subscriptionsIn(texts)
      .slice(0, mostNamed)
      .map(async (id) => {
        const name = await ports.subscriptions.nameOf(id);
        if (name !== undefined) names.set(id, name);
      }),
  );
  return {
    html: (shell) => settingsPage(groups, names, shell),
    json: () => ({ groups }),
    markdown: () => settingsMarkdown(groups),
  };
}
