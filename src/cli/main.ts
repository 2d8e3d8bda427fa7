// The command line: finds the command, runs it, and turns an error into one sentence and an exit code.
import { classifyCommand, classifyUsage, UsageError } from './classify-command.ts';
import { deployedCommand, deployedUsage, isDeployedCommand } from './deployed-commands.ts';
import { doctorCommand, doctorUsage } from './doctor-command.ts';
import { incidentCommand, incidentUsage } from './incident-command.ts';
import { plain } from './report.ts';
import { reportCommand, reportUsage } from './report-command.ts';
import { version } from './version.ts';

const usage = `pullmedic COMMAND [options]

Needs no Azure:
  classify        says what a log claims about an image pull, and what to do next

Reads Azure with your own sign-in:
  diagnose        proves why an app cannot pull its image, or whether it could
  doctor          says what a subscription or a deployment lacks

Asks a deployed pullmedic:
  approve         approves the change that a remediation asks about
  reject          rejects that change
  ask             has a question asked again that expired
  undo            takes back the role assignment that a remediation made
  forget-refusal  forgets a no to a grant, so that pullmedic decides anew
  replay          sends kept messages again
  dismiss         dismisses a dead letter that pullmedic cannot read
  look            asks for a look at an app now
  health          says whether pullmedic itself is well
  kill-switch     stops all changes, or permits them again
  status          says in a line how things stand, and lists what needs a person
  incidents       lists the open incidents, with owner and first command
  history         lists the remediations, or searches them
  show            shows one remediation as a timeline
  report          writes a report of one remediation, or a review of the last days
  incident        tries an incident system, or sends again what it refused
  route           says which incident systems would be told

"pullmedic help COMMAND" explains a command and its options; "pullmedic --version" says the version.
`;

function refuse(sentence: string): number {
  process.stderr.write(`pullmedic: ${sentence}\n`);
  return 2;
}

function errorCodeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The file that could not be read, as the error of Node names it: one line, without control characters. */
function pathOf(error: unknown): string {
  const path = typeof error === 'object' && error !== null && 'path' in error ? error.path : undefined;
  return typeof path === 'string' ? `: ${plain(path)}` : '';
}

function sentenceFor(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  switch (errorCodeOf(error)) {
    case 'ENOENT':
      return `there is no such file${pathOf(error)}`;
    case 'EISDIR':
      return 'that is a directory, not a file.';
    case 'EACCES':
      return 'you are not permitted to read this file.';
    case undefined:
    default:
      return `${message.replace(/(?:\. To specify|\n)[^]*$/, '.').replace(/\.*$/, '.')} Try "pullmedic help".`;
  }
}

/** This module loads the Azure SDKs, so it is imported only when it is needed: the other commands start in a fraction of the time. */
function diagnose(): Promise<typeof import('./diagnose-command.ts')> {
  return import('./diagnose-command.ts');
}

/** Explains a command, or lists the commands where the person names none. */
async function help(command: string | undefined): Promise<number> {
  if (command === undefined) process.stdout.write(usage);
  else if (command === 'classify') process.stdout.write(classifyUsage);
  else if (command === 'diagnose') process.stdout.write((await diagnose()).diagnoseUsage);
  else if (command === 'doctor') process.stdout.write(doctorUsage);
  else if (command === 'incident' || command === 'route') process.stdout.write(incidentUsage);
  else if (command === 'report') process.stdout.write(reportUsage);
  else if (isDeployedCommand(command)) process.stdout.write(deployedUsage);
  else throw notACommand(command);
  return 0;
}

function notACommand(text: string): UsageError {
  return new UsageError(`"${text}" is not a command.`);
}

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'classify':
      return classifyCommand(rest);
    case 'diagnose':
      return (await diagnose()).diagnoseCommand(rest);
    case 'doctor':
      return doctorCommand(rest);
    case 'incident':
    case 'route':
      return incidentCommand(command, rest);
    case 'report':
      return reportCommand(rest);
    case 'help':
      return help(rest[0]);
    case '--version':
      process.stdout.write(`pullmedic ${version()}\n`);
      return 0;
    case undefined:
    case '--help':
    case '-h':
      return help(undefined);
    default:
      if (isDeployedCommand(command)) return deployedCommand(command, rest);
      throw notACommand(command);
  }
}

// A reader such as `head` closes the pipe early. That is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => refuse(sentenceFor(error)));
