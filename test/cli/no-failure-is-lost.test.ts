// Whatever stands around them, failures in a log are found, each as a message of its own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/cli/lines.ts';
import { messagesIn } from '../../src/cli/messages.ts';
import { collect, streamOf } from './streams.ts';

/** Marks that mean something to a reader of logs, a blank apart. */
const marks =
  String.raw`{ } [ ] " {"Msg":" "} , \ [{"a":1}, {"items":[ {"a":{"b":[ ]} }]} null ^[[0m a,b,Log "Reason",Log`.split(
    ' ',
  );
const fragment = fc.oneof(
  fc.constantFrom(...marks),
  fc.constantFrom('2026-11-02T09:14:11Z x', 'web-1  | y', '\u001b[31m', '\u00a0', '\u0000', 'plain text', '   {', '\t'),
  fc.constantFrom('- item', '│ Error:', 'Error: ', 'with details:'),
);
const noise = fc.array(fragment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));

const failures = [
  (image: string) => `2026-11-02T09:14:11Z Failed to pull image "${image}": manifest unknown`,
  (image: string) => `ctr: failed to resolve reference "${image}": x509: certificate has expired`,
  (image: string) => `${image}: not found: manifest unknown`,
  (image: string) => `Error response from daemon: manifest for ${image} not found`,
];
const line = fc.oneof({ weight: 4, arbitrary: noise }, fc.integer({ min: 0, max: failures.length - 1 }));

/** The images in each message. */
async function imagesOf(log: string): Promise<string[][]> {
  const found = await collect(messagesIn(linesOf(streamOf(log), { rows: true, report: () => undefined }), 'auto'));
  return found.map((one) => (one.kind === 'message' ? [...new Set(one.text.match(/shop\.azurecr\.io\/a:\d+/g))] : []));
}

describe('a failure in a log', () => {
  it('is found once, in a message of its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), async (lines) => {
        const images: string[] = [];
        const log = lines.map((one) => {
          if (typeof one === 'string') return one;
          images.push(`shop.azurecr.io/a:${images.length}`);
          return failures[one]?.(images.at(-1) ?? '') ?? '';
        });
        const messages = await imagesOf(log.join('\n'));

        expect(messages.flat()).toEqual(images);
        expect(messages.filter((named) => named.length > 1)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});
