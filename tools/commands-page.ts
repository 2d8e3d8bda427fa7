// The reference of the command line as a page, made from the table of commands.
import { commandNames } from '../src/cli/commands.ts';
import { helpOf, reaching, specOf, titles } from '../src/cli/help.ts';
import { wrapped } from '../src/cli/terminal.ts';

/** Columns of a line of prose in the pages of docs. */
const width = 139;

/** The Markdown of docs/commands.md: each command as its help says it. */
export function commandsPage(): string {
  const parts = titles.map(([needs, title]) => {
    const commands = commandNames.filter((name) => specOf(name).needs === needs).map(sectionOf);
    // The help of each command of the app says this too: on a page once is enough.
    const once = needs === 'app' ? `${wrapped(reaching.replaceAll(quoted, '`$1`'), width).join('\n')}\n\n` : '';
    return `## ${title.replace(':', '')}\n\n${once}${commands.join('\n')}`;
  });
  return `${head}\n${parts.join('\n')}`;
}

/** What help writes between quotation marks, for a terminal. */
const quoted = /"([^"]+)"/g;

const head = `# Commands

What \`pullmedic help COMMAND\` says of each command. What the help of every command of a part says stands once, where the part begins.
\`node tools/command-docs.ts > docs/commands.md\` writes this page from the table of commands (\`src/cli/commands.ts\`). How to get the
command line, and what each command needs: [operations](operations.md#commands).
`;

function sectionOf(name: (typeof commandNames)[number]): string {
  return `### ${name}\n\n\`\`\`text\n${helpOf(name, { reaches: false })}\`\`\`\n`;
}
