// The queries of the alert rules that are deployed with pullmedic, one for each generation of the log table.
import { readFileSync } from 'node:fs';

/** By where an environment sends its logs. What these queries miss, the simulated rules miss too. */
export const deployedQueries = {
  'log-analytics': queryFile('pull-failures-classic.kql'),
  'azure-monitor': queryFile('pull-failures.kql'),
};

// The bundle of the engine is as far below the root as this file is: dist/local.
function queryFile(name: string): string {
  return readFileSync(new URL(`../../infra/queries/${name}`, import.meta.url), 'utf8').trim();
}
