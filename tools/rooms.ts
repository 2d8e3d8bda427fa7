// Which room of the code may import which: the table, and the check that holds the code against it. `npm run check` runs it.
import { globSync, readFileSync } from 'node:fs';
import { dirname, normalize } from 'node:path/posix';
import { parseAst } from 'vitest/node';

/**
 * A folder whose files hold one idea, and the rooms that they may import from. Type imports count. A file is a room by itself where it
 * stands in the folder of what it starts.
 */
export interface Room {
  readonly name: string;
  readonly mayImport: readonly string[];
  /** The folders in it are parts of this room, as each kind of workload is, so that a new one needs no line here. */
  readonly withFolders?: true;
}

const lib = (name: string, ...rooms: string[]): Room => ({
  name: `src/lib/${name}`,
  mayImport: rooms.map((room) => `src/lib/${room}`),
});

/** A room of the simulated Azure. */
const simulated = (name: string, ...rooms: string[]): Room => ({
  name: `local/azure/${name}`,
  mayImport: rooms.map((room) => `local/azure/${room}`),
});

/** A room of the local run. `.` is the folder `local` itself: the clocks and the storage that the others share. */
const locally = (name: string, ...rooms: string[]): Room => ({
  name: `local/${name}`,
  mayImport: rooms.map((room) => (room === '.' ? 'local' : room.startsWith('src') ? room : `local/${room}`)),
});

/** Rooms of one folder; `names` has spaces between them. */
const within = (folder: string, names: string): string[] => names.split(' ').map((name) => `${folder}/${name}`);

