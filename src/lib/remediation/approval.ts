// A person answers one question, by its number. The answer is an entry; the next look acts on it.

import { type Approval, isLive, isOpen, takesBack } from '../history/approval.ts';
import type { Asked } from '../history/asked.ts';
import type { Answer } from '../history/entries.ts';
import { expiredQuestion, openQuestion, questionOfNumber } from '../history/fold-approval.ts';
import { liveOf } from '../history/queries.ts';
import { templateName } from '../history/restarted.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import { readRemediation } from '../history/targets.ts';
import type { Clock, DeploymentLedger, EventLog, Histories, Names, Queues } from '../ports/ports.ts';
import { sendWake } from '../ports/send-wake.ts';
import { Busy } from '../ports/steering.ts';
import type { ArmId } from '../words/arm-id.ts';
import type { RemediationId } from '../words/target.ts';
import { remember } from './access-memory.ts';
import { rememberRestartUnless } from './restart-memory.ts';
import { appendUnless, type Writing } from './turn.ts';

/** Why an answer is not taken, or why a question is not asked again. `open`: the number of the question that can be answered now. */
export type NotTaken =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'nothing-asked' }
  | { readonly kind: 'another-question'; readonly open: number }
  | { readonly kind: 'already-answered' }
  | { readonly kind: 'expired' };

export type Answered = { readonly kind: 'answered' } | NotTaken;

export interface GivenAnswer {
  readonly answer: Answer;
  /** The number of the entry that asked, as the page and the command line show it. */
  readonly question: number;
  readonly by: string;
  /** The reason, where the person gave one. */
  readonly why?: string;
}

type Answering = Histories & Queues & Clock & EventLog;
type Remembering = Answering & DeploymentLedger & Names;

/**
 * Records the answer to the question of this number, once, as long as that question is open. A no is also taken after a yes, as long as the
 * yes allows a change that was not made yet. Throws when the store cannot be reached, or
 * when too many others write to the history.
 */
export async function answerQuestion(ports: Remembering, id: string, given: GivenAnswer): Promise<Answered> {
  const found = await find(ports, id);
  if (found === undefined) return { kind: 'not-found' };
  const { writing, remediation } = found;
  const { answer, question, by, why } = given;
  const asked = answerable(writing.history, remediation, given, ports.now());
  if ('kind' in asked) return asked;
  const who = { remediation: remediation.id, app: remediation.target.appId, by };
  // A no binds more than this remediation, so it is remembered first: it holds even if this history cannot take the answer.
  if (answer === 'rejected') await rememberNo(ports, asked, who);
  const entry = {
    kind: 'answered',
    ...asked.about,
    answer,
    by,
    ...(why === undefined ? {} : { why }),
    question,
    saw: asked.doubts,
  } as const;
  // The answer names its question, so it holds whoever else wrote, as long as that question is still open.
  const isClosed = (now: TargetHistory): boolean => 'kind' in answerable(now, remediation, given, ports.now());
  // Another writer was first. What the history says by now decides what this person hears.
  if ((await appendUnless(writing, entry, isClosed)) === 'unwanted') return answerQuestion(ports, id, given);
  if (answer === 'approved') await rememberYes(ports, asked, who);
  await wake(ports, writing);
  ports.log('answered', { remediation: id, question, answer });
  return { kind: 'answered' };
}

interface Answerer {
  readonly remediation: RemediationId;
  readonly app: ArmId;
  readonly by: string;
}

/** A no to a grant binds the whole deployment, and one to a restart every remediation of the app. Throws when the store cannot be reached. */
async function rememberNo(ports: DeploymentLedger & Names, { about }: Approval, who: Answerer): Promise<void> {
  if ('grant' in about)
    return remember(ports, about.grant, { kind: 'grant-refused', how: 'rejected', grant: about.grant, ...who });
  return rememberRestartAnswer(ports, about, 'restart-refused', who);
}

async function rememberYes(ports: DeploymentLedger & Names, { about }: Approval, who: Answerer): Promise<void> {
  const { remediation, by } = who;
  if ('grant' in about)
    return remember(ports, about.grant, { kind: 'grant-approved', grant: about.grant, remediation, by });
  return rememberRestartAnswer(ports, about, 'restart-approved', who);
}

/** Throws {@link Busy} when too many others write to the memory of the app. */
async function rememberRestartAnswer(
  ports: DeploymentLedger & Names,
  about: Exclude<Asked, { readonly grant: unknown }>,
  kind: 'restart-refused' | 'restart-approved',
  { app, remediation, by }: Answerer,
): Promise<void> {
  const revision = 'restart' in about ? about.restart : templateName(about.newRevision);
  const done = await rememberRestartUnless(ports, app, { kind, revision, by, remediation }, () => undefined);
  if (done === 'busy') throw new Busy('The memory of the restarts of this app is too busy.');
}

