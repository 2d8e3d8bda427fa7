// Shows what `pullmedic diagnose` found, for people and for programs. Names and texts come from Azure and from logs, so none reaches the terminal
// as it is.
import { sidesWithoutCause } from '../lib/console/finding-sides.ts';
import { sayCause } from '../lib/console/words.ts';
import { proposedGrant } from '../lib/decision/grant-rules.ts';
import type { Evidence } from '../lib/evidence/evidence.ts';
import type { Diagnosis } from '../lib/history/diagnosis.ts';
import { sayFinding } from '../lib/history/finding-words.ts';
import { runbookFor } from '../lib/runbooks/index.ts';
import type { Target } from '../lib/words/target.ts';
import { withoutUserinfo } from '../lib/words/userinfo.ts';
import { sayFor } from '../lib/workloads/sentences.ts';
import { blockLines } from './printed.ts';
import { type Paint, plain } from './terminal.ts';
import { findingTitles, type Verdict } from './verdict.ts';

/** One look at one image of the app. */
export interface Seen {
  readonly target: Target;
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  readonly verdict: Verdict;
  readonly calls: number;
}

/** What was found, for a person: the verdict, what shows it, what to do. */
export function diagnosisText(seen: Seen, paint: Paint): string {
  const { verdict, diagnosis, calls } = seen;
  const style = verdict.kind === 'pulls' ? 'green' : verdict.kind === 'cannot-tell' ? 'bold' : 'red';
  const list = (title: string, items: readonly string[]): string =>
    items.length === 0 ? '' : `${title}\n${items.map((item) => `  - ${plain(item)}`).join('\n')}\n`;
  const titles = findingTitles(verdict);
  const sides = verdict.kind === 'fails' ? diagnosis : sidesWithoutCause(diagnosis);
  const runbook = runbookOf(seen);
  const commands = (runbook?.commands ?? []).map(
    ({ title, language, text }) => `\n${plain(`${title} (${language}):`)}\n${blockLines(text, 2).join('\n')}\n`,
  );
  return [
    `${paint(style, plain(headline(seen)))}\n`,
    list(
      titles.for,
      sides.for.map((finding) => sayFinding(finding, seen.target.appId)),
    ),
    list(
      titles.against,
      sides.against.map((finding) => sayFinding(finding, seen.target.appId)),
    ),
    runbook === undefined ? '' : `What to do (${runbook.owner}): ${plain(runbook.advice)}\n${commands.join('')}`,
    paint('dim', `${calls} requests to Azure, all of them reads.`),
    '\n',
  ].join('');
}

/** The same for programs. */
export function diagnosisObject(seen: Seen): object {
  const { target, diagnosis, verdict, calls, evidence } = seen;
  const unread = Object.entries(evidence).flatMap(([name, fact]: [string, unknown]) =>
    typeof fact === 'object' && fact !== null && 'read' in fact && fact.read === false ? [name] : [],
  );
  return { image: withoutUserinfo(target.image), verdict, diagnosis, unread, calls, runbook: runbookOf(seen) ?? null };
}

function headline(seen: Seen): string {
  return seen.diagnosis.serves === true
    ? `${sayVerdict(seen)} ${sayFor(seen.target.appId, sayServing(seen.verdict))}`
    : sayVerdict(seen);
}

/** A running app says little about its next pull, so the headline says both. */
function sayServing({ kind }: Verdict): string {
  return kind === 'pulls'
    ? 'The app serves, nothing is failing, and what was read reads clear.'
    : 'The app serves, and nothing is failing now: every replica with this image is ready.';
}

function sayVerdict({ verdict, diagnosis, target }: Seen): string {
  const image = withoutUserinfo(target.image);
  const causes = diagnosis.causes.map((cause) => sayCause(cause, target.appId)).join(' and ');
  switch (verdict.kind) {
    case 'pulls':
      return `${image} can be pulled: role, network and image are there.`;
    case 'fails':
      return `${image} cannot be pulled: ${causes} (${diagnosis.sure}).`;
    case 'unexplained':
      return `${image} cannot be pulled, and no fact that was read explains it.`;
    case 'cannot-tell':
      return `No fact speaks against pulling ${image}, but pullmedic could not tell ${verdict.missing.join('; ')}.`;
  }
}

function runbookOf({ target, evidence, diagnosis, verdict }: Seen) {
  if (verdict.kind !== 'fails' && verdict.kind !== 'unexplained') return undefined;
  const grant = proposedGrant({ target, evidence });
  const [cause = 'unexplained'] = diagnosis.causes;
  return runbookFor({ target, evidence, diagnosis, cause, ...(grant === undefined ? {} : { grant }) });
}
