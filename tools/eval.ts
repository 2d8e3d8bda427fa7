// Measures `classify` against labelled messages: accuracy, strict accuracy, a confusion matrix and the misses.
import { createHash } from 'node:crypto';
import process from 'node:process';
import { columnsOf, textsOf } from '../src/cli/columns.ts';
import type { Label, Suspicion } from '../src/lib/classify/classify.ts';
import { classify, isPullFailure, labels, mayAskForRole } from '../src/lib/classify/classify.ts';
import { ownFiles, ownSamples, type Sample, samplesOf } from './labelled-texts.ts';

interface Result {
  readonly sample: Sample;
  readonly suspicion: Suspicion;
}

function suspect(sample: Sample): Suspicion {
  return classify(sample.text, columnsOf(textsOf(sample.columns ?? {})));
}

function isStrict(result: Result): boolean {
  return result.suspicion.label === result.sample.category;
}

function isRight(result: Result): boolean {
  return isStrict(result) || result.sample.also.includes(result.suspicion.label);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} % (${part} of ${whole})`;
}

function matrix(results: readonly Result[]): string {
  const used = labels.filter((name) => results.some((r) => r.sample.category === name || r.suspicion.label === name));
  const count = (row: Label, column: Label): number =>
    results.filter((r) => r.sample.category === row && r.suspicion.label === column).length;
  const head = `${' '.repeat(22)}${used.map((_, at) => String(at + 1).padStart(4)).join('')}`;
  const rows = used.map((row, at) => {
    const cells = used.map((column) => String(count(row, column) || '.').padStart(4)).join('');
    return `${String(at + 1).padStart(2)} ${row.padEnd(19)}${cells}`;
  });
  return [head, ...rows].join('\n');
}

function miss(result: Result): string {
  const { sample, suspicion } = result;
  const text = JSON.stringify(sample.text).slice(0, 600);
  return `${sample.id}: ${sample.category}, got ${suspicion.label} by ${suspicion.rule} (${suspicion.words})\n  ${text}`;
}

function report(results: readonly Result[]): string {
  const misses = results.filter((result) => !isRight(result));
  const alarms = misses.filter((r) => !isPullFailure(r.sample.category));
  const grants = alarms.filter((r) => mayAskForRole(r.suspicion.label));
  return [
    `accuracy         ${percent(results.length - misses.length, results.length)}`,
    `strict accuracy  ${percent(results.filter(isStrict).length, results.length)}`,
    `false alarms     ${alarms.length} of ${results.filter((r) => !isPullFailure(r.sample.category)).length} texts that are not pull failures; ${grants.length} of them could lead to a grant`,
    '',
    'rows: the true category; columns: the answer of classify',
    matrix(results),
    '',
    misses.length === 0 ? 'no misses' : `misses\n${misses.map(miss).join('\n')}`,
  ].join('\n');
}

/** Always the same third of the sources. Their messages never led to a change of the rules, so they measure the rules fairly. */
function isHeldOut(sample: Sample): boolean {
  return (createHash('sha256').update(sample.source).digest()[0] ?? 0) % 3 === 0;
}

function halves(results: readonly Result[]): string {
  const line = (name: string, part: readonly Result[]): string =>
    `${name} ${percent(part.filter(isRight).length, part.length)}, strict ${percent(part.filter(isStrict).length, part.length)}`;
  return [
    line(
      'written with  ',
      results.filter((result) => !isHeldOut(result.sample)),
    ),
    line(
      'held out      ',
      results.filter((result) => isHeldOut(result.sample)),
    ),
  ].join('\n');
}

/** Messages per second on this one core, after a warm-up. */
function bench(samples: readonly Sample[]): string {
  const rounds = Math.max(1, Math.ceil(4_000 / Math.max(1, samples.length)));
  for (const sample of samples) suspect(sample);
  const start = process.hrtime.bigint();
  for (let round = 0; round < rounds; round += 1) for (const sample of samples) suspect(sample);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return `${Math.round((rounds * samples.length) / seconds)} messages a second on one core`;
}

function show(name: string, samples: readonly Sample[], args: readonly string[]): void {
  const results = samples.map((sample) => ({ sample, suspicion: suspect(sample) }));
  console.log(`# ${name}\n${report(results)}`);
  if (args.includes('--held-out')) console.log(`\n${halves(results)}`);
  if (args.includes('--strict'))
    console.log(
      `\nother than strict\n${results
        .filter((r) => isRight(r) && !isStrict(r))
        .map(miss)
        .join('\n')}`,
    );
  if (args.includes('--bench')) console.log(`\n${bench(samples)}`);
  console.log('');
}

/** Measures the files that are named, and always the files of this repository. */
function main(args: readonly string[]): void {
  for (const path of args.filter((arg) => !arg.startsWith('-'))) show(path, samplesOf(path), args);
  for (const name of ownFiles) show(name, ownSamples(name), args);
}

main(process.argv.slice(2));
