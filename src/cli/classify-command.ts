// `pullmedic classify`: log text in, labels and advice out. Reads a file or standard input as it comes; needs no Azure.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { classify, isPullFailure } from '../lib/classify/classify.ts';
import { longestReadText } from '../lib/classify/unwrap.ts';
import type { Arguments } from './arguments.ts';
import type { Found } from './found.ts';
import { type Batches, linesOf, type Problem } from './lines.ts';
import { labelledLines, messagesIn, type Splitting } from './messages.ts';
import { block, type ClassifiedMessage, jsonLine, jsonObject } from './report.ts';
import { Summary } from './summary.ts';
import { paintFor } from './terminal.ts';
import { UsageError } from './usage-error.ts';

interface Options {
  readonly file: string | undefined;
  readonly form: 'text' | 'json' | 'jsonl';
  readonly splitting: Splitting;
  readonly all: boolean;
  readonly exitCode: boolean;
}

/** Runs the command and returns its exit code. Throws {@link UsageError}, and every error of reading the file. */
export async function classifyCommand(given: Arguments<'classify'>): Promise<number> {
  const options = optionsOf(given);
  const problems = new Problems();
  const lines = linesOf(inputOf(options.file), {
    rows: options.form !== 'jsonl' && options.splitting === 'auto',
    report: (problem) => problems.add(problem),
  });
  const found = options.form === 'jsonl' ? labelledLines(lines) : messagesIn(lines, options.splitting);
  return run(options, found, problems);
}

function optionsOf({ values, words }: Arguments<'classify'>): Options {
  const { jsonl, json, lines, whole } = values;
  const form = onlyOne({ jsonl, json });
  const splitting = onlyOne({ jsonl, lines, whole });
  const [file] = words;
  return {
    file: file === '-' ? undefined : file,
    form: form === 'jsonl' || form === 'json' ? form : 'text',
    splitting: splitting === 'lines' || splitting === 'whole' ? splitting : 'auto',
    all: values.all === true,
    exitCode: values['exit-code'] === true,
  };
}

function onlyOne(names: Readonly<Record<string, boolean | undefined>>): string | undefined {
  const given = Object.keys(names).filter((name) => names[name] === true);
  if (given.length > 1) throw new UsageError(`--${given.join(' and --')} exclude each other.`);
  return given[0];
}

function inputOf(file: string | undefined): AsyncIterable<Uint8Array> {
  if (file !== undefined) return createReadStream(file);
  if (process.stdin.isTTY) process.stderr.write('Paste the log, then press Ctrl-D.\n');
  return process.stdin;
}

/** Says what could not be read, and counts it. */
class Problems {
  count = 0;

  add({ line, what }: Problem): void {
    this.count += 1;
    process.stderr.write(`pullmedic: line ${line} ${what}.\n`);
  }
}

async function run(options: Options, found: Batches<Found>, problems: Problems): Promise<number> {
  const printer = printerFor(options);
  const summary = new Summary();
  for await (const batch of found) {
    const texts: string[] = [];
    for (const one of batch) {
      if (one.kind === 'problem') {
        problems.add(one);
        continue;
      }
      if (one.text.length > longestReadText)
        problems.add({
          kind: 'problem',
          line: one.line,
          what: 'has a message of more than 16 KiB; its middle was not read',
        });
      const finding = { message: one, suspicion: classify(one.text, one.columns) };
      texts.push(printer.add(finding, summary.add(finding)));
    }
    await print(texts.join(''));
  }
  await print(printer.end(summary));
  if (problems.count > 0) return 1;
  return options.exitCode && summary.pullFailures > 0 ? 3 : 0;
}

function printerFor(options: Options): Printer {
  switch (options.form) {
    case 'text':
      return textPrinter(options.all);
    case 'json':
      return jsonPrinter();
    case 'jsonl':
      return jsonlPrinter();
  }
}

/** Says what to print for each message, and at the end. */
interface Printer {
  add(finding: ClassifiedMessage, isNew: boolean): string;
  end(summary: Summary): string;
}

function textPrinter(all: boolean): Printer {
  const paint = paintFor(process.stdout);
  let only: ClassifiedMessage | undefined;
  return {
    add(finding, isNew) {
      only ??= finding;
      return all || (isNew && isPullFailure(finding.suspicion.label)) ? `${block(finding, paint)}\n` : '';
    },
    end(summary) {
      if (summary.messages === 0) return 'There is no message in it.\n';
      if (summary.messages > 1) return summary.text(paint);
      // The only message is not about a pull. Print it: it is the answer.
      return only !== undefined && !all && summary.pullFailures === 0 ? block(only, paint) : '';
    },
  };
}

function jsonPrinter(): Printer {
  let isFirst = true;
  return {
    add(finding) {
      const before = isFirst ? '[\n' : ',\n';
      isFirst = false;
      return `${before}  ${jsonObject(finding)}`;
    },
    end: () => (isFirst ? '[]\n' : '\n]\n'),
  };
}

function jsonlPrinter(): Printer {
  return { add: (finding) => `${jsonLine(finding)}\n`, end: () => '' };
}

/** Prints a text. Waits while the reader is slow, so that the output does not pile up in memory. */
async function print(text: string): Promise<void> {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
}
