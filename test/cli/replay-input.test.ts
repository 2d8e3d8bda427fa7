import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BadInput, batches, readItems } from '../../src/cli/replay-input.ts';

function fixture(name: string): string {
  return readFileSync(`test/fixtures/signals/${name}`, 'utf8');
}

const event = JSON.parse(fixture('resourcewritefailure-containerapp.cloudevents.derived.json')) as object;

describe('what is sent again', () => {
  it.each([
    ['an alert', fixture('log-alert-v2-fired.doc.json'), ['alert']],
    ['an event as CloudEvents', fixture('acr-imagedeleted.cloudevents.derived.json'), ['event']],
    ['an event in the schema of Event Grid', fixture('acr-imagepushed.eventgridschema.derived.json'), ['event']],
    [
      'a dead-letter file',
      JSON.stringify([{ ...event, deadLetterReason: 'MaxDeliveryAttemptsExceeded', deliveryAttempts: 30 }, event]),
      ['event', 'event'],
    ],
    ['one a line', `${JSON.stringify(event)}\n\n${JSON.stringify(event)}\n`, ['event', 'event']],
    ['a file with a byte order mark', `\ufeff${JSON.stringify(event)}`, ['event']],
  ])('may be %s', (_what, text, kinds) => {
    expect(readItems(text).map((item) => item.kind)).toEqual(kinds);
  });

  it.each([
    ['no JSON', 'hello', 'Line 1 is not JSON.'],
    ['neither', JSON.stringify([event, { hello: 1 }]), 'Item 2 is neither'],
    ['nothing at all', 'null', 'Item 1 is neither'],
  ])('is refused as a whole where something is %s', (_what, text, sentence) => {
    expect(() => readItems(text)).toThrow(BadInput);
    expect(() => readItems(text)).toThrow(sentence);
  });

  it('goes in lists that a request can hold, in order and complete', () => {
    const events = Array.from({ length: 300 }, (_, n) => ({ ...event, n }));
    const lists = batches(events);

    expect(lists.length).toBeGreaterThan(1);
    expect(lists.flat()).toEqual(events);
    for (const list of lists) expect(JSON.stringify(list).length).toBeLessThan(80_000);
  });
});
