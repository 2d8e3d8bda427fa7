// `pullmedic classify`: log text in, labels and advice out. Reads a file or standard input as it comes; needs no Azure.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { classify, isPullFailure } from '../lib/classify/classify.ts';
import { longestReadText } from '../lib/classify/unwrap.ts';
import type { Found } from './found.ts';
import { type Batches, linesOf, type Problem } from './lines.ts';
import { labelledLines, messagesIn, type Splitting } from './messages.ts';
import { block, type ClassifiedMessage, jsonLine, jsonObject, paintFor } from './report.ts';
import { Summary } from './summary.ts';

export const classifyUsage = `pullmedic classify [FILE] [options]

Reads a log from FILE or standard input and says of every message what it claims about an image pull.
It knows: plain text, output of "az containerapp logs show --type system", rows exported from Log Analytics
(JSON or CSV), events of Kubernetes (text or JSON), and JSON lines.

  --jsonl      the input is JSON lines {"id", "text", "columns"?};
               print {"id", "suspicion", "rule", "image", "registry", "refused", "httpStatus"} a line
  --json       print one JSON array with every message
  --lines      every line is one message
  --whole      the whole input is one message
  --all        show every message, also repeated ones and those that are about something else
  --exit-code  end with 3 when a pull failure was found

Exit codes: 0 all of it was read; 1 something could not be read (it says what); 2 the command is wrong or
there is no such file; 3 only with --exit-code.
`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface Options {
  readonly file: string | undefined;
  readonly form: 'text' | 'json' | 'jsonl';
  readonly splitting: Splitting;
  readonly all: boolean;
  readonly exitCode: boolean;
}

function onlyOne(names: Readonly<Record<string, boolean | undefined>>): string | undefined {
  const given = Object.keys(names).filter((name) => names[name] === true);
  if (given.length > 1) throw new UsageError(`--${given.join(' and --')} exclude each other.`);
  return given[0];
}

function optionsOf(args: readonly string[]): Options | 'help' {
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      jsonl: flag,
      json: flag,
      lines: flag,
      whole: flag,
      all: flag,
      'exit-code': flag,
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  if (positionals.length > 1) throw new UsageError('One file at a time, please.');
  const { jsonl, json, lines, whole } = values;
  const form = onlyOne({ jsonl, json });
  const splitting = onlyOne({ jsonl, lines, whole });
  const [file] = positionals;
  return {
    file: file === '-' ? undefined : file,
    form: form === 'jsonl' || form === 'json' ? form : 'text',
    splitting: splitting === 'lines' || splitting === 'whole' ? splitting : 'auto',
    all: values.all === true,
    exitCode: values['exit-code'] === true,
  };
}

function inputOf(file: string | undefined): AsyncIterable<Uint8Array> {
  if (file !== undefined) return createReadStream(file);
  if (process.stdin.isTTY) process.stderr.write('Paste the log, then press Ctrl-D.\n');
  return process.stdin;
}

/** Prints a text. Waits while the reader is slow, so that the output does not pile up in memory. */
async function print(text: string): Promise<void> {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
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

/** Runs the command and returns its exit code. Throws {@link UsageError}, and every error of reading the file. */
export async function classifyCommand(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === 'help') {
    await print(classifyUsage);
    return 0;
  }
  const problems = new Problems();
  const lines = linesOf(inputOf(options.file), {
    rows: options.form !== 'jsonl' && options.splitting === 'auto',
    report: (problem) => problems.add(problem),
  });
  const found = options.form === 'jsonl' ? labelledLines(lines) : messagesIn(lines, options.splitting);
  return run(options, found, problems);
}
