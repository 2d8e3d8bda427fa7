// The report of one remediation after the fact: what happened, how long each part took, what showed it, what was done and what was not.
// People add what pullmedic cannot know.

import type { Entry } from '../history/entries.ts';
import { sayFinding } from '../history/finding-words.ts';
import type { StoredEntry } from '../history/ledger.ts';
import type { Part } from '../incidents/parts.ts';
import type { ArmId } from '../words/arm-id.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import { sayFor } from '../workloads/sentences.ts';
import { type Surenesses, surenessesIn } from './decision-sureness.ts';
import { type Group, groupsOf } from './entry-groups.ts';
import { type Phase, phasesOf } from './phases.ts';
import { exactInstant, sayLength, sayState } from './pieces.ts';
import type { Story } from './story.ts';
import { sayRunbookUndo } from './undo-words.ts';
import { sayVia } from './via-words.ts';
import { sayActions, sayCauses, withIdentityName } from './view-words.ts';
import type { IncidentView } from './views.ts';
import { sayClose, sayEntry, sayUnread, sayWithheld } from './words.ts';

/** The report as it stands at an instant: a remediation that goes on can be reported too, and says that it goes on. */
export function postMortem(story: Story, nowMs: number): readonly Part[] {
  const { remediation, entries, incident } = story;
  const sure = surenessesIn(entries);
  return [
    { kind: 'heading', text: `${remediation.target.appName}: ${sayCauses(remediation)}` },
    { kind: 'fields', fields: summaryOf(story, nowMs) },
    ...section('How long each part took', phasesIn(story, nowMs).map(phaseLine)),
    ...section('What showed it', evidenceIn(story)),
    ...section('What spoke against it, or had nothing to do with it', againstIn(story)),
    ...section('What could not be read', distinct(entries.flatMap(({ entry }) => sayUnread(entry)))),
    ...section('What pullmedic did not do, and why', withheldIn(entries, remediation.target.appId)),
    ...section(
      'What happened',
      groupsOf(entries).map((group) => withIdentityName(groupLine(group, remediation.target.appId, sure), remediation)),
    ),
    ...(incident === undefined ? [] : incidentParts(incident)),
    { kind: 'heading', text: 'For people to add' },
    { kind: 'list', items: prompts },
  ];
}

/** Questions that the history cannot answer. */
const prompts: readonly string[] = [
  'Who noticed it, and what did users see?',
  'Which change led to it: a deployment, a role, a network rule, an image that was removed?',
  'What would have found it earlier, or made it impossible?',
];

type Fields = (Part & { kind: 'fields' })['fields'];

function summaryOf({ remediation, incident }: Story, nowMs: number): Fields {
  const { target, id, revisions, openedAtMs, startedBy, times, closed, state } = remediation;
  const fromMs = times.failedAtMs ?? openedAtMs;
  const lasted = sayLength((times.recoveredAtMs ?? closed?.atMs ?? nowMs) - fromMs);
  return [
    [sayFor(target.appId, 'App'), target.appId],
    ['Image', withoutUserinfo(target.image)],
    [sayFor(target.appId, 'Revisions'), revisions.join(', ') || 'not known'],
    ['First failure in the log', times.failedAtMs === undefined ? 'not known' : exactInstant(times.failedAtMs)],
    ['Opened', `${exactInstant(openedAtMs)} by ${sayVia(startedBy)}`],
    ['Recovered', times.recoveredAtMs === undefined ? 'not known' : exactInstant(times.recoveredAtMs)],
    [
      'Ended',
      closed === undefined
        ? `it goes on: ${sayState(state)}`
        : `${closed.how}. ${sayClose(closed.because, target.appId)}`,
    ],
    [closed === undefined ? 'Has lasted' : 'Lasted', lasted],
    ['What pullmedic did', sayActions(remediation)],
    ...(incident === undefined ? [] : [['Problem', `${incident.title}, for the ${incident.owner}`] as const]),
    ['Remediation', id],
  ];
}

function section(title: string, items: readonly string[]): readonly Part[] {
  return items.length === 0
    ? []
    : [
        { kind: 'heading', text: title },
        { kind: 'list', items },
      ];
}

function phasesIn({ remediation, entries }: Story, nowMs: number): readonly Phase[] {
  const { failedAtMs } = remediation.times;
  return phasesOf({ entries, nowMs, ...(failedAtMs === undefined ? {} : { failedAtMs }) });
}

const whoseWords: Readonly<Record<Phase['whose'], string>> = {
  azure: 'time of Azure',
  pullmedic: 'time of pullmedic',
  person: 'time of people',
};

function phaseLine({ name, whose, fromMs, toMs }: Phase): string {
  return `${name}: ${sayLength(toMs - fromMs)} (${whoseWords[whose]})`;
}

function evidenceIn({ diagnosis, remediation: { target } }: Story): string[] {
  return (diagnosis?.for ?? []).map((finding) => sayFinding(finding, target.appId));
}

function againstIn({ diagnosis, remediation: { target } }: Story): string[] {
  return (diagnosis?.against ?? []).map((finding) => sayFinding(finding, target.appId));
}

function withheldIn(entries: readonly StoredEntry<Entry>[], of: ArmId): string[] {
  return distinct(entries.flatMap(({ entry }) => sayWithheld(entry, of)));
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function groupLine(group: Group, of: ArmId, sure: Surenesses): string {
  if (group.kind === 'repeats') {
    const [first, last] = [group.entries[0], group.entries.at(-1)];
    const looks = group.entries.filter(({ entry }) => entry.kind === 'looked').length;
    return `${instantOf(first)} to ${instantOf(last)}: ${group.entries.length} entries that say the same again, ${looks} of them looks`;
  }
  const { stored, decision } = group;
  const then = decision === undefined ? '' : ` ${sayEntry(decision.entry, of, sure.get(decision.seq))}`;
  return `${exactInstant(stored.atMs)}: ${sayEntry(stored.entry, of, sure.get(stored.seq))}.${then}`.replace(
    /\.\.$/,
    '.',
  );
}

function instantOf(stored: StoredEntry<Entry> | undefined): string {
  return stored === undefined ? 'not known' : exactInstant(stored.atMs);
}

/** What a person had to do, as the incident says it. */
function incidentParts({ title, advice, commands, verify, undo }: IncidentView): readonly Part[] {
  return [
    { kind: 'heading', text: 'What a person was asked to do' },
    { kind: 'paragraph', text: `${title}. ${advice}` },
    ...commands.flatMap((command): Part[] => [
      { kind: 'paragraph', text: command.title },
      { kind: 'code', language: command.language === 'az' ? 'sh' : 'bicep', text: command.text },
    ]),
    { kind: 'paragraph', text: 'Verify:' },
    { kind: 'code', language: 'sh', text: verify },
    { kind: 'paragraph', text: 'Undo of these commands:' },
    { kind: 'code', language: 'sh', text: sayRunbookUndo(undo) },
  ];
}
