// The review of a month in words: for `pullmedic report`, and for the Markdown of the page of measures.

import type { Part } from '../incidents/parts.ts';
import { nameOf } from '../words/arm-id.ts';
import type { Heartbeat } from './heartbeat.ts';
import {
  beatWords,
  outcomeWords,
  sayDay,
  sayQuantiles,
  sayShare,
  sayWindow,
  spanNames,
  spanWords,
} from './measure-words.ts';
import type { Measures } from './measures.ts';
import { outcomes } from './outcomes.ts';
import { exactInstant, sayLength } from './pieces.ts';
import { sayCause, sayRefusalCode } from './words.ts';

/** The measures as a text that can be read out in a meeting. */
export function review(measures: Measures): readonly Part[] {
  const { window, opened } = measures;
  const head: readonly Part[] = [
    { kind: 'heading', text: `pullmedic: the last ${window.days} days` },
    { kind: 'paragraph', text: `Read at ${exactInstant(window.nowMs)}.` },
    ...sayWindow(window).map((text): Part => ({ kind: 'paragraph', text })),
  ];
  if (opened === 0) return [...head, { kind: 'paragraph', text: 'No remediation was opened in this time.' }];
  return [
    ...head,
    ...summary(measures),
    ...titled('How long it took', [
      {
        kind: 'fields',
        fields: spanNames.map((name) => [
          `Time to ${spanWords[name].title.toLowerCase()}`,
          `${sayQuantiles(measures.spans[name])}, ${spanWords[name].from}`,
        ]),
      },
    ]),
    ...listed('By cause', measures.byCause.map(causeLine)),
    ...listed('By week', measures.byWeek.map(weekLine)),
    ...listed('Why pullmedic did not act by itself', measures.refusals.map(guardLine)),
    ...listed('Registries, with the days on which something went wrong', measures.heartbeats.map(registryLine)),
    ...listed('How long a granted role took to work', measures.propagations.map(propagationLine)),
  ];
}

/** For a reader who does not know pullmedic: what one of the numbers below is a number of. */
const whatIsCounted =
  'A remediation is one image that one workload could not pull, from the first sign of it to its end. “Handled without a person” are those that recovered, of all failed pulls that ended or needed a person.';

function summary({ opened, outcomes: counts, withoutPerson }: Measures): readonly Part[] {
  return [
    { kind: 'paragraph', text: whatIsCounted },
    {
      kind: 'fields',
      fields: [
        ['Remediations opened', String(opened)],
        ['Handled without a person', sayShare(withoutPerson)],
        ...outcomes.map((name) => [outcomeWords[name], String(counts[name])] as const),
      ],
    },
  ];
}

function titled(text: string, parts: readonly Part[]): readonly Part[] {
  return [{ kind: 'heading', text }, ...parts];
}

/** How many lines of a list a review shows. */
const mostLines = 20;

function listed(title: string, lines: readonly string[]): readonly Part[] {
  if (lines.length === 0) return titled(title, [{ kind: 'paragraph', text: 'None.' }]);
  const more = lines.length - mostLines;
  const items = more > 0 ? [...lines.slice(0, mostLines), `and ${more} more`] : lines;
  return titled(title, [{ kind: 'list', items }]);
}

function causeLine({ cause, count, withoutPerson, recover }: Measures['byCause'][number]): string {
  return `${sayCause(cause)} (${cause}): ${count}; without a person ${sayShare(withoutPerson)}; time to recover: ${sayQuantiles(recover)}`;
}

function weekLine({ startMs, part, opened, withoutPerson, recover }: Measures['byWeek'][number]): string {
  const week = `week from ${sayDay(startMs)}${part ? ' (in part)' : ''}`;
  if (opened === 0) return `${week}: nothing was opened`;
  return `${week}: ${opened} opened; without a person ${sayShare(withoutPerson)}; time to recover: ${sayQuantiles(recover)}`;
}

/** The reasons first: the name of a guard says nothing to those who do not know the settings. */
function guardLine({ guard, count, reasons }: Measures['refusals'][number]): string {
  const because = reasons.map(({ code, count: of }) => `${sayRefusalCode(code)} (${of})`).join('; ');
  return `${because}: ${count} ${count === 1 ? 'remediation' : 'remediations'} in all (guard ${guard})`;
}

/** A registry with its bad days in the order of the days. Days of which nothing is known are said, because they are not good days. */
function registryLine({ registry, remediations, days }: Heartbeat): string {
  const bad = days.filter(({ worst }) => worst === 'failing' || worst === 'asked' || worst === 'unproven');
  const said = bad.map(({ startMs, worst }) => `${sayDay(startMs)} ${beatWords[worst]}`).join(', ');
  const unknown = days.filter(({ worst }) => worst === 'not-known').length;
  return `${registry}: ${remediations} ${remediations === 1 ? 'remediation' : 'remediations'}${said === '' ? '; no day on which a person was asked' : `; ${said}`}${unknown === 0 ? '' : `; ${unknown} days not known`}`;
}

function propagationLine({ appId, grantedAtMs, tookMs }: Measures['propagations'][number]): string {
  return `${sayLength(tookMs)}: ${nameOf(appId)}, granted at ${exactInstant(grantedAtMs)}`;
}
