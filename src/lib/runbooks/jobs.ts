// The runbook that only a workload whose runs end has, what else a schedule needs, and the commands and words of each kind of workload.

import { appOf } from '../evidence/evidence.ts';
import { correctedSince, newestExecution } from '../evidence/executions.ts';
import { unnamedImage } from '../words/target.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import { spelledFor } from '../workloads/commands.ts';
import { startsEveryMinutes } from '../workloads/job/cron.ts';
import { startsNext } from '../workloads/job/trigger.ts';
import { sayFor } from '../workloads/sentences.ts';
import { kindOf } from '../workloads/workloads.ts';
import { answer } from './answer.ts';
import { appOptions, type Command, type RunbookInput, type RunbookText, shellWord, wordOr } from './runbook.ts';

/** The cause is put right, and the execution that could not pull is over: only a person starts the next one. */
export function executionEnded(input: RunbookInput): RunbookText {
  const { trigger, suspended } = appOf(input.evidence)?.job ?? {};
  const corrected = correctedSince(input.target, input.evidence) !== undefined;
  const now = corrected
    ? `${sayCorrected(input)} That execution is over, and no other one has pulled what the job asks for now, so that nothing proves that it can be pulled. The first execution that begins ends this; if it cannot pull either, it is looked at anew.`
    : 'Nothing that was read keeps the job from pulling now, and no execution waits any more.';
  const resume = suspended === true ? [operation(input, 'resume', 'Resume the job')] : [];
  const byItself = suspended === true && startsNext({ trigger: trigger ?? 'unknown' }) === 'by-itself';
  const start: Command = { title: 'Start the job', language: 'az', text: `${command} start ${appOptions(input)}` };
  return answer(input, {
    title: titleOfEnded(input, corrected),
    advice: `${now} ${suspended === true ? `${saySuspended} ` : ''}${byItself ? 'After that its next execution comes by itself.' : 'An execution does the work of the job, so you decide: start it if that work is still to be done.'}`,
    commands: byItself ? resume : [...resume, start],
    undo: byItself ? operation(input, 'suspend', '').text : `${command} stop ${appOptions(input)}`,
  });
}

function titleOfEnded({ target, evidence }: RunbookInput, corrected: boolean): string {
  if (appOf(evidence)?.job?.suspended === true)
    return `${target.appName} is suspended: no execution is left that would pull, and none begins`;
  return corrected
    ? `${target.appName} has to be started again: it asks for another image now, and its last execution ended without one`
    : `${target.appName} has to be started again: its execution ended before the cause was put right`;
}

const command = 'az containerapp job';

const saySuspended = 'The job is suspended: nothing starts it until you resume it.';

/** What became of the template since the last execution began. */
function sayCorrected({ target, evidence }: RunbookInput): string {
  const images = appOf(evidence)?.images ?? [];
  const asked = images.map((image) => `“${withoutUserinfo(image)}”`).join(', ');
  const { name = '' } = newestExecution(evidence) ?? {};
  return `The template of the job was changed and asks for ${asked} now. Its execution ${name} began before that, with “${withoutUserinfo(target.image)}”.`;
}

/** The runbook of a job whose template was changed while an execution with the image before still waits: what the change does for it. */
export function withCorrection(input: RunbookInput, text: RunbookText): RunbookText {
  const { target, evidence, cause } = input;
  if (cause === 'execution-ended' || correctedSince(target, evidence) === undefined) return text;
  const next =
    startsNext(appOf(evidence)?.job) === 'by-itself'
      ? 'The next execution comes by itself and has the template of now.'
      : 'Start the job for an execution with the template of now.';
  return { ...text, advice: `${text.advice} ${sayCorrected(input)} That execution keeps its image. ${next}` };
}

/** The runbook with the commands and in the words of this kind of workload; that of an app as it is. */
export function forKind({ target }: Pick<RunbookInput, 'target'>, text: RunbookText): RunbookText {
  const kind = kindOf(target.appId);
  if (kind.commands === undefined) return text;
  const image = target.image === unnamedImage ? 'IMAGE' : wordOr(withoutUserinfo(target.image), 'IMAGE');
  const ofKind = (said: string): string => spelledFor(kind, said, image);
  const inWords = (said: string): string => sayFor(target.appId, said, [target.image, target.registry, target.appName]);
  const own = text.commands
    .map((one): Command => ({ ...one, title: inWords(one.title), text: ofKind(one.text).replace(comments, inWords) }))
    .filter((one) => one.text !== '');
  return {
    ...text,
    title: inWords(text.title),
    advice: `${inWords(text.advice)}${writesOver(text, own)}`,
    commands: own,
    verify: ofKind(text.verify),
    undo: inWords(ofKind(text.undo)),
  };
}

/** What a Bicep text says to its reader: a sentence like the advice. */
const comments = /^\/\/ .*$/gm;

/** `az container create` with the name of a group deploys it anew with what the command names (reference of the command). */
function writesOver({ advice }: RunbookText, commands: readonly Command[]): string {
  const isThere = commands.some(({ text }) => /^az container create /m.test(text));
  if (!isThere || advice.includes('every other option')) return '';
  return ' A command “az container create” deploys the whole group anew: add every other option that it was created with (newer versions of the Azure CLI ask for --os-type, --cpu and --memory as well), or run your deployment.';
}

/** From how many minutes on a schedule is left alone: until then each execution fails while a person reads. */
const oftenMinutes = 5;

/**
 * The runbook, with the offer to suspend the job where its schedule starts an execution every few minutes. pullmedic never does that. The
 * operations are those of the specification (Jobs, Suspend and Resume); the command line has no words of its own for them.
 */
export function withSuspension(input: RunbookInput, text: RunbookText): RunbookText {
  const { trigger = 'unknown', schedule, suspended } = appOf(input.evidence)?.job ?? {};
  if (suspended === true && input.cause !== 'execution-ended') return withResume(input, text);
  const every = trigger === 'schedule' ? startsEveryMinutes(schedule) : undefined;
  if (every === undefined || every > oftenMinutes || input.cause === 'execution-ended') return text;
  const often = every === 1 ? 'every minute' : `every ${every} minutes`;
  return {
    ...text,
    advice: `${text.advice} Its schedule starts an execution ${often}, and each of them fails until this is put right. You can suspend the job meanwhile; pullmedic does not.`,
    commands: [
      ...text.commands,
      operation(input, 'suspend', 'If it must not start again until then: suspend the job'),
      operation(input, 'resume', 'Afterwards: let its schedule start it again'),
    ],
  };
}

/** The runbook of a job that a person has suspended: what is repaired shows only once it is resumed. */
function withResume(input: RunbookInput, text: RunbookText): RunbookText {
  return {
    ...text,
    advice: `${text.advice} ${saySuspended}`,
    commands: [...text.commands, operation(input, 'resume', 'Afterwards: resume the job')],
  };
}

/** An operation on a job that `az containerapp job` has no word for. */
function operation({ target }: RunbookInput, name: 'suspend' | 'resume', title: string): Command {
  // Without a host: `az rest` then asks the cloud of the caller's sign-in.
  const url = `${target.appId}/${name}?api-version=2026-01-01`;
  return { title, language: 'az', text: `az rest --method post --url ${shellWord(url)}` };
}
