// Remembers which files went into a build and came out of it, so that a start need not build what has not changed.
import { readFileSync, statSync, writeFileSync } from 'node:fs';

type Stamps = Readonly<Record<string, string>>;

/** Notes the files of a build, each with its time and its size, in a file of JSON. */
export function writeRecord(record: string, files: readonly string[]): void {
  const stamps: Stamps = Object.fromEntries([...new Set(files)].sort().map((file) => [file, stampOf(file)]));
  writeFileSync(record, JSON.stringify(stamps));
}

/** Whether every file of the record is as it was. Without a readable record it is not. */
export function isUnchanged(record: string): boolean {
  try {
    const stamps = JSON.parse(readFileSync(record, 'utf8')) as Stamps;
    return Object.entries(stamps).every(([file, stamp]) => stampOf(file) === stamp);
  } catch {
    return false;
  }
}

function stampOf(file: string): string {
  const { mtimeMs, size } = statSync(file);
  return `${mtimeMs} ${size}`;
}
