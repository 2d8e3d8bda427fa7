// The file of the shared clock: what one process writes another one reads, and time as it follows from it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { instantOf, SharedClock } from '../../local/shared-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'pullmedic-clock-'));
afterAll(() => rmSync(folder, { recursive: true }));

const course = { simulatedMs: 1_000_000, realMs: 5000, speed: 60, untilMs: 5100 };

describe('simulated time', () => {
  it.each([
    ['at the instant of the last look', 5000, 1_000_000],
    ['runs at the speed of the course', 5050, 1_003_000],
    ['stops where no look came', 5100, 1_006_000],
    ['and stays there', 9000, 1_006_000],
  ])('%s', (_, realMs, expected) => {
    expect(instantOf(course, realMs)).toBe(expected);
  });
});

describe('the file', () => {
  it('shows each process the same course', () => {
    const path = join(folder, 'course');
    const written = SharedClock.create(path, course);
    const read = SharedClock.open(path);
    expect(read.readCourse()).toEqual(course);

    const slower = { ...course, speed: 1, untilMs: 7000 };
    written.writeCourse(slower);

    expect(read.readCourse()).toEqual(slower);
  });

  it('keeps what each process says apart, and nothing of one that has said nothing', () => {
    const path = join(folder, 'beats');
    const conductor = SharedClock.create(path, course);
    const first = { beatMs: 10, workSinceMs: 4, ended: 7 };
    SharedClock.open(path).writeBeat(1, first);
    SharedClock.open(path).writeBeat(3, { beatMs: 11, workSinceMs: 0, ended: 0 });

    expect(conductor.readBeat(1)).toEqual(first);
    expect(conductor.readBeat(2)).toBeUndefined();
    expect(conductor.readBeat(4)).toBeUndefined();
    expect(conductor.readCourse()).toEqual(course);
  });
});
