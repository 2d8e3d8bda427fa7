// Writes the page about the cost of each diagnosis from a measured run:
//   npm start -- --exit --costs costs.json && node tools/costs.ts costs.json > docs/costs.md
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const cost = z.object({
  scenario: z.string(),
  causes: z.array(z.string()).min(1).readonly(),
  sure: z.string(),
  asked: z.array(z.string()).readonly(),
  control: z.int(),
  logs: z.int(),
  registry: z.int(),
});
export type Cost = z.infer<typeof cost>;

export function readCosts(file: string): Cost[] {
  return z.array(cost).parse(JSON.parse(readFileSync(file, 'utf8')));
}

const head = ['cause', 'scenario', 'ARM', 'logs', 'registry', 'how sure'];

const intro = `# What a diagnosis costs

Measured in the scenarios: the look that named the cause, the facts that it asked for, and how many requests it sent to Azure Resource
Manager (with its index), to the log store and to the registry's own host. Written by \`tools/costs.ts\`; a run that needs more than this
table says fails the tests.

A look may send 12 requests to ARM for a public registry and 25 for a private one with an endpoint, and 2 log queries: every scenario is
held to that. Where automation assigns roles all day, each further page of the Activity Log (200 entries) costs one more, up to nine a
look. It never sends more than 40 requests in all; what it could not ask then is unreadable. Each further role, endpoint and zone of a
private registry costs one or two more. Where a rejected write names no registry, those of up to four entries of the app are read: two or
three requests each, and those of a private registry where an entry is for one. The security group and the route table of a subnet come with it where ARM honours \`$expand\`,
else they cost one each. A registry of the configuration is read where its id says, without a search. \`Retry-After\` is honoured up to 5
seconds and two retries; a 429 after that is unreadable, never "no".

The look with the most requests at a public registry is that for a missing role behind security rules where the list of consumers does
not name the identity: then its federated credentials are read, and their list tells as well whether the identity exists. At most two
revisions have their replicas read: the newest, and the newest other one of which Azure says that it cannot pull. Then that look leaves
out what only helps a person: who holds the role instead, and who changed the registry. Two things cost more than the twelve: each
custom role of the identity (one), and an identity in another subscription than its registry (two, for their tenants).

Within one remediation the shape of the network and of the environment, who holds the role instead and who changed the registry are not
read again for a minute and a half, unless something was changed, a signal told something new or a person answered. What a change rests on (the
app, its identity, roles, denials, removed roles, the registry's own settings, the kill switch) is read every time. So are role
definitions, because a custom role that was edited a moment ago must not lead to a grant; only the two pull roles, which Azure defines,
are not read again. The evidence counts as old as its oldest fact, and nothing is changed on evidence older than three minutes.
Right before a change the app is read once more, and before a restart also the replicas of that one revision; before a grant the identity
that gets it, where that is a resource of its own or the environment's: one or two requests
beside those of the look.

Pages for people read storage. One thing they ask of ARM: the name of a subscription, one request for each subscription and day in each
process (a name that could not be read is asked for again after ten minutes). It comes out of the same budget, and a page that has waited a
second for it shows the id.

`;

const factsTitle = '\n## Facts that were asked for\n\n';
/** Columns of a list, which the formatter does not wrap. */
const listWidth = 132;

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function total({ control, logs, registry }: Cost): number {
  return control + logs + registry;
}

/** Its Activity Log has many pages, which the page of costs states apart. */
const manyPages = 'automation-assigns-roles-all-day';

/** One row per cause: the run with the most requests that named only this cause; if there is none, a run that named it beside others. */
export function dearest(all: readonly Cost[]): [string, Cost][] {
  const costs = all.filter(({ scenario }) => scenario !== manyPages);
  const causes = [...new Set(costs.flatMap((one) => one.causes))].sort();
  return causes.flatMap((cause): [string, Cost][] => {
    const named = costs.filter((one) => one.causes.includes(cause));
    const alone = named.filter((one) => one.causes.length === 1);
    const [most] = (alone.length > 0 ? alone : named).toSorted(
      (a, b) => total(b) - total(a) || a.scenario.localeCompare(b.scenario),
    );
    return most === undefined ? [] : [[cause, most]];
  });
}

/** The page. */
export function costPage(costs: readonly Cost[]): string {
  const rows = dearest(costs).map(([cause, one]) => [
    `[${cause}](runbooks/${cause}.md)`,
    one.scenario,
    String(one.control),
    String(one.logs),
    String(one.registry),
    one.sure === 'unexplained' ? 'neither' : one.sure,
  ]);
  const facts = dearest(costs).flatMap(([cause, one]) => wrapped(`- ${cause}: ${one.asked.join(', ')}`));
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const padded = [head, widths.map((width) => '-'.repeat(width)), ...rows].map((row) =>
    line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))),
  );
  return `${intro}${padded.join('\n')}\n${factsTitle}${facts.join('\n')}\n`;
}

/** An item of a list on lines of limited length; the second and further ones are indented. */
function wrapped(item: string): string[] {
  const lines: string[] = [];
  for (const word of item.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < listWidth) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines;
}

/** The rows of the page, each with its facts from the list below the table. */
export function documentedCosts(page: string): Cost[] {
  const [table = '', list = ''] = page.split(factsTitle);
  const items = list.split(/^- /m).map((item) => item.trim().replace(/\s+/g, ' ').split(': '));
  const facts = new Map(items.map(([cause = '', asked = '']) => [cause, asked.split(', ')]));
  const rows = table.matchAll(/^\| \[([\w-]+)\]\([^)]+\) +\| ([\w-]+) +\| (\d+) +\| (\d+) +\| (\d+) +\| (\w+) +\|$/gm);
  return [...rows].map(([, cause = '', scenario = '', control, logs, registry, sure = '']) => ({
    scenario,
    causes: [cause],
    sure: sure === 'neither' ? 'unexplained' : sure,
    asked: facts.get(cause) ?? [],
    control: Number(control),
    logs: Number(logs),
    registry: Number(registry),
  }));
}

/** The runs that took more requests than the page says, or were sure in another way. Empty if the page is right. */
export function exceeded(documented: readonly Cost[], measured: readonly Cost[]): string[] {
  return documented.flatMap((row) => {
    const [cause = ''] = row.causes;
    const run = measured.find((one) => one.scenario === row.scenario && one.causes.includes(cause));
    if (run === undefined) return [`${row.scenario}: no run named ${cause}`];
    const more = (['control', 'logs', 'registry'] as const).filter((kind) => run[kind] > row[kind]);
    return [
      ...more.map((kind) => `${row.scenario}: ${run[kind]} requests (${kind}), the page says ${row[kind]}`),
      ...(run.sure === row.sure ? [] : [`${row.scenario}: ${run.sure}, the page says ${row.sure}`]),
    ];
  });
}

if (import.meta.main) process.stdout.write(costPage(process.argv.slice(2).flatMap(readCosts)));
