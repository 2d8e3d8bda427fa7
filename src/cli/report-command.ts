// The command `report`: one remediation after the fact, or a review of the last days, as Markdown that the app writes.
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { UsageError } from './classify-command.ts';
import { Declined } from './declined.ts';
import { addressOf, type Deployed, deployedAt } from './deployed.ts';
import { isWholeId, nameIn, remediationNamed } from './named-remediation.ts';

export const reportUsage = `pullmedic report ID --url URL [--json]
pullmedic report --since 30d --url URL [--json]

Prints Markdown. With the ID of a remediation (t….1): what happened, how long each part took, what
showed it and what was done, to begin a post-mortem with. With --since: a review of the last days.

The beginning of an ID or the name of an app will do where it means one remediation; if it means
several, they are listed.

  --since DAYS  7d, 30d or 90d
  --json        print what the app answered; for --since that holds every measure by itself

PULLMEDIC_URL says the address of the app where --url is not given. You are signed in as "az login"
has it; the app role Reader will do.

  pullmedic report t0123456789abcdef01234567.1 --url https://HOST > post-mortem.md
  pullmedic report --since 30d --url https://HOST > review.md

Exit codes: 0 done; 1 the app declined or does not answer; 2 the command is wrong.
`;

/** Runs `report`; the answer is its exit code. Throws {@link UsageError}. */
export async function reportCommand(args: readonly string[]): Promise<number> {
  const asked = askedIn(args);
  if (asked === 'help') {
    process.stdout.write(reportUsage);
    return 0;
  }
  try {
    await print(deployedAt(asked.url, process.env), asked);
    return 0;
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    process.stderr.write(`pullmedic: ${error.message}\n`);
    return 1;
  }
}

/** What the arguments ask for: the address of the app, and the remediation (its id or a short name) or the days of the review. */
export interface Asked {
  readonly url: string;
  readonly what: { readonly remediation: string } | { readonly days: string };
  readonly json: boolean;
}

/** Throws {@link UsageError} where the arguments name no report, or two. */
export function askedIn(args: readonly string[]): Asked | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      since: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  const [id, ...more] = positionals;
  if (more.length > 0 || (id === undefined) === (values.since === undefined))
    throw new UsageError('report takes the id of a remediation, or --since.');
  const what = id === undefined ? { days: daysIn(values.since) } : { remediation: isWholeId(id) ? id : nameIn(id) };
  return { url: addressOf(values.url), what, json: values.json === true };
}

/** The periods that the page of measures has, as days. */
const periods: readonly string[] = ['7', '30', '90'];

function daysIn(text: string | undefined): string {
  const days = periods.find((period) => text === `${period}d`);
  if (days === undefined) throw new UsageError('--since takes 7d, 30d or 90d.');
  return days;
}

const answer = z.looseObject({ markdown: z.string() });

/** Prints what the app answers. Throws {@link Declined}. */
export async function print(deployed: Deployed, { what, json }: Asked): Promise<void> {
  const answered = await deployed.get(await pathOf(deployed, what));
  if (json) return void process.stdout.write(`${JSON.stringify(answered, null, 2)}\n`);
  const read = answer.safeParse(answered);
  // An app of an older version has no such page, or one without the text.
  if (!read.success) throw new Declined('The app answered something else than a report. It may be an older version.');
  process.stdout.write(`${harmless(read.data.markdown)}\n`);
}

async function pathOf(deployed: Deployed, what: Asked['what']): Promise<string> {
  if ('days' in what) return `measures?as=json&days=${what.days}`;
  return `history/${await remediationNamed(deployed, what.remediation, 'all')}/report?as=json`;
}

/**
 * The text without characters that a terminal would obey or that turn the direction of a text. Its lines stay, and so does the word joiner
 * (U+2060): the app writes it where Markdown would else make a link or a mention.
 */
function harmless(text: string): string {
  return text.replace(/(?![\n\u2060])\p{C}/gu, ' ');
}
