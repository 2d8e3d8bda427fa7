// The command `report`: one remediation after the fact, or a review of the last days, as Markdown that the app writes.
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import type { Arguments } from './arguments.ts';
import type { Deployed } from './deployed.ts';
import { withApp } from './deployed-commands.ts';
import { isWholeId, nameIn, remediationNamed } from './named-remediation.ts';
import { printJson } from './printed.ts';
import { UsageError } from './usage-error.ts';

export function reportCommand(given: Arguments<'report'>): Promise<number> {
  const what = askedIn(given);
  return withApp(given, async (deployed) => {
    const answered = await deployed.get(await pathOf(deployed, what));
    const { markdown } = readAs(answer, answered, 'a report');
    if (given.values.json === true) printJson(answered);
    else process.stdout.write(`${harmless(markdown)}\n`);
    return 0;
  });
}

/** The remediation (its id or a short name), or the days of the review. */
type Asked = { readonly remediation: string } | { readonly days: string };

/** Throws {@link UsageError} where the arguments name no report, or two. */
function askedIn({ values, words }: Arguments<'report'>): Asked {
  const [id] = words;
  if ((id === undefined) === (values.since === undefined))
    throw new UsageError('report takes the id of a remediation, or --since.');
  return id === undefined ? { days: daysIn(values.since) } : { remediation: isWholeId(id) ? id : nameIn(id) };
}

/** The periods that the page of measures has, as days. */
const periods: readonly string[] = ['7', '30', '90'];

function daysIn(text: string | undefined): string {
  const days = periods.find((period) => text === `${period}d`);
  if (days === undefined) throw new UsageError('--since takes 7d, 30d or 90d.');
  return days;
}

const answer = z.looseObject({ markdown: z.string() });

async function pathOf(deployed: Deployed, what: Asked): Promise<string> {
  if ('days' in what) return `measures?as=json&days=${what.days}`;
  return `history/${(await remediationNamed(deployed, what.remediation, 'all')).id}/report?as=json`;
}

/**
 * The text without characters that a terminal would obey or that turn the direction of a text. Its lines stay, and so does the word joiner
 * (U+2060): the app writes it where Markdown would else make a link or a mention.
 */
function harmless(text: string): string {
  return text.replace(/(?![\n\u2060])\p{C}/gu, ' ');
}
