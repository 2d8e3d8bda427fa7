// Watches an answer of the app: reads it again and again with a pause between, prints what is new, and ends with the state.
import { setTimeout as after } from 'node:timers/promises';
import { Declined } from './declined.ts';

/** One reading: lines that are safe to print. */
export interface Seen {
  readonly lines: readonly string[];
  /** The state in a few of these lines, to end with. */
  readonly state: readonly string[];
  /** Whether anything of it can still change. */
  readonly goesOn: boolean;
}

/** The person at the terminal ended it with Ctrl-C. Shells use the same number. */
export const interrupted = 130;

/** Between two readings. The pages of the app may be asked for as often. Milliseconds. */
export const pauseMs = 10_000;

/** How many readings in a row may fail: those of about a minute. */
const mostMisses = 6;

/** Waits. A test hands over a clock that does not. */
export type Pause = (ms: number) => Promise<'over' | 'interrupted'>;

/**
 * Prints the first reading, and of each later one the lines that the reading before did not have. Ends with the state as soon as nothing goes
 * on, or with Ctrl-C. The answer is the exit code. Throws {@link Declined} where the first reading fails, or several in a row.
 */
export async function watch(
  read: () => Promise<Seen>,
  print: (lines: readonly string[]) => void,
  pause: Pause = pauseUntilInterrupted(),
): Promise<number> {
  let seen = await read();
  let isChanged = false;
  let misses = 0;
  print(seen.lines);
  while (seen.goesOn) {
    if ((await pause(pauseMs)) === 'interrupted') {
      if (isChanged) print(seen.state);
      return interrupted;
    }
    const next = await readOrMiss(read, misses);
    misses = next === undefined ? misses + 1 : 0;
    if (next === undefined) continue;
    const news = newLines(seen.lines, next.lines);
    isChanged ||= news.length > 0;
    print(news);
    seen = next;
  }
  if (isChanged) print(seen.state);
  return 0;
}

async function readOrMiss(read: () => Promise<Seen>, misses: number): Promise<Seen | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Declined) || misses + 1 >= mostMisses) throw error;
    if (misses === 0) process.stderr.write(`pullmedic: ${error.message} It is asked again every ten seconds.\n`);
    return undefined;
  }
}

/** The lines that are not among the earlier ones; a line that stands there twice now and once before is new once. */
function newLines(before: readonly string[], now: readonly string[]): readonly string[] {
  const known = [...before];
  return now.filter((line) => {
    const at = known.indexOf(line);
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}

/** The first Ctrl-C ends the pause; a second one ends the process, as always. */
function pauseUntilInterrupted(): Pause {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  return async (ms) => {
    try {
      await after(ms, undefined, { signal: stop.signal });
      return 'over';
    } catch {
      return 'interrupted';
    }
  };
}
