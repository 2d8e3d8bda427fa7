// The table of what is simulated says what the code answers, no more and no less.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modelledOperations } from '../../../local/azure/arm.ts';

/** First cells of the rows that say something in each of the other two. */
function documented(): string[] {
  const rows = readFileSync('local/azure/README.md', 'utf8').matchAll(
    /^\| `([A-Z]+ \/[^`]+)` +\| *[^ |][^|]*\| *[^ |][^|]*\|$/gm,
  );
  return [...rows].map(([, operation = '']) => operation.toLowerCase());
}

describe('the table of modelled operations', () => {
  it('has one row for every operation of the control plane', () => {
    const sorted = (operations: readonly string[]): string[] => operations.toSorted((a, b) => a.localeCompare(b));

    expect(sorted(documented())).toEqual(sorted(modelledOperations().map((one) => one.toLowerCase())));
  });
});
