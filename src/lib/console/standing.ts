// The state of the whole deployment: its mode, its kill switch, and what is wrong with pullmedic itself.

import { mostLetters } from '../intake/dead-letter.ts';
import type { KillSwitchState, Pulse, SweepNote } from '../ports/controls.ts';
import { isWell, type SystemHealth } from '../telling/system-health.ts';
import type { Fact } from '../words/fact.ts';
import { valueOf } from '../words/fact.ts';
import { answerButtons, switchIntents } from './answer-forms.ts';
import { beatMissedMs } from './health.ts';
import { type Html, html } from './html.ts';
import { badge, commandBlock, exactInstant, folded, instant, sayDistance } from './pieces.ts';
import type { Viewer } from './viewer.ts';

export interface Standing {
  readonly mode: string;
  readonly killSwitch: Fact<boolean>;
  /** The person who set the kill switch last, and when. */
  readonly setting: Fact<KillSwitchState | undefined>;
}

/** What pullmedic knows of its own state without asking Azure. */
export interface Upkeeping {
  readonly pulse: Fact<Pulse | undefined>;
  readonly sweep: Fact<SweepNote | undefined>;
  readonly deadLetters: number;
  /** Remediations whose next step is late. */
  readonly overdue: number;
  /** Histories of live remediations that cannot be read. */
  readonly unreadable: number;
  /** Rows of what is live that cannot be read, or that lead to no history. Lists leave them out. */
  readonly unreadableRows: number;
  /** The incident systems of the settings. */
  readonly systems: readonly SystemHealth[];
}

/** The state of the kill switch, the person who set it, and the command that turns it the other way. */
export function killSwitchBlock({ killSwitch, setting }: Standing, nowMs: number, viewer?: Viewer): Html {
  const on = valueOf(killSwitch) ?? true;
  const unread = killSwitch.read ? '' : ' (it could not be read, and that counts as on)';
  const set = valueOf(setting);
  const who =
    set === undefined
      ? undefined
      : html` Set by ${set.by} at ${exactInstant(set.atMs)}, ${instant(set.atMs, nowMs)}.${set.why === undefined ? undefined : ` Reason: ${set.why}.`}`;
  const seen = on && set !== undefined ? `, "seen": "${set.version}"` : '';
  const body = `{"on": ${on ? 'false' : 'true'}${seen}}`;
  const request = `curl --request POST "https://<function app>/api/kill-switch" ${asOperator} --data '${body}'`;
  const controls = html`${answerButtons(viewer, switchIntents(on, set))}
<details><summary>Turn it ${on ? 'off' : 'on'} by a request</summary>${commandBlock('As an operator:', request)}</details>`;
  // A switch that is on explains why nothing is repaired, so it stands open; one that is off takes one line.
  return on
    ? html`<section class="card bad-edge"><p>Kill switch ${badge('on')}${unread}.${who} pullmedic changes nothing while it is on.</p>${controls}</section>`
    : folded(
        html`Kill switch ${badge('off')}`,
        html`${who === undefined ? undefined : html`<p>${who}</p>`}${controls}`,
      );
}

/** The headers of a request by an operator: the token of the person's own sign-in (docs/operations.md, "Commands"). */
const asOperator = '--header "authorization: Bearer $PULLMEDIC_TOKEN" --header "content-type: application/json"';

/** A sentence for each thing that is wrong with pullmedic itself; none where it is well as far as storage tells. */
export function troublesOf(upkeep: Upkeeping, nowMs: number): string[] {
  const { deadLetters, overdue, unreadable, unreadableRows, systems } = upkeep;
  const untold = systems.filter((system) => !isWell(system)).map(({ system }) => system);
  return [
    ...timerTroubles(upkeep.pulse, nowMs),
    ...(overdue === 0 ? [] : [`${counted(overdue, 'remediation is', 'remediations are')} late with the next step.`]),
    ...(unreadable === 0 ? [] : [`${counted(unreadable, 'history', 'histories')} of what is live cannot be read.`]),
    ...(unreadableRows === 0
      ? []
      : [
          `${counted(unreadableRows, 'row', 'rows')} of what is live cannot be read: a remediation that is not shown may need a person.`,
        ]),
    ...sweepTroubles(upkeep.sweep),
    ...(deadLetters === 0
      ? []
      : [
          `${countedLetters(deadLetters)} could not be handled, and ${deadLetters === 1 ? 'waits' : 'wait'} for a person.`,
        ]),
    ...(untold.length === 0
      ? []
      : [`People may not hear of incidents through ${untold.join(' and ')}: the page Messages says why.`]),
  ];
}

function timerTroubles(pulse: Upkeeping['pulse'], nowMs: number): string[] {
  if (!pulse.read) return ['Whether its timer runs could not be read.'];
  if (pulse.value === undefined) return ['Its timer has not run yet.'];
  const { lastMs } = pulse.value;
  return nowMs - lastMs > beatMissedMs
    ? [`Its timer has not run since ${exactInstant(lastMs)} (${sayDistance(lastMs, nowMs)}).`]
    : [];
}

function sweepTroubles(sweep: Upkeeping['sweep']): string[] {
  if (!sweep.read) return ['Whether it looks for stuck workloads could not be read.'];
  const { skipped = 0, unreadable } = sweep.value ?? {};
  if (unreadable !== undefined) return [`The last sweep had no list of the workloads (${unreadable}).`];
  if (skipped === 0) return [];
  return [
    `${counted(skipped, 'workload has', 'workloads have')} an id that cannot be read, and ${skipped === 1 ? 'is' : 'are'} not looked at.`,
  ];
}

/** How many messages wait for a person, as far as one list tells. */
export function countedLetters(dead: number): string {
  return `${counted(dead, 'message', 'messages')}${dead >= mostLetters ? ' or more' : ''}`;
}

/** The number with its noun: "1 message", "2 messages". */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
