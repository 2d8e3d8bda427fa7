// The benchmark of storage with many remediations.
import type { Options, Outcome } from '../outcome/benchmark.ts';
import { pictureOfBars } from '../outcome/picture.ts';
import { measureOnAzurite } from './azurite.ts';
import { tableOfScale } from './table.ts';

export async function scale({ runs }: Options): Promise<Outcome> {
  const sizes = [1000, 10_000, 100_000, 1_000_000].filter((size) => size <= runs);
  const figures = await measureOnAzurite(sizes, 2000);
  const [few, many] = [figures.sizes[0], figures.sizes.at(-1)];
  const requests = (of: typeof few, what: string): number =>
    of?.measured.find((one) => one.what === what)?.requests ?? Number.NaN;
  const names = few?.measured.map(({ what }) => what) ?? [];
  const flat = names
    .filter((what) => !what.startsWith('a search'))
    .every((what) => requests(many, what) <= requests(few, what));
  const bars = names.flatMap((what) =>
    figures.sizes.map((size) => ({
      name: `${what} (${size.remediations.toLocaleString('en')})`,
      value: requests(size, what),
    })),
  );
  const title = 'Requests to storage, by the number of remediations';
  return {
    figures,
    table: tableOfScale(figures),
    rows: [
      {
        what: `requests with ${many?.remediations.toLocaleString('en') ?? '-'} remediations`,
        figure: flat ? 'no more' : 'more',
        against: `${few?.remediations.toLocaleString('en') ?? '-'} remediations`,
        goal: 'no more',
        met: flat,
      },
    ],
    pictures: { 'scale.svg': pictureOfBars({ title, bars }) },
  };
}
