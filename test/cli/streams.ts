// Streams of bytes for the tests of the command line.
import { expect } from 'vitest';

export async function* streamOf(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** Everything in all batches. */
export async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const collected: T[] = [];
  for await (const batch of batches) collected.push(...batch);
  return collected;
}

/** Matches a text that contains the words; vitest's own matcher is not typed. */
export function containing(words: string): unknown {
  return expect.stringContaining(words);
}
