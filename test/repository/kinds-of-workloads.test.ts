// The rest of the code asks the table of workloads what a kind does, and never which kind it is: a new kind is a folder of workloads/, an entry
// of its table, and its reads in azure/facts/. A question that names a kind would have to be found again with each new one.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workloadKinds, workloadList } from '../../src/lib/workloads/workloads.ts';

/** Where a kind may be named: its description, the table of its reads, and the readers that the table names. */
const ownPlaces = /^src\/lib\/(?:workloads\/|azure\/facts\/(?:kinds|(?:app|job|group)-[a-z]+)\.ts$)/;

/** Files of workloads/ that are about all kinds, and facts of one kind that are read for what they say. No description of a kind is among them. */
const openToAll = [
  'workload',
  'workloads',
  'sentences',
  'commands',
  'job/trigger',
  'job/cron',
  'container-group/group-life',
];

const oneOf = (texts: readonly string[]): string => texts.map((text) => text.replaceAll('.', '\\.')).join('|');

/** Ways to ask which kind a workload is. */
const questions: readonly RegExp[] = [
  new RegExp(`(?:[!=]==?|\\bcase) ?['"](?:${oneOf(workloadKinds)})['"]`),
  new RegExp(`['"](?:${oneOf(workloadKinds)})['"] ?[!=]==?`),
  // The type in ARM of a kind, in an id, a path, an operation or a query.
  new RegExp(`['"\`/](?:${oneOf(workloadList.map(({ type }) => type))})\\b`, 'i'),
  new RegExp(`from '[^']*/workloads/(?!(?:${openToAll.join('|')})\\.ts)`),
  /\bis(?:Of)?(?:App|Job|Group|ContainerApp|ContainerGroup)\b *\(/,
  // What only one kind has is read for what it says, never for being there.
  /\b(?:appOf\([^)]*\)|app)\??\.(?:group|job) ?[!=]==? ?undefined/,
];

function questionsIn(text: string): readonly string[] {
  const code = text.split('\n').filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line));
  return code.filter((line) => questions.some((pattern) => pattern.test(line)));
}

const files = globSync('src/**/*.ts').map((file) => file.replaceAll('\\', '/'));

describe('a kind of workload', () => {
  it('is asked for by what it does, not by its name, outside of its own places', () => {
    const found = files
      .filter((file) => !ownPlaces.test(file))
      .flatMap((file) => questionsIn(readFileSync(file, 'utf8')).map((line) => `${file}: ${line.trim()}`));

    expect(found).toEqual([]);
    expect(files.filter((file) => ownPlaces.test(file)).length).toBeGreaterThan(3);
  });

  it.each([
    "if (workload.kind === 'job') return;",
    "  return kind !== 'container-app';",
    "    case 'job':",
    "if ('job' === kind) return;",
    "if (isOfType(id, 'microsoft.app/jobs')) return;",
    "import { job } from '../workloads/job/job.ts';",
    'if (isJob(appId)) return;',
    'if (isOfGroup(input)) return [];',
    '  return appOf(evidence)?.group === undefined ? networkVerdict() : networkOfGroup();',
    '  if (app?.job !== undefined) return undefined;',
    "const write = 'microsoft.containerinstance/containergroups/write';",
    'const path = `${scope}/providers/Microsoft.App/jobs/${name}`;',
  ])('is named by “%s”', (line) => {
    expect(questionsIn(line)).toEqual([line]);
  });

  it.each([
    "import { kindOf } from '../workloads/workloads.ts';",
    "import { startsNext } from '../workloads/job/trigger.ts';",
    "switch (kindOf(appId).pullsAgain) { case 'next-run': return; }",
    "refuse('never-restarted', 'job')",
    '  return access.group !== undefined;',
    '  const { trigger } = appOf(evidence)?.job ?? {};',
    ' * A resource type, such as `microsoft.app/containerapps`.',
  ])('is not named by “%s”', (line) => {
    expect(questionsIn(line)).toEqual([]);
  });
});
