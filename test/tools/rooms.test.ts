// The table of rooms: what the check refuses.
import { describe, expect, it } from 'vitest';
import { importsIn, objection, problems, upwardArrows } from '../../tools/rooms.ts';

describe('the rooms of the code', () => {
  it('import only what the table permits', () => {
    expect(problems()).toEqual([]);
  });

  it('refuse an upward import, of a type too', () => {
    const [one] = importsIn(
      'src/lib/evidence/evidence.ts',
      "import type { Access } from '../diagnosis/access.ts';\nexport type Seen = Access;\n",
    );
    expect(one && objection(one)).toBe(
      'src/lib/evidence/evidence.ts imports src/lib/diagnosis/access.ts, but src/lib/evidence may not import src/lib/diagnosis.',
    );
  });

  it('see what a file passes on', () => {
    expect(importsIn('src/lib/a/b.ts', "export type { Cause } from '../causes/causes.ts';")).toHaveLength(1);
    expect(importsIn('src/lib/a/b.ts', "export * from '../causes/causes.ts';")).toHaveLength(1);
  });

  it('refuse a folder that the table does not know', () => {
    expect(objection({ file: 'src/lib/new/a.ts', imported: 'src/lib/words/fact.ts' })).toContain('is not a room');
  });

  it('may be one file, which its own folder may not import', () => {
    const table = [
      { name: 'local/main.ts', mayImport: ['local'] },
      { name: 'local', mayImport: [] },
    ];

    expect(objection({ file: 'local/main.ts', imported: 'local/clock.ts' }, table)).toBeUndefined();
    expect(objection({ file: 'local/clock.ts', imported: 'local/main.ts' }, table)).toContain('may not import');
  });

  it('may have folders of their own, which may import what the room may', () => {
    const table = [
      { name: 'kinds', mayImport: ['words'], withFolders: true as const },
      { name: 'words', mayImport: [] },
    ];
    const refused = (file: string, imported: string) => objection({ file, imported }, table);

    expect(refused('kinds/job/job.ts', 'kinds/kind.ts')).toBeUndefined();
    expect(refused('kinds/kinds.ts', 'kinds/job/job.ts')).toBeUndefined();
    expect(refused('kinds/job/job.ts', 'words/ago.ts')).toBeUndefined();
    expect(refused('words/ago.ts', 'kinds/job/job.ts')).toContain('words may not import kinds');
    expect(refused('kinds-of-old/a.ts', 'words/ago.ts')).toContain('is not a room');
  });

  it('refuse a table with an arrow that goes up, or to a room that is not there', () => {
    const table = [
      { name: 'top', mayImport: ['ground', 'nowhere'] },
      { name: 'ground', mayImport: ['top'] },
    ];
    expect(upwardArrows(table)).toEqual([
      'The table lets top import nowhere, which does not stand below it.',
      'The table lets ground import top, which does not stand below it.',
    ]);
  });
});
