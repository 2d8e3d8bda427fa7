// The pages for people: one for every cause, each with everything that an engineer on call needs, and true to what the code does.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Cause, causeCatalogue, causes } from '../../src/lib/causes/causes.ts';
import { spelledFor } from '../../src/lib/workloads/commands.ts';
import { containerGroup } from '../../src/lib/workloads/container-group/container-group.ts';
import { job } from '../../src/lib/workloads/job/job.ts';
import { roleMissing } from '../lib/facts.ts';
import { azCommand } from '../lib/runbooks/shell-words.ts';
import { decideOn, provedAlone } from '../lib/situations.ts';

const folder = 'docs/runbooks';
const pages = readdirSync(folder).filter((file) => file !== 'README.md');
const sections = [
  'What you see',
  'What it means',
  'How pullmedic proves it',
  'What pullmedic does',
  'The same by hand',
  'How to verify',
  'How to undo',
  'See also',
];

function pageOf(cause: Cause): string {
  return readFileSync(`${folder}/${cause}.md`, 'utf8');
}

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, found, body = '']) =>
    found === language ? [body] : [],
  );
}

/** The commands of a page, with continued lines joined. */
function commandsOf(text: string): string[] {
  return blocks(text, 'sh').flatMap((block) =>
    block
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => line !== ''),
  );
}

function bodyOf(text: string, section: string): string {
  const [, after = ''] = text.split(`\n## ${section}\n`);
  return (after.split('\n## ')[0] ?? '').trim();
}

/** The headings of a Markdown file as links name them. */
function anchorsOf(file: string): string[] {
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function linksOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^```[^]*?^```$/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !link.startsWith('http'));
}

/** What is wrong with a link; empty where it leads to a file, and to a heading of it if it names one. */
function broken(file: string, link: string): string {
  const [path = '', anchor] = link.split('#');
  const to = path === '' ? file : join(dirname(file), path);
  if (!existsSync(to)) return `${link}: no such file`;
  return anchor === undefined || anchorsOf(to).includes(anchor) ? '' : `${link}: no such heading`;
}

/** What the code decides on a cause that is confirmed, is the only one, and that no other guard speaks against. */
function decisionOn(cause: Cause): string {
  return decideOn(roleMissing, { diagnosis: provedAlone(cause) }).decision.do;
}

const words: Readonly<Record<string, string>> = {
  grant: 'grants the role',
  ask: 'asks for approval',
  wait: 'waits',
  incident: 'opens an incident',
};

it('every cause has a page, and no page is without a cause', () => {
  expect(pages.toSorted()).toEqual(causes.map((cause) => `${cause}.md`).toSorted());
});

describe.each(causes)('the page of %s', (cause) => {
  const page = pageOf(cause);

  it('is called like its cause and has the same sections as all others, none of them empty', () => {
    expect(page.split('\n')[0]).toBe(`# ${cause}`);
    expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(sections);
    for (const section of sections) expect(bodyOf(page, section)).not.toBe('');
  });

  it('shows how it looks in the logs', () => {
    expect(blocks(bodyOf(page, 'What you see'), 'text').length).toBeGreaterThan(0);
  });

  it('says what speaks for the cause and what against it', () => {
    const proof = bodyOf(page, 'How pullmedic proves it');

    expect(proof).toMatch(/^- (?:For|Confirmed):/m);
    expect(proof).toMatch(/^- Against:/m);
  });

  it('says what the code does, and whom the incident asks', () => {
    expect(page).toContain(`- pullmedic: **${words[decisionOn(cause)]}**`);
    expect(said(page, 'who has to act')).toContain(causeCatalogue[cause].owner);
  });

  it('has commands that a shell takes as they are', () => {
    const commands = commandsOf(page);

    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(azCommand(command).verbs.length).toBeGreaterThan(0);
  });

  it('has the same by hand with az and with Bicep, or says why not', () => {
    const hand = bodyOf(page, 'The same by hand');

    expect(blocks(hand, 'sh').length).toBeGreaterThan(0);
    expect(blocks(hand, 'bicep').length > 0 || /Bicep|nothing to deploy|Container Apps has no way/.test(hand)).toBe(
      true,
    );
  });

  it('has Bicep whose brackets and quotes close', () => {
    for (const block of blocks(page, 'bicep')) {
      const bare = block.replace(/'''[^]*?'''/g, '').replace(/'(?:[^'\\\n]|\\.)*'/g, '');
      expect(bare).not.toContain("'");
      for (const [open = '', close = ''] of ['{}', '[]', '()'])
        expect(bare.split(open).length).toBe(bare.split(close).length);
    }
  });
});

/** The pages whose commands for a job and for a container group stand there as well. */
const forEachKind: readonly Cause[] = [
  'tag-missing',
  'pull-role-missing',
  'identity-gone',
  'credential-rejected',
  'registry-not-configured',
];

/** What a command does to which kind of resource: all but the placeholder for its name, and the container, which no command for a group names. */
function deed(command: string): string {
  const { verbs, options } = azCommand(command);
  const asked = [...options].filter(([name]) => name !== '--name' && name !== '--container-name');
  return JSON.stringify([verbs, asked.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

describe.each(forEachKind)('by hand, the page of %s', (cause) => {
  const commands = commandsOf(bodyOf(pageOf(cause), 'The same by hand'));
  const ofApps = commands.filter((command) => /^az containerapp (?!job )/.test(command));
  /** The commands of an app, as the code writes them for this kind. */
  const asOf = (kind: typeof job | typeof containerGroup): string[] =>
    ofApps.map((command) => deed(spelledFor(kind, command, 'IMAGE')));

  it('has the command for a job, as an incident has it', () => {
    const shown = commands.filter((command) => command.startsWith('az containerapp job '));

    expect(shown.length).toBeGreaterThan(0);
    for (const command of shown) expect(asOf(job)).toContain(deed(command));
  });

  it('has the command for a container group, as an incident has it', () => {
    const shown = commands.filter((command) => command.startsWith('az container '));

    expect(shown.length).toBeGreaterThan(0);
    for (const command of shown.filter((one) => one.startsWith('az container create ')))
      expect(asOf(containerGroup)).toContain(deed(command));
  });
});

/** What a page says after this label, in bold. */
function said(page: string, label: string): string {
  return new RegExp(`^- ${label}: \\*\\*(.+)\\*\\*$`, 'm').exec(page)?.[1] ?? '';
}

/** The entry of a cause in the list, made from the record of the cause and from its page. */
function entryOf(cause: Cause): string {
  const page = pageOf(cause);
  const what = [
    `pullmedic: **${said(page, 'pullmedic')}**`,
    `sure: **${said(page, 'confirmed or suspected')}**`,
    `who has to act: **${said(page, 'who has to act')}**`,
  ];
  return `- [${cause}](${cause}.md): ${causeCatalogue[cause].sentence}.\n  ${what.join(' · ')}\n`;
}

it('the list of pages says of every cause what its record and its page say, in the order of the catalogue', () => {
  const readme = readFileSync(`${folder}/README.md`, 'utf8');
  const list = [...readme.matchAll(/^- \[[\w-]+\]\([\w-]+\.md\): .*\n(?: {2}.*\n)*/gm)].map(([entry]) => entry);

  expect(list).toEqual(causes.map(entryOf));
});

describe('links', () => {
  const files = [...pages, 'README.md'].map((file) => `${folder}/${file}`);

  it.each(files)('of %s lead somewhere', (file) => {
    const links = linksOf(file);

    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(broken(file, link)).toBe('');
  });
});
