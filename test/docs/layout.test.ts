// The map of the code shows every room of src/lib and no other, and says of each what it holds and what belongs elsewhere.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { itemsOf } from './list.ts';

const page = readFileSync('docs/layout.md', 'utf8');
/** The part of the page that shows the rooms of a folder. */
function partOf(folder: string): string {
  return page.split('\n## ').find((part) => part.startsWith(`The rooms of ${folder}\n`)) ?? '';
}

const rooms = itemsOf(partOf('src/lib'));
const folders = readdirSync('src/lib', { withFileTypes: true });

describe('the map of the code', () => {
  it('has an item for every room, and every file is in one', () => {
    const byName = (a: string, b: string): number => a.localeCompare(b);

    expect(rooms.map(({ title }) => title.replace(/[`/]/g, '')).toSorted(byName)).toEqual(
      folders.map(({ name }) => name).toSorted(byName),
    );
    expect(folders.filter((entry) => !entry.isDirectory()).map(({ name }) => name)).toEqual([]);
  });

  it.each(rooms)('$title: one of its files begins with what lives there and what does not', ({ title }) => {
    const room = title.replace(/[`/]/g, '');
    const openings = readdirSync(`src/lib/${room}`)
      .filter((name) => name.endsWith('.ts'))
      .map(
        (name) =>
          readFileSync(`src/lib/${room}/${name}`, 'utf8')
            .split(/^(?!\/\/)/m)[0]
            ?.replaceAll('\n// ', ' ') ?? '',
      );

    expect(
      openings.filter((text) => text.includes(`The room ${room}/ holds `) && text.includes('Not here: ')),
    ).toHaveLength(1);
  });

  it.each(rooms)('$title: what it holds, and what it does not', ({ said }) => {
    expect(Object.keys(said)).toEqual(['holds', 'not']);
    for (const text of Object.values(said)) expect(text.length).toBeGreaterThan(10);
  });
});
