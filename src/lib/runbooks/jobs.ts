// The runbook that only a workload whose runs end has, what else a schedule needs, and the commands and words of each kind of workload.

import { appOf } from '../evidence/evidence.ts';
import { unnamedImage } from '../words/target.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import { spelledFor } from '../workloads/commands.ts';
import { sayFor } from '../workloads/sentences.ts';
import { startsEveryMinutes } from '../workloads/trigger.ts';
import { kindOf } from '../workloads/workloads.ts';
import { answer } from './answer.ts';
import { appOptions, type Command, type RunbookInput, type RunbookText, shellWord, wordOr } from './runbook.ts';

/** The cause is put right, and the execution that could not pull is over: only a person starts the next one. */
export function executionEnded(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} has to be started again: its execution ended before the cause was put right`,
    advice:
      'Nothing that was read keeps the job from pulling now, and no execution waits any more. An execution does the work of the job, so you decide: start it if that work is still to be done.',
    commands: [{ title: 'Start the job', language: 'az', text: `${command} start ${appOptions(input)}` }],
    undo: `${command} stop ${appOptions(input)}`,
  });
}

const command = 'az containerapp job';

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
  const { trigger, schedule } = appOf(input.evidence)?.job ?? {};
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

/** An operation on a job that `az containerapp job` has no word for. */
function operation({ target }: RunbookInput, name: 'suspend' | 'resume', title: string): Command {
  // Without a host: `az rest` then asks the cloud of the caller's sign-in.
  const url = `${target.appId}/${name}?api-version=2026-01-01`;
  return { title, language: 'az', text: `az rest --method post --url ${shellWord(url)}` };
}
