// The scenarios that come with pullmedic: their files, their names, and the tour.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadScenario } from './schema.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** What the real parts are shown with: one scenario for each thing that only they can get wrong, the main one first. */
export const tour = [
  'missing-acrpull-user-assigned',
  'already-propagating',
  'dns-link-missing-says-unauthorized',
  'firewall-says-not-found',
  'crash-with-scary-words',
  'person-approves',
  'write-rejected-no-revision',
  'killed-while-waiting',
] as const;

function pathOf(name: string): string {
  return relative(process.cwd(), join(folder, `${name}.yaml`));
}

/** The names of all built-in scenarios, in alphabetical order. */
export async function builtInNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files.flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : [])).sort();
}

/** The file that a person means: a path, or the name of a built-in scenario. A file of that very name wins. Throws {@link BadScenario}. */
export function fileOf(given: string): string {
  const isName = /^[a-z0-9-]+$/.test(given);
  if (!isName || existsSync(given)) return given;
  const file = pathOf(given);
  if (existsSync(file)) return file;
  throw new BadScenario(`${given}: there is no such file and no built-in scenario of this name (npm start -- --list).`);
}
