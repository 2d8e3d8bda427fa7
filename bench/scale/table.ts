// The figures of storage at scale, as a table for people.
import type { Measured } from './measure.ts';

export interface ScaleFigures {
  readonly incidents: number;
  readonly sizes: readonly { readonly remediations: number; readonly measured: readonly Measured[] }[];
}

/** Requests, rows that storage reads, and milliseconds, side by side for each size. */
export function tableOfScale({ incidents, sizes }: ScaleFigures): string {
  const heads = sizes.map(({ remediations }) => remediations.toLocaleString('en'));
  const names = sizes[0]?.measured.map(({ what }) => what) ?? [];
  const lines = names.map((name) => {
    const cells = sizes.map(({ measured }) => cellOf(measured.find(({ what }) => what === name)));
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  return [
    `${incidents.toLocaleString('en')} incidents. Each cell: requests, rows of the index that storage reads, milliseconds in Azurite on this machine; of pages their size too.`,
    '',
    `| remediations | ${heads.join(' | ')} |`,
    `|---|${'---|'.repeat(sizes.length)}`,
    ...lines,
  ].join('\n');
}

function cellOf(measured: Measured | undefined): string {
  if (measured === undefined) return '-';
  const { requests, scanned, ms, bytes } = measured;
  const size = bytes === undefined ? '' : `, ${(bytes / 1000).toFixed(0)} KB`;
  return `${requests}, ${scanned.toLocaleString('en')}, ${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)}${size}`;
}
