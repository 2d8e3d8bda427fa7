// The file through which the processes of one run share a clock. The conductor writes how time goes, and each process writes how far its
// work has come. A file serves better than messages, because a process that is busy reads no messages and still asks for the time.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * How time goes: at the real instant `realMs` the simulated instant is `simulatedMs`, from there on time runs `speed` times as fast as
 * real time, and at the real instant `untilMs` it stops. All instants are in milliseconds since 1970.
 */
export interface Course {
  readonly simulatedMs: number;
  readonly realMs: number;
  readonly speed: number;
  readonly untilMs: number;
}

/** What a process says about itself. The instants are real, in milliseconds since 1970. */
export interface Beat {
  /** When its event loop last had time for this. */
  readonly beatMs: number;
  /** When the oldest piece of work that is under way began; 0 without one. */
  readonly workSinceMs: number;
  /** How many pieces of work have ended that may have changed something. */
  readonly ended: number;
}

/** The simulated instant at a real one. */
export function instantOf(course: Course, realMs: number): number {
  return Math.floor(course.simulatedMs + (Math.min(realMs, course.untilMs) - course.realMs) * course.speed);
}

/** The course, with a number before and after it that shows whether a read met a write half way. */
const courseLength = 6;
const beatLength = 3;
const mostReads = 1000;

/** The file, as one process has it open. */
export class SharedClock {
  readonly #file: number;
  readonly #course = new Float64Array(courseLength);
  readonly #beat = new Float64Array(beatLength);
  #written = 0;

  private constructor(file: number) {
    this.#file = file;
  }

  /** Makes the file. Only one process writes the course. */
  static create(path: string, course: Course): SharedClock {
    const made = new SharedClock(openSync(path, 'w+', 0o600));
    made.writeCourse(course);
    return made;
  }

  static open(path: string): SharedClock {
    return new SharedClock(openSync(path, 'r+'));
  }

  readCourse(): Course {
    for (let reads = 0; reads < mostReads; reads += 1) {
      readSync(this.#file, this.#course, 0, this.#course.byteLength, 0);
      const [first, simulatedMs = 0, realMs = 0, speed = 0, untilMs = 0, last] = this.#course;
      if (first === last) return { simulatedMs, realMs, speed, untilMs };
    }
    throw new Error('The clock of this run cannot be read.');
  }

  writeCourse({ simulatedMs, realMs, speed, untilMs }: Course): void {
    this.#written += 1;
    this.#course.set([this.#written, simulatedMs, realMs, speed, untilMs, this.#written]);
    writeSync(this.#file, this.#course, 0, this.#course.byteLength, 0);
  }

  /** The beat of the process with this number; `undefined` before its first one. */
  readBeat(number: number): Beat | undefined {
    this.#beat.fill(0);
    readSync(this.#file, this.#beat, 0, this.#beat.byteLength, placeOf(number));
    const [beatMs = 0, workSinceMs = 0, ended = 0] = this.#beat;
    return beatMs === 0 ? undefined : { beatMs, workSinceMs, ended };
  }

  writeBeat(number: number, { beatMs, workSinceMs, ended }: Beat): void {
    this.#beat.set([beatMs, workSinceMs, ended]);
    writeSync(this.#file, this.#beat, 0, this.#beat.byteLength, placeOf(number));
  }

  close(): void {
    closeSync(this.#file);
  }
}

function placeOf(number: number): number {
  return (courseLength + number * beatLength) * Float64Array.BYTES_PER_ELEMENT;
}
