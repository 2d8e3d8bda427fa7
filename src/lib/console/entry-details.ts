// What stands below the headline of an entry: evidence for and against, refusals, and what a look could not read.

import { sentenceOfRule } from '../decision/rules.ts';
import { sayBinding } from '../history/binding-refusal.ts';
import type { Finding } from '../history/diagnosis.ts';
import type { Entry } from '../history/entries.ts';
import { sayFinding } from '../history/finding-words.ts';
import type { Refusal } from '../history/refusals.ts';
import type { ArmId } from '../words/arm-id.ts';
import { sidesWithoutCause } from './finding-sides.ts';
import { type Html, html } from './html.ts';
import type { RemediationView } from './views.ts';
import { sayRefusal, sayUnread } from './words.ts';

/** Nothing where the headline says all. `of`: the workload that it is about, whose words are used. */
export function entryDetails(entry: Entry, of?: ArmId): Html | undefined {
  switch (entry.kind) {
    case 'looked':
      return lookDetails(entry, of);
    case 'decided':
      return html`${decisionReasons(entry, of)}${ruleLine(entry)}`;
    case 'outcome':
      return entry.undo === undefined ? undefined : html`<p class="meta">Undo would remove ${entry.undo}</p>`;
    case 'undo-asked':
      return html`<p class="meta">Assignment ${entry.assignment}</p>`;
    case 'alert-decided':
      return html`<p class="meta">Alert ${entry.alert}</p>${reasons('Because', entry.refusals, of)}`;
    case 'undo-decided':
      return html`${reasons('Because', entry.refusals, of)}${reliedOnBy(entry.reliedOnBy)}`;
    case 'answered':
      return reasons('The question showed', entry.saw ?? [], of);
    case 'incident-linked':
      return html`<p><a href="/api/incidents/${entry.incident}">The page of the incident</a></p>`;
    case 'undo-outcome':
    case 'alert-outcome':
    case 'opened':
    case 'asked-again':
    case 'signal-joined':
    case 'put-off':
    case 'closed':
      return undefined;
  }
}

/** Why a decision withheld a change. */
export function decisionReasons({ refusals, bound }: Entry & { kind: 'decided' }, of?: ArmId): Html {
  return html`${reasons('Withheld, because', refusals, of)}${bindingLine(bound === undefined ? {} : { bound })}`;
}

/** Who said no to the grant, when, and how a person says otherwise. */
export function bindingLine({ bound }: Pick<RemediationView, 'bound'>): Html | undefined {
  return bound === undefined ? undefined : html`<p><strong>A refusal binds.</strong> ${sayBinding(bound)}</p>`;
}

/** The findings of a look, what it could not read, and what it saw of the pull. */
function lookDetails(entry: Entry & { kind: 'looked' }, of?: ArmId): Html {
  const { diagnosis, progress, calls, recalled } = entry;
  const isOfACause = diagnosis.serves !== true && !diagnosis.causes.includes('unexplained');
  const sides = isOfACause ? diagnosis : sidesWithoutCause(diagnosis);
  const unread = entry.unread.length === 0 ? undefined : html`<p>Could not read: ${sayUnread(entry).join(', ')}</p>`;
  const again = recalled === undefined ? '' : ` · read a moment ago: ${recalled.join(', ')}`;
  return html`${findings(isOfACause ? 'Shows the cause' : 'Speaks of a failure', sides.for, of)}
${findings(`Speaks against ${isOfACause ? 'it' : 'a failure'}, or has nothing to do with it`, sides.against, of)}
${unread}<p class="meta">Recovery: ${proofWords[progress.proof]} · a log row says that the image was pulled: ${progress.pulledRow ? 'yes' : 'no'} · a replica is ready: ${progress.readyReplica ? 'yes' : 'no'} · requests to Azure: ${calls}${again}</p>`;
}

/** How far the recovery is proved: a proof needs the state that Azure shows, and the row of the log. */
const proofWords: Readonly<Record<(Entry & { kind: 'looked' })['progress']['proof'], string>> = {
  proven: 'proved',
  'arm-half': 'Azure shows it, and the log row of the pull is missing',
  'not-yet': 'not proved yet',
};

function findings(title: string, found: readonly Finding[], of?: ArmId): Html | undefined {
  if (found.length === 0) return undefined;
  return html`<p>${title}:</p><ul>${found.map((finding) => html`<li>${sayFinding(finding, of)}</li>`)}</ul>`;
}

function reasons(title: string, refusals: readonly Refusal[], of?: ArmId): Html | undefined {
  if (refusals.length === 0) return undefined;
  return html`<p>${title}</p><ul>${refusals.map((refusal) => html`<li>${sayRefusal(refusal, of)}</li>`)}</ul>`;
}

/** The rule that decided. Entries of older versions name none, and those of newer ones may name one that we do not know. */
export function ruleLine({ rule: name }: { readonly rule?: string }): Html | undefined {
  return name === undefined
    ? undefined
    : html`<p class="meta">Rule ${name}: ${sentenceOfRule(name) ?? 'not known here.'}</p>`;
}

function reliedOnBy(ids: readonly string[] | undefined): Html | undefined {
  return ids === undefined ? undefined : html`<p class="meta">Others rely on the assignment: ${ids.join(', ')}</p>`;
}
