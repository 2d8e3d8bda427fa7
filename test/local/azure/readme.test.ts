// The list of what is simulated says what the code answers, no more and no less.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modelledOperations } from '../../../local/azure/management/arm.ts';

/** Operations whose item says what is modelled. */
function documented(): string[] {
  const items = readFileSync('local/azure/README.md', 'utf8').matchAll(/^- `([A-Z]+ \/[^`]+)`\n {2}- modelled: \S/gm);
  return [...items].map(([, operation = '']) => operation.toLowerCase());
}

describe('the list of modelled operations', () => {
  it('has one item for every operation of the control plane', () => {
    const sorted = (operations: readonly string[]): string[] => operations.toSorted((a, b) => a.localeCompare(b));

    expect(sorted(documented())).toEqual(sorted(modelledOperations().map((one) => one.toLowerCase())));
  });
});
