// The reference of the command line as a page, made from the table of commands.
import { commandNames } from '../src/cli/commands.ts';
import { helpOf, specOf, titles } from '../src/cli/help.ts';

/** The Markdown of docs/commands.md: each command as its help says it. */
export function commandsPage(): string {
  const parts = titles.map(([needs, title]) => {
    const commands = commandNames.filter((name) => specOf(name).needs === needs).map(sectionOf);
    return `## ${title.replace(':', '')}\n\n${commands.join('\n')}`;
  });
  return `${head}\n${parts.join('\n')}`;
}

const head = `# Commands

What \`pullmedic help COMMAND\` says of each command. \`node tools/command-docs.ts > docs/commands.md\` writes this page from the table of
commands (\`src/cli/commands.ts\`). How to get the command line, and what each command needs: [operations](operations.md#commands).
`;

function sectionOf(name: (typeof commandNames)[number]): string {
  return `### ${name}\n\n\`\`\`text\n${helpOf(name)}\`\`\`\n`;
}
