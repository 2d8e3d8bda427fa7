// Shows classified messages: blocks for people, objects for programs.
import { isPullFailure, meaningOf, type Suspicion } from '../lib/classify/classify.ts';
import { adviceFor } from './advice.ts';
import type { Origin } from './columns.ts';
import type { Message } from './found.ts';
import { nextStep } from './next-step.ts';
import { type Paint, plain, safeJson } from './terminal.ts';

/** A message of a log with the suspicion that `classify` found for it. */
export interface ClassifiedMessage {
  readonly message: Message;
  readonly suspicion: Suspicion;
}

function named(suspicion: Suspicion): [string, string][] {
  const { image, registry, refusedIp, httpStatus, identity } = suspicion;
  const all: [string, string | number | undefined][] = [
    ['image', image],
    ['registry', registry],
    ['refused', refusedIp],
    ['status', httpStatus],
    ['identity', identity],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, plain(String(value))]]));
}

function originLines(of: Origin | undefined): [string, string][] {
  const all: [string, string | undefined][] = [
    ['app', of?.app],
    ['revision', of?.revision],
    ['time', of?.time],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, short(value)]]));
}

function nextLines(suspicion: Suspicion, of: Origin | undefined): [string, string][] {
  const step = nextStep(suspicion, of);
  return step === undefined
    ? []
    : [
        ['runbook', step.runbook],
        ['command', step.command],
      ];
}

/** Names in a row may be of any length. */
const longestName = 80;

function short(name: string): string {
  return plain(name).slice(0, longestName);
}

/** A block for people. */
export function block({ message, suspicion }: ClassifiedMessage, paint: Paint): string {
  const style = isPullFailure(suspicion.label) ? 'red' : 'green';
  const lines: [string, string][] = [
    ['why', `"${plain(suspicion.words)}"`],
    ['means', `${plain(meaningOf(suspicion.rule))} (rule ${suspicion.rule})`],
    ...named(suspicion),
    ...originLines(message.of),
    ['next', adviceFor(suspicion)],
    ...nextLines(suspicion, message.of),
  ];
  const body = lines.map(([name, value]) => `  ${paint('dim', name.padEnd(9))}${value}`).join('\n');
  return `${paint(style, suspicion.label)}  ${paint('dim', `line ${message.line}`)}\n${body}\n`;
}

/** The object that `--json` prints for one message. */
export function jsonObject({ message, suspicion }: ClassifiedMessage): string {
  const { words, ...rest } = suspicion;
  const advice = adviceFor(suspicion);
  const step = nextStep(suspicion, message.of);
  return safeJson({
    ...(message.id === undefined ? {} : { id: message.id }),
    line: message.line,
    ...message.of,
    ...rest,
    words: plain(words),
    means: meaningOf(suspicion.rule),
    next: step === undefined ? advice : `${advice} Runbook: ${step.runbook}. Command: ${step.command}`,
    ...step,
  });
}

/** The object that `--jsonl` prints for one message. It always has the same members. */
export function jsonLine({ message, suspicion }: ClassifiedMessage): string {
  const { label, rule, image = null, registry = null, refused = null, httpStatus = null } = suspicion;
  return safeJson({ id: message.id ?? message.line, suspicion: label, rule, image, registry, refused, httpStatus });
}
