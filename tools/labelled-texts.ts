// Reads texts with their right labels: JSON lines for corpora of other people, plain lines for the files of this repository.
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { labels } from '../src/lib/classify/classify.ts';

const label = z.enum(labels);
const Sample = z.object({
  id: z.string(),
  text: z.string(),
  category: label,
  also: z.array(label).default([]),
  source: z.string().default(''),
  columns: z.record(z.string(), z.unknown()).optional(),
});

/** A text, the right label, and other labels that fit it too. */
export type Sample = z.infer<typeof Sample>;

const folder = new URL('../test/fixtures/logs/', import.meta.url);

/** The files of this repository: messages the rules were written with, failures they were not, and lines about something else. */
export const ownFiles = ['messages.txt', 'held-out.txt', 'negatives.txt'] as const;

/** The samples of a file of this repository. */
export function ownSamples(name: (typeof ownFiles)[number]): Sample[] {
  const lines = readFileSync(new URL(name, folder), 'utf8').split('\n');
  return lines.flatMap((line, at) => {
    if (line === '' || line.startsWith('#')) return [];
    return [sampleOn(name === 'negatives.txt' ? `not-a-pull-failure: ${line}` : line, `${name}:${at + 1}`)];
  });
}

/** `label: text`, or `label|other label: text`; \n in the text is a line break. Throws if there is no such label. */
function sampleOn(line: string, id: string): Sample {
  const colon = line.indexOf(': ');
  const [category, ...also] = line.slice(0, colon).split('|');
  const text = line.slice(colon + 2).replaceAll(String.raw`\n`, '\n');
  return Sample.parse({ id, category, also, text });
}

/** The samples of a file of JSON lines: `{id, text, category, also?, source?, columns?}`. Throws if a line is something else. */
export function samplesOf(path: string): Sample[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => Sample.parse(JSON.parse(line)));
}
