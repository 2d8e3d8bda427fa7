// Measures how fast `classify` reads a log, side by side with plainer ways to read the same rows, in the same rounds of the same process.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import { chanceFromState } from '../../local/chance.ts';
import { linesOf } from '../../src/cli/lines.ts';
import { labelledLines, messagesIn } from '../../src/cli/messages.ts';
import { classify, classifyBy, isPullFailure, tables } from '../../src/lib/classify/classify.ts';
import { type Spread, spreadOf } from '../outcome/spread.ts';
import { findHostile, type Hostile } from './hostile.ts';
import { bytesOf, type Form, forms, rowAt } from './logs.ts';
import { knownTexts, type Matcher, type Noticed, noticedOf } from './noticed.ts';
import { noticedBy, peers } from './peers.ts';

/** Processor time of one way to read the rows. Microseconds for each row: the median of the rounds, the least and the most. */
export interface Measured extends Spread {
  readonly name: string;
}

export interface LabelFigures {
  readonly rows: number;
  readonly rounds: number;
  readonly ways: readonly Measured[];
  /** Megabytes of memory after a tenth of a gigabyte of JSON rows, and after all of it. */
  readonly memory: { readonly gigabytes: number; readonly early: number; readonly late: number };
  readonly hostile: Hostile;
  /** What each matcher notices of texts whose label is known. */
  readonly noticed: readonly Noticed[];
}

type Way = readonly [name: string, read: (rows: number) => Promise<number>];

/**
 * What people often search a log with: the reasons and the sentences of kubelet that its documentation names.
 * Source: Kubernetes documentation, "Images", image pull back-off; kubelet events `Failed`, `BackOff`.
 */
const commonWords = /ErrImagePull|ImagePullBackOff|Failed to pull image|Back-off pulling image|ErrImageNeverPull/;

const patterns = [...tables.clues, ...tables.rules, ...tables.lookAlikes, ...tables.asides].map(
  ({ pattern }) => pattern,
);
const texts = Array.from({ length: 10_000 }, (_, at) => rowAt(at));

/** What says whether a pull failed, and what is slower or faster at it: `classify` says why as well, the others do not. */
const matchers: readonly Matcher[] = [
  ['five words of kubelet', (text) => commonWords.test(text)],
  ...peers.map((peer): Matcher => [`the reasons of ${peer.name}`, noticedBy(peer)]),
  ['classify', (text, reason) => isPullFailure(classify(text, { reason }).label)],
];

const ways: readonly Way[] = [
  ...matchers.map(([name, notices]): Way => [name, overTexts(notices)]),
  [
    'classify without its gates',
    overTexts((text, reason) => isPullFailure(classifyBy({ ...tables, gated: false }, text, { reason }).label)),
  ],
  ['a loop over the same patterns', overTexts((text) => patterns.filter((pattern) => pattern.test(text)).length > 0)],
  ...forms.map((form): Way => [`the command line: ${nameOf(form)}`, (rows) => throughCommand(form, rows)]),
];

function nameOf(form: Form): string {
  switch (form) {
    case 'json':
      return 'JSON rows of Log Analytics';
    case 'jsonl':
      return 'JSON lines';
    case 'text':
      return 'text';
  }
}

/** Reads `rows` rows `rounds` times in each way, in turns, and one gigabyte of JSON rows to see that memory stays flat. */
export async function measureLabels(rows: number, rounds: number, gigabytes: number): Promise<LabelFigures> {
  const seen = new Map(ways.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, read] of ways) {
      const took = await processorTime(() => read(rows));
      // The first round warms the code up.
      if (round > 0) seen.get(name)?.push(took / rows);
    }
  return {
    rows,
    rounds,
    ways: [...seen].map(([name, all]) => ({ name, ...spreadOf(all) })),
    memory: await memoryOf(gigabytes),
    hostile: findHostile(
      [...knownTexts(), ...oddPieces],
      texts.slice(0, 99).map(({ text }) => text),
      chanceFromState(1),
    ),
    noticed: noticedOf(matchers),
  };
}

/** Microseconds of the processor, so that other programs on the machine count less. */
async function processorTime(work: () => Promise<number>): Promise<number> {
  const before = process.cpuUsage();
  if ((await work()) === 0) throw new Error('no row was found to be a pull that failed, so nothing was measured');
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function overTexts(isFound: (text: string, reason: string) => boolean): Way[1] {
  return async (rows) => {
    let found = 0;
    for (let at = 0; at < rows; at += 1) {
      const row = texts[at % texts.length];
      if (row !== undefined && isFound(row.text, row.reason)) found += 1;
    }
    return found;
  };
}

/** Reads so many rows as the command line does. The count of failed pulls; `watch` hears how many rows were read. */
export async function throughCommand(form: Form, rows: number, watch?: (read: number) => void): Promise<number> {
  const lines = linesOf(bytesOf(form, rows), { rows: form !== 'jsonl', report: () => undefined });
  let [found, read] = [0, 0];
  for await (const batch of form === 'jsonl' ? labelledLines(lines) : messagesIn(lines, 'auto')) {
    for (const one of batch)
      if (one.kind === 'message' && isPullFailure(classify(one.text, one.columns).label)) found += 1;
    read += batch.length;
    watch?.(read);
  }
  return found;
}

/** What a line may be made of beside the texts that rules know: quotes, brackets, escapes and names without an end. */
const endless = ['"', '{', '[', '(', '\\', 'a', ' ', '/', '\u0000', '&quot;', '│', 'https://', 'a.b/', '-a', 'a\n'];
/** Words at which a pattern begins to look far ahead: of addresses, of platforms, of prose, and of what a text does not claim. */
const ofAddresses = ['/v2/', '/v2/a/manifests/', 'docker://', 'docker-credential-', 'manifest for', 'tag', 'identity'];
const ofPlatforms = ['disallowed by policy', 'registry secret ref', 'image in container group', 'PullImage'];
const ofProse = ['image', 'image size', 'fail', 'pulled', 'pulled (', '[rpc error: code ='];
const ofHearsay = ['please check', 'maybe', 'If "', 'Tip: "', 'grep "', '| where "'];
const oddPieces = [...endless, ...ofAddresses, ...ofPlatforms, ...ofProse, ...ofHearsay];

/** In a process of its own: what other rounds left behind would be counted, or freed meanwhile. */
async function memoryOf(gigabytes: number): Promise<LabelFigures['memory']> {
  const script = new URL('./memory.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(gigabytes)]);
  return { gigabytes, ...megabytes.parse(JSON.parse(stdout)) };
}

const megabytes = z.object({ early: z.number(), late: z.number() });
