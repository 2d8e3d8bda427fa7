// The page before an answer: it says what would be done to what, and has the one form that does it.

import type { Proposal } from '../answers/answering.ts';
import type { Sealed } from '../answers/form-seal.ts';
import { longestReason, needsReason } from '../answers/reason.ts';
import type { Intent } from '../answers/verbs.ts';
import { type Html, html } from './html.ts';
import { layout, type PageName, type Shell } from './layout.ts';
import { factList } from './pieces.ts';

/** What the page shows beside the proposal. `back` is the page of the subject, and `problem` what was wrong with the form sent before. */
export interface Confirming {
  readonly intent: Intent;
  readonly sealed: Sealed;
  readonly back: string;
  readonly by: string;
  readonly problem?: string;
}

export function confirmPage(proposal: Proposal, confirming: Confirming, shell: Shell): string {
  const { title, facts, does, asks = [], doubts, held } = proposal;
  const { back, problem } = confirming;
  return layout(
    title,
    pageNameOf(back),
    html`<h1>${title}</h1>
${problem === undefined ? undefined : html`<p role="alert" class="notice bad">${problem}</p>`}
<h2>What happens after your yes</h2><ul>${does.map((sentence) => html`<li>${sentence}</li>`)}</ul>
${list('Why it asks', asks)}${list('What speaks against it', doubts)}
${held === undefined ? undefined : html`<p class="notice bad"><strong>${held}</strong></p>`}
<h2>What it is about</h2>${factList(facts.map(({ name, value }) => [name, value]))}
${form(proposal, confirming)}`,
    shell,
  );
}

function list(title: string, items: readonly string[]): Html | undefined {
  return items.length === 0
    ? undefined
    : html`<h2>${title}</h2><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function form({ button }: Proposal, { intent, sealed, back, by }: Confirming): Html {
  const { verb, subject, shown } = intent;
  const reason = needsReason(verb)
    ? html`<label for="why">Reason (required)</label><textarea id="why" name="why" rows="3" maxlength="${longestReason}" required></textarea>`
    : html`<label for="why">Reason (if you like)</label><textarea id="why" name="why" rows="3" maxlength="${longestReason}"></textarea>`;
  const hidden = { of: subject, shown, until: String(sealed.untilMs), seal: sealed.seal };
  return html`<form method="post" action="/api/answers/${verb}" class="card">
${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}${reason}
<p class="answers"><button type="submit" class="button ${verb}">${button}</button> <a class="button" href="${back}">Not now</a></p>
<p class="meta">You are signed in as ${by}. Your name, the instant and the reason are recorded where everyone with the role Reader can read them.</p></form>`;
}

/** A page in words: why an answer was not given, and the way on. `again` is where the person can try once more. */
export function noAnswerPage({ title, says, back, links = [] }: NoAnswer, shell: Shell): string {
  return layout(
    title,
    pageNameOf(back),
    html`<h1>${title}</h1><p role="alert" class="notice bad">${says}</p>
<ul>${links.map(({ href, words }) => html`<li><a href="${href}">${words}</a></li>`)}<li><a href="${back}">Back to the page</a></li></ul>`,
    shell,
  );
}

export interface NoAnswer {
  readonly title: string;
  readonly says: string;
  readonly back: string;
  readonly links?: readonly { readonly href: string; readonly words: string }[];
}

function pageNameOf(back: string): PageName {
  if (back.startsWith('/api/history')) return 'history';
  return back.startsWith('/api/messages') ? 'messages' : 'now';
}
