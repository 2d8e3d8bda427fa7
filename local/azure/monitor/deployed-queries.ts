// The queries of the alert rules that are deployed with pullmedic, one for each generation of the log table.
import { existsSync, readFileSync } from 'node:fs';

// The root is two folders above the bundle of the engine (dist/local) and three above this file.
const roots = ['../../', '../../../'];

/** By where an environment sends its logs, and the one for the events of container groups. What these queries miss, the simulated rules miss too. */
export const deployedQueries = {
  'log-analytics': queryFile('pull-failures-classic.kql'),
  'azure-monitor': queryFile('pull-failures.kql'),
  'group-events': queryFile('group-pull-failures.kql'),
};

function queryFile(name: string): string {
  const file = roots
    .map((root) => new URL(`${root}infra/queries/${name}`, import.meta.url))
    .find((url) => existsSync(url));
  if (file === undefined) throw new Error(`There is no query ${name}.`);
  return readFileSync(file, 'utf8').trim();
}
