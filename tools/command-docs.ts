// Prints docs/commands.md from the table of commands: `node tools/command-docs.ts > docs/commands.md`. A test holds the page against the table.
import { commandsPage } from './commands-page.ts';

process.stdout.write(commandsPage());
