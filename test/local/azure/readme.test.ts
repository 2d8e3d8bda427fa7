// The page about the simulated Azure says what the code answers, no more and no less, and which rooms there are.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modelledOperations } from '../../../local/azure/management/arm.ts';
import { rooms } from '../../../tools/rooms.ts';

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

describe('the list of rooms', () => {
  const text = readFileSync('local/azure/README.md', 'utf8');
  const listed = [...text.matchAll(/^- `([a-z-]+)\/`: \S/gm)].map(([, room = '']) => room);
  const folders = readdirSync('local/azure', { withFileTypes: true }).filter((entry) => entry.isDirectory());

  it('has every folder once', () => {
    expect(listed.toSorted((a, b) => a.localeCompare(b))).toEqual(
      folders.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b)),
    );
  });

  it('goes from the top to the ground, as the table of permitted imports does', () => {
    const table = rooms.flatMap(({ name }) => (name.startsWith('local/azure/') ? [name.split('/')[2]] : []));

    expect(table).toEqual(listed);
  });
});
