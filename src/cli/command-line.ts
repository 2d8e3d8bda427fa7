// The command line: finds the command, runs it, and turns an error into one sentence and an exit code. A command loads when it is run, because
// what one of them needs (the clients of Azure, say) would make every other one slow.
import type { Arguments } from './arguments.ts';
import type { CommandName } from './commands.ts';
import { plain } from './terminal.ts';
import { version } from './version.ts';

/** Runs a command; the answer is its exit code. */
type Run<Name extends CommandName> = (given: Arguments<Name>) => Promise<number>;

const runs: { readonly [Name in CommandName]: () => Promise<Run<Name>> } = {
  classify: async () => (await import('./classify-command.ts')).classifyCommand,
  diagnose: async () => (await import('./diagnose-command.ts')).diagnoseCommand,
  doctor: async () => (await import('./doctor-command.ts')).doctorCommand,
  status: async () => (await import('./status-command.ts')).statusCommand,
  incidents: async () => (await import('./incidents-command.ts')).incidentsCommand,
  history: async () => (await import('./search-command.ts')).historyCommand,
  show: async () => (await import('./show-command.ts')).showCommand,
  open: async () => (await import('./open-command.ts')).openCommand,
  report: async () => (await import('./report-command.ts')).reportCommand,
  health: async () => (await import('./standing-commands.ts')).healthCommand,
  route: async () => (await import('./incident-command.ts')).routeCommand,
  approve: async () => (await import('./answer-command.ts')).approveCommand,
  reject: async () => (await import('./answer-command.ts')).rejectCommand,
  ask: async () => (await import('./request-command.ts')).askCommand,
  undo: async () => (await import('./request-command.ts')).undoCommand,
  'forget-refusal': async () => (await import('./request-command.ts')).forgetRefusalCommand,
  look: async () => (await import('./standing-commands.ts')).lookCommand,
  'kill-switch': async () => (await import('./standing-commands.ts')).killSwitchCommand,
  replay: async () => (await import('./replay-command.ts')).replayCommand,
  dismiss: async () => (await import('./replay-command.ts')).dismissCommand,
  incident: async () => (await import('./incident-command.ts')).incidentCommand,
  completion: async () => (await import('./completion-command.ts')).completionCommand,
  help: async () => helpCommand,
};

/** Runs the command that the arguments name. The answer is the exit code; what is wrong with them is said on standard error. */
export function commandLine(args: readonly string[]): Promise<number> {
  return answer(args).catch((error: unknown) => refuse(error, ''));
}

async function answer(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  switch (name) {
    case '--version':
    case '-v':
      process.stdout.write(`pullmedic ${version()}\n`);
      return 0;
    case undefined:
    case '--help':
    case '-h':
      return listCommands();
    default:
      return run(await commandNamed(name), rest);
  }
}

async function run<Name extends CommandName>(name: Name, args: readonly string[]): Promise<number> {
  try {
    const { argumentsOf } = await import('./arguments.ts');
    const given = argumentsOf(name, args);
    if ('help' in given.values && given.values.help === true) return await explain(name);
    const command = await runs[name]();
    return await command(given);
  } catch (error) {
    return refuse(error, ` ${name}`);
  }
}

/** Throws where there is no such command. */
async function commandNamed(text: string): Promise<CommandName> {
  const { isCommand, commandNames } = await import('./commands.ts');
  if (isCommand(text)) return text;
  const { UsageError } = await import('./usage-error.ts');
  const near = commandNames.find((name) => name.startsWith(text.slice(0, 3)));
  throw new UsageError(
    `"${plain(text)}" is not a command.${near === undefined || text === '' ? '' : ` Do you mean ${near}?`}`,
  );
}

async function helpCommand({ words }: Arguments<'help'>): Promise<number> {
  const [name] = words;
  return name === undefined ? listCommands() : explain(await commandNamed(name));
}

async function explain(name: CommandName): Promise<number> {
  process.stdout.write((await import('./help.ts')).helpOf(name));
  return 0;
}

async function listCommands(): Promise<number> {
  process.stdout.write((await import('./help.ts')).listOfCommands());
  return 0;
}

function refuse(error: unknown, command: string): number {
  process.stderr.write(`pullmedic: ${sentenceFor(error, command)}\n`);
  return 2;
}

function sentenceFor(error: unknown, command: string): string {
  const message = error instanceof Error ? error.message : String(error);
  switch (memberOf(error, 'code')) {
    case 'ENOENT':
      return `there is no such file${pathOf(error)}`;
    case 'EISDIR':
      return 'that is a directory, not a file.';
    case 'EACCES':
      return 'you are not permitted to read this file.';
    case undefined:
    default:
      return `${plain(message).replace(/[.?]*$/, (end) => (end.startsWith('?') ? '?' : '.'))} Try "pullmedic help${command}".`;
  }
}

/** The file that could not be read, as the error of Node names it: one line, without control characters. */
function pathOf(error: unknown): string {
  const path = memberOf(error, 'path');
  return path === undefined ? '' : `: ${plain(path)}`;
}

function memberOf(error: unknown, name: 'code' | 'path'): string | undefined {
  if (typeof error !== 'object' || error === null || !(name in error)) return undefined;
  const value: unknown = Object.entries(error).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}
