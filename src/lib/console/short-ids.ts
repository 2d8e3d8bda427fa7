// Ids of Azure as people read them: the name of the resource first, then where it is. The whole id stands in the title.

import { type ArmId, nameOf, parseArmId, resourceGroupOf, subscriptionOf } from '../words/arm-id.ts';
import { type Html, html } from './html.ts';

/** What people call subscriptions, by their ids. */
export type SubscriptionNames = ReadonlyMap<string, string>;

/** The text with each id in it in short. What only looks like an id stays as it is. */
export function withShortIds(text: string, names: SubscriptionNames): Html {
  const parts = text.split(/(\/subscriptions\/[^\s,;]+)/);
  return html`${parts.map((part) => {
    const id = part.startsWith('/subscriptions/') ? parseArmId(part) : undefined;
    return id === undefined ? html`${part}` : shortId(id, names);
  })}`;
}

function shortId(id: ArmId, names: SubscriptionNames): Html {
  const segments = id.split('/').slice(1);
  const subscription = names.get(subscriptionOf(id)) ?? subscriptionOf(id);
  if (segments.length === 2) return html`<span title="${id}">subscription <strong>${subscription}</strong></span>`;
  if (segments.length === 4)
    return html`<span title="${id}">resource group <strong>${nameOf(id)}</strong> in ${subscription}</span>`;
  return html`<span title="${id}"><strong>${nameOf(id)}</strong> in the resource group ${resourceGroupOf(id)}, ${subscription}</span>`;
}

/** The subscriptions that these texts name. */
export function subscriptionsIn(texts: readonly string[]): readonly string[] {
  const found = texts.flatMap((text) =>
    [...text.matchAll(/\/subscriptions\/([0-9a-z-]{1,64})/gi)].map(([, id = '']) => id),
  );
  return [...new Set(found.map((id) => id.toLowerCase()))];
}