/** The rooms from top to bottom. A room may import only rooms below it in this list, so that no import goes up. */
export const rooms: readonly Room[] = [
  {
    name: 'bench',
    mayImport: within('bench', 'outcome recovery start labels looks scale throughput events memory money'),
  },
  { name: 'bench/start', mayImport: ['bench/outcome'] },
  {
    name: 'bench/memory',
    mayImport: [...within('bench', 'outcome thread'), ...within('local', 'engine host scenarios')],
  },
  ...within('bench', 'looks money events').map((name) => ({ name, mayImport: within('bench', 'outcome played') })),
  {
    name: 'bench/throughput',
    mayImport: [
      ...within('bench', 'outcome thread'),
      ...within('local', 'azure azure/identity azure/model engine host storm'),
    ],
  },
  { name: 'bench/labels', mayImport: ['bench/outcome', 'src/cli', 'src/lib/classify', 'local/chance.ts'] },
  {
    name: 'bench/scale',
    mayImport: [
      'bench/outcome',
      ...within(
        'src/lib',
        'azure azure/store azure/clients console console/pages remediation incidents ports history words',
      ),
      'test/lib',
      'local',
      'local/engine',
    ],
  },
  {
    name: 'bench/recovery',
    mayImport: [
      'bench/outcome',
      ...within('src/lib', 'remediation intake ports decision history evidence settings words'),
      'test/lib',
      'local/chance.ts',
    ],
  },
  // Scenarios on virtual time, counted.
  { name: 'bench/played', mayImport: ['bench/thread', ...within('local', 'engine demo host scenarios azure/world')] },
  // What every benchmark gives: a table, rows of the one table, pictures.
  { name: 'bench/outcome', mayImport: [] },
  { name: 'bench/thread', mayImport: [] },
  locally('main.ts', 'engine', 'demo', 'scenarios', '.', 'azure/world'),
  locally('storm', 'demo', '.', 'azure', 'azure/seam', 'azure/model', 'azure/world'),
  locally(
    'engine',
    'chance.ts',
    'demo',
    'host',
    'scenarios',
    'incidents',
    'src',
    'src/lib/azure/clients',
    'src/lib/words',
    'azure',
    'azure/seam',
    'azure/happenings',
    'azure/identity',
    'azure/model',
    'azure/wire',
  ),
  locally(
    'demo',
    'host',
    'scenarios',
    'incidents',
    '.',
    'azure',
    'azure/seam',
    'azure/model',
    'azure/world',
    'azure/wire',
  ),
  locally('host', '.'),
  locally('scenarios', 'incidents', 'azure/world'),
  locally('incidents'),
  { name: 'local', mayImport: [] },
  // Numbers that repeat, for scenarios and benchmarks.
  { name: 'local/chance.ts', mayImport: [] },
  {
    name: 'src',
    mayImport: [
      'src/functions',
      'src/lib/azure',
      'src/lib/azure/store',
      'src/lib/azure/clients',
      'src/lib/intake',
      'src/lib/ports',
      'src/lib/causes',
      'src/lib/settings',
    ],
  },
  {
    name: 'src/functions',
    mayImport: [
      'console/pages',
      'console',
      'answers',
      'remediation',
      'intake',
      'telling',
      'ports',
      'incidents',
      'causes',
      'history',
      'signals',
      'settings',
      'words',
    ].map((room) => `src/lib/${room}`),
  },
  {
    name: 'src/cli',
    mayImport: [
      'azure/facts',
      'azure/clients',
      'console',
      'look',
      'ports',
      'decision',
      'runbooks',
      'diagnosis',
      'history',
      'evidence',
      'causes',
      'classify',
      'workloads',
      'words',
    ].map((room) => `src/lib/${room}`),
  },
  lib(
    'azure',
    'azure/actions',
    'azure/facts',
    'azure/store',
    'azure/clients',
    'look',
    'ports',
    'incidents/systems',
    'incidents',
    'history',
    'settings',
    'words',
  ),
  lib('azure/actions', ...'azure/facts azure/clients ports decision diagnosis history workloads words'.split(' ')),
  lib('azure/facts', 'azure/clients', 'look', 'ports', 'diagnosis', 'evidence', 'workloads', 'words'),
  lib('azure/store', 'azure/clients', 'intake', 'ports', 'incidents', 'history', 'words'),
  lib('azure/clients', 'incidents', 'evidence', 'settings', 'words'),
  lib(
    'console/pages',
    'console',
    'intake',
    'telling',
    'ports',
    'incidents',
    'history',
    'causes',
    'settings',
    'workloads',
    'words',
  ),
  lib(
    'console',
    'answers',
    'intake',
    'telling',
    'ports',
    'incidents',
    'decision',
    'runbooks',
    'diagnosis',
    'history',
    'evidence',
    'signals',
    'causes',
    'classify',
    'settings',
    'workloads',
    'words',
  ),
  lib(
    'answers',
    'remediation',
    'intake',
    'ports',
    'incidents',
    'runbooks',
    'history',
    'signals',
    'causes',
    'settings',
    'workloads',
    'words',
  ),
  lib(
    'remediation',
    'telling',
    'look',
    'ports',
    'incidents',
    'decision',
    'runbooks',
    'diagnosis',
    'history',
    'evidence',
    'signals',
    'causes',
    'classify',
    'settings',
    'workloads',
    'words',
  ),
  lib(
    'intake',
    'telling',
    'look',
    'ports',
    'diagnosis',
    'history',
    'evidence',
    'signals',
    'causes',
    'classify',
    'settings',
    'workloads',
    'words',
  ),
  lib('telling', 'ports', 'incidents', 'history', 'settings', 'signals', 'words'),
  lib('look', 'ports', 'diagnosis', 'evidence', 'workloads', 'words'),
  lib('ports', 'incidents', 'decision', 'history', 'evidence', 'signals', 'workloads', 'words'),
  lib('incidents/systems', 'incidents', 'settings', 'words'),
  lib('incidents', 'runbooks', 'diagnosis', 'history', 'evidence', 'causes', 'settings', 'workloads', 'words'),
  lib(
    'decision',
    'diagnosis',
    'history',
    'evidence',
    'signals',
    'causes',
    'classify',
    'settings',
    'workloads',
    'words',
  ),
  lib('runbooks', 'diagnosis', 'history', 'evidence', 'causes', 'workloads', 'words'),
  lib('diagnosis', 'history', 'evidence', 'causes', 'classify', 'workloads', 'words'),
  lib('history', 'evidence', 'signals', 'causes', 'classify', 'workloads', 'words'),
  lib('evidence', 'settings', 'workloads', 'words'),
  lib('signals', 'workloads', 'words'),
  { ...lib('workloads', 'causes', 'words'), withFolders: true },
  lib('causes', 'words'),
  lib('classify', 'words'),
  lib('settings', 'words'),
  lib('words'),
  {
    name: 'local/azure',
    mayImport: [
      'seam',
      'happenings',
      'management',
      'container-groups',
      'apps',
      'registry',
      'event-grid',
      'authorization',
      'identity',
      'monitor',
      'model',
      'world',
      'wire',
    ].map((room) => `local/azure/${room}`),
  },
  simulated('seam', 'wire'),
  simulated('happenings', 'container-groups', 'apps', 'authorization', 'monitor', 'model', 'world', 'wire'),
  simulated(
    'management',
    'container-groups',
    'apps',
    'registry',
    'network',
    'authorization',
    'identity',
    'monitor',
    'kql',
    'model',
    'world',
    'wire',
  ),
  simulated('container-groups', 'apps', 'registry', 'monitor', 'kql', 'model', 'wire'),
  simulated('apps', 'registry', 'network', 'authorization', 'monitor', 'kql', 'model', 'wire'),
  simulated('registry', 'network', 'identity', 'model', 'world', 'wire'),
  simulated('network', 'model', 'wire'),
  simulated('event-grid', 'monitor', 'model'),
  simulated('authorization', 'monitor', 'model', 'wire'),
  simulated('identity', 'model', 'wire'),
  simulated('monitor', 'kql', 'model', 'world', 'wire'),
  simulated('kql'),
  simulated('model', 'world'),
  simulated('world'),
  simulated('wire'),
  // The ports in memory and a healthy world to spoil, for tests and for the benchmarks.
  { name: 'test/lib', mayImport: [] },
];