/** Who wants a question asked again, and which one that person saw. */
export interface AskAgainWish {
  readonly by: string;
  readonly question?: number;
  /** The reason, where the person gave one. */
  readonly why?: string;
}

/** `asked`: the next look asks again, if the change is still needed. `not-expired`: only a question without an answer is asked again. */
export type AskedAgain = { readonly kind: 'asked' } | { readonly kind: 'not-found' } | { readonly kind: 'not-expired' };

/**
 * Records that a person wants the question that expired to be asked again; where a question is named, only if it is still that one. Throws
 * as {@link answerQuestion} does.
 */
export async function askAgain(ports: Answering, id: string, { by, question, why }: AskAgainWish): Promise<AskedAgain> {
  const found = await find(ports, id);
  if (found === undefined) return { kind: 'not-found' };
  const { writing, remediation } = found;
  const expired = expiredOf(writing.history, remediation, ports.now());
  if (expired === undefined || expired.question !== (question ?? expired.question)) return { kind: 'not-expired' };
  const reason = why === undefined ? {} : { why };
  const entry = { kind: 'asked-again', question: expired.question, by, ...reason } as const;
  const isOver = (now: TargetHistory): boolean =>
    expiredOf(now, remediation, ports.now())?.question !== expired.question;
  if ((await appendUnless(writing, entry, isOver)) === 'unwanted') return { kind: 'not-expired' };
  await wake(ports, writing);
  ports.log('asked-again', { remediation: id, question: expired.question });
  return { kind: 'asked' };
}

/** A remediation, and its question that a person can answer now, or have asked again. */
export interface ReadQuestion {
  readonly remediation: Remediation;
  readonly open: Approval | undefined;
  readonly expired: Approval | undefined;
  /** A yes that still allows its change: a no takes it back. */
  readonly revocable: Approval | undefined;
}

/** The question of a remediation that a person can answer now; `undefined` where there is no such remediation. */
export async function readQuestion(ports: Histories & Clock, id: string): Promise<ReadQuestion | undefined> {
  const found = await find(ports, id);
  if (found === undefined) return undefined;
  const { history } = found.writing;
  const { remediation } = found;
  const live = liveOne(history, remediation);
  const nowMs = ports.now();
  return {
    remediation,
    open: live && openQuestion(live, nowMs),
    expired: live && expiredQuestion(live, nowMs),
    revocable: live && revocableOf(live, nowMs),
  };
}

function revocableOf({ approval, retryApproval }: Remediation, nowMs: number): Approval | undefined {
  return [approval, retryApproval].find((one) => one !== undefined && isLive(one, nowMs));
}

async function find(
  ports: Answering | (Histories & Clock),
  id: string,
): Promise<{ writing: Writing; remediation: Remediation } | undefined> {
  const found = await readRemediation(ports, id);
  if (found === undefined) return undefined;
  const { history, remediation } = found;
  return { writing: { ports, targetId: history.targetId, history }, remediation };
}

/** The question of this number, if the remediation can take an answer to it now. */
function answerable(
  history: TargetHistory,
  { id }: Remediation,
  { question, answer }: GivenAnswer,
  nowMs: number,
): Approval | NotTaken {
  const now = history.remediations.find((one) => one.id === id);
  const asked = now && questionOfNumber(now, question);
  const takenBack = asked !== undefined && takesBack(asked, answer, nowMs);
  if (asked?.answer !== undefined && !takenBack) return { kind: 'already-answered' };
  const live = liveOne(history, { id });
  if (live === undefined) return { kind: 'nothing-asked' };
  if (asked !== undefined) return takenBack || isOpen(asked, nowMs) ? asked : { kind: 'expired' };
  const open = openQuestion(live, nowMs)?.question;
  return open === undefined ? { kind: 'nothing-asked' } : { kind: 'another-question', open };
}

function expiredOf(history: TargetHistory, remediation: Remediation, nowMs: number): Approval | undefined {
  const live = liveOne(history, remediation);
  return live && expiredQuestion(live, nowMs);
}

/** The remediation as the history has it, if it goes on. */
function liveOne(history: TargetHistory, { id }: Pick<Remediation, 'id'>): Remediation | undefined {
  const live = liveOf(history);
  return live?.id === id ? live : undefined;
}

async function wake(ports: Queues & Clock, { targetId, history }: Writing): Promise<void> {
  await sendWake(ports, { targetId, seq: history.lastSeq }, ports.now());
}
