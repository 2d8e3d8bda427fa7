// The process of the command line.
import { commandLine } from './command-line.ts';

// A reader such as `head` closes the pipe early. That is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
process.exitCode = await commandLine(process.argv.slice(2));
