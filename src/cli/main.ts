// The command line: finds the command, runs it, and turns an error into one sentence and an exit code.
import { classifyCommand, classifyUsage, UsageError } from './classify-command.ts';
import { deployedCommand, deployedUsage, isDeployedCommand } from './deployed-commands.ts';

const usage = `pullmedic COMMAND [options]

  classify   says what a log claims about an image pull, and what to do next; needs no Azure
  diagnose   proves why an app cannot pull its image, or whether it would; reads Azure with your own sign-in
  approve, reject, undo, replay, dismiss, look, health, kill-switch, history, show
             ask a deployed pullmedic

"pullmedic COMMAND --help" explains a command.
`;

function refuse(sentence: string): number {
  process.stderr.write(`pullmedic: ${sentence}\n`);
  return 2;
}

function errorCodeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function sentenceFor(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  switch (errorCodeOf(error)) {
    case 'ENOENT':
      return 'there is no such file.';
    case 'EISDIR':
      return 'that is a directory, not a file.';
    case 'EACCES':
      return 'you are not permitted to read this file.';
    case undefined:
    default:
      return `${message.replace(/(?:\. To specify|\n)[^]*$/, '.').replace(/\.*$/, '.')} Try "pullmedic --help".`;
  }
}

/** This module loads the Azure SDKs, so it is imported only when it is needed: the other commands start in a fraction of the time. */
function diagnose(): Promise<typeof import('./diagnose-command.ts')> {
  return import('./diagnose-command.ts');
}

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'classify':
      return classifyCommand(rest);
    case 'diagnose':
      return (await diagnose()).diagnoseCommand(rest);
    case undefined:
    case '--help':
    case '-h':
    case 'help':
      process.stdout.write(`${usage}\n${classifyUsage}\n${(await diagnose()).diagnoseUsage}\n${deployedUsage}`);
      return 0;
    default:
      if (isDeployedCommand(command)) return deployedCommand(command, rest);
      throw new UsageError(`"${command}" is not a command.`);
  }
}

// A reader such as `head` closes the pipe early. That is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => refuse(sentenceFor(error)));
