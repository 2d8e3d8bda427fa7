// HTTP: the page of messages that did not arrive.

import { readMessages } from '../lib/console/messages.ts';
import { messagesMarkdown, messagesPage } from '../lib/console/pages/messages.ts';
import type { App } from './app.ts';
import { type Page, registerPage } from './pages.ts';

export function registerMessages(pullmedic: App): void {
  registerPage(pullmedic, { name: 'messages', route: 'messages' }, showMessages);
}

async function showMessages({ ports, upkeep, config }: App): Promise<Page> {
  const messages = await readMessages(ports, upkeep, Object.keys(config.settings.incidents.systems));
  return {
    html: (shell) => messagesPage(messages, shell),
    json: () => messages,
    markdown: () => messagesMarkdown(messages),
  };
}