interface Import {
  readonly file: string;
  readonly imported: string;
}

/** The files of the project that this source imports or exports from, whether for values or for types. */
export function importsIn(file: string, source: string): readonly Import[] {
  const body = parseAst(source, { lang: 'ts' }).body as readonly {
    readonly source?: { readonly value: unknown } | null;
  }[];
  return body.flatMap(({ source: from }) =>
    typeof from?.value === 'string' && from.value.startsWith('.')
      ? [{ file, imported: normalize(`${dirname(file)}/${from.value}`) }]
      : [],
  );
}

/** The sentence that says what is wrong with this import; `undefined` if the table permits it. */
export function objection({ file, imported }: Import, table: readonly Room[] = rooms): string | undefined {
  const [from, to] = [roomOf(file, table), roomOf(imported, table)];
  if (from === to) return undefined;
  const room = table.find(({ name }) => name === from);
  if (room === undefined) return `${file}: the folder ${from} is not a room of the table in tools/rooms.ts.`;
  return room.mayImport.includes(to) ? undefined : `${file} imports ${imported}, but ${from} may not import ${to}.`;
}

function roomOf(file: string, table: readonly Room[]): string {
  if (table.some(({ name }) => name === file)) return file;
  return table.find(({ name, withFolders }) => withFolders && file.startsWith(`${name}/`))?.name ?? dirname(file);
}

/** One sentence for each permission of the table that does not go down. */
export function upwardArrows(table: readonly Room[] = rooms): readonly string[] {
  const place = new Map(table.map(({ name }, at) => [name, at]));
  return table.flatMap(({ name, mayImport }, at) =>
    mayImport.flatMap((below) =>
      (place.get(below) ?? -1) > at ? [] : [`The table lets ${name} import ${below}, which does not stand below it.`],
    ),
  );
}

/** Every import in `src`, `local` and `bench` that the table does not permit. */
export function problems(): readonly string[] {
  const imports = globSync(['src/**/*.ts', 'local/**/*.ts', 'bench/**/*.ts'])
    .map((file) => file.replaceAll('\\', '/'))
    .flatMap((file) => importsIn(file, readFileSync(file, 'utf8')));
  return [...upwardArrows(), ...imports.flatMap((one) => objection(one) ?? [])];
}

if (import.meta.main) {
  const found = problems();
  for (const problem of found) console.error(problem);
  if (found.length > 0) process.exitCode = 1;
}
