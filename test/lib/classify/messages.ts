// Reads the labelled messages of the fixtures.
import { readFileSync } from 'node:fs';
import type { Label } from '../../../src/lib/classify/classify.ts';
import { labels } from '../../../src/lib/classify/classify.ts';

export interface Message {
  readonly label: Label;
  readonly text: string;
}

function messageOn(line: string): Message {
  const colon = line.indexOf(': ');
  const label = labels.find((name) => name === line.slice(0, colon));
  if (label === undefined) throw new Error(`no label at the start of: ${line}`);
  return { label, text: line.slice(colon + 2).replaceAll(String.raw`\n`, '\n') };
}

const file = new URL('../../fixtures/logs/messages.txt', import.meta.url);

export const messages: readonly Message[] = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map(messageOn);
