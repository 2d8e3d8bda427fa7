// Which rule reads a text, for the tests of the rule tables.
import { classify } from '../../../src/lib/classify/classify.ts';
import type { Rule } from '../../../src/lib/classify/rule.ts';
import { messages } from './messages.ts';

/** The label and the rule of a text, as `label: rule`. */
export function readBy(text: string): string {
  const { label, rule } = classify(text);
  return `${label}: ${rule}`;
}

/** The rules of a table that read none of the messages that software wrote. */
export function rulesWithoutMessage(rows: readonly Rule[]): string[] {
  const reading = new Set(messages.map(({ text }) => classify(text).rule));
  return rows.filter(({ name }) => !reading.has(name)).map(({ name }) => name);
}
