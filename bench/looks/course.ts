// From the requests of a scenario to its looks: how many requests each look sent, and how long it took.
import type { Call } from '../played/played.ts';

export interface MeasuredLook {
  readonly requests: number;
  /** From its first request to its last answer, in virtual milliseconds. */
  readonly tookMs: number;
  /** How many answers it waited for one after the other: the length of its critical path. */
  readonly depth: number;
}

/**
 * A look asks without a pause: an answer that comes later than this many answers take is that of another look. Between two requests of
 * one look there are at most two tokens to be fetched, each as slow as an answer.
 */
const pauseInAnswers = 4;

/**
 * The looks at one app, in their order. A look ends before the app is read a second time, which happens only right before a change.
 * `answersMs` is how long each answer took.
 */
export function looksOf(calls: readonly Call[], answersMs: number): MeasuredLook[] {
  return bursts(calls, answersMs).flatMap((burst) => {
    const first = burst.findIndex((call, at) => beginsLook(call, burst[at + 1]));
    return first < 0 ? [] : [measured(untilChange(burst.slice(first)), answersMs)];
  });
}

/** A look begins with the app and its revisions, which are asked for together. Their answers come in any order. */
function beginsLook(one: Call, next: Call | undefined): boolean {
  return next?.atMs === one.atMs && [one, next].some(isApp) && [one, next].some(areRevisions);
}

function areRevisions({ path }: Call): boolean {
  return path.endsWith('/revisions');
}

function bursts(calls: readonly Call[], answersMs: number): Call[][] {
  const all: Call[][] = [];
  for (const call of calls) {
    const last = all.at(-1)?.at(-1);
    if (last === undefined || call.atMs - last.atMs > pauseInAnswers * answersMs) all.push([call]);
    else all.at(-1)?.push(call);
  }
  return all;
}

function isApp({ path }: Call): boolean {
  return /\/microsoft\.app\/containerapps\/[^/]+$/.test(path);
}

function untilChange(asked: readonly Call[]): readonly Call[] {
  const second = asked.findIndex((call, at) => at > 1 && isApp(call));
  return second < 0 ? asked : asked.slice(0, second);
}

function measured(asked: readonly Call[], answersMs: number): MeasuredLook {
  const tookMs = (asked.at(-1)?.atMs ?? 0) - (asked[0]?.atMs ?? 0) + answersMs;
  return { requests: asked.length, tookMs, depth: Math.round(tookMs / answersMs) };
}
