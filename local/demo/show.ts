// Tells stories while they are played: those on real parts beside each other, those on virtual time one after the other.
import type { Scenario } from '../scenarios/schema.ts';
import type { Histories } from './answers.ts';
import type { Paint } from './paint.ts';
import { type Follow, follower, type Line } from './story.ts';
import { liveEnd, liveLine, shortStory, wholeStory } from './terminal.ts';
import type { Told } from './told.ts';

/** What a player of scenarios reports. */
export interface Show {
  onProgress(scenario: Scenario, histories: Histories): void;
  /** `index` is the scenario's place in the list of those that are played. */
  onTold(told: Told, index: number): void;
}

/** What all shows of a run share. */
export interface Hall {
  print(text: string): void;
  readonly paint: Paint;
  /** How many scenarios are played in all. */
  readonly of: number;
  /** How many are over. */
  over: number;
}

/** Two scenarios whose lines are not further apart than this are told in order of time: simulated milliseconds. */
const heldBackMs = 30_000;

/** A text that waits for its turn, and is told under this time or a later one. */
interface Held {
  readonly atMs: number;
  readonly text: (atMs: number) => string;
}

/** Shows scenarios on real parts. `nowMs` is simulated; `speed` is in simulated seconds a second. */
export function liveShow(hall: Hall, scenarios: readonly Scenario[], speed: number, nowMs: () => number): Show {
  const names = Math.max(0, ...scenarios.map(({ name }) => name.length));
  const follows = scenarios.map(() => follower(speed));
  const played = scenarios.map(() => false);
  const lastMs = new Map<Scenario, number>();
  let heldBack: Held[] = [];
  let toldMs = 0;
  const tellUntil = (untilMs: number): void => {
    const due = heldBack.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
    heldBack = heldBack.filter(({ atMs }) => atMs > untilMs);
    for (const { atMs, text } of due) {
      // A line that was read late is told late, and never under an earlier time than the line above it.
      toldMs = Math.max(toldMs, atMs);
      hall.print(text(toldMs));
    }
  };
  const hear = (scenario: Scenario, histories: Histories): void => {
    for (const line of follows[scenarios.indexOf(scenario)]?.(histories) ?? []) {
      lastMs.set(scenario, line.atMs);
      heldBack.push({
        atMs: line.atMs,
        text: (atMs) => liveLine(scenario, { ...line, atMs }, names, hall.paint),
      });
    }
  };
  const end = (told: Told): Held => ({
    atMs: lastMs.get(told.scenario) ?? nowMs(),
    text: () => {
      hall.over += 1;
      return liveEnd(told, { over: hall.over, of: hall.of }, hall.paint);
    },
  });
  return {
    onProgress(scenario, histories) {
      hear(scenario, histories);
      tellUntil(nowMs() - heldBackMs);
    },
    onTold(told, index) {
      hear(told.scenario, told.histories);
      heldBack.push(end(told));
      played[index] = true;
      tellUntil(played.every(Boolean) ? Number.POSITIVE_INFINITY : nowMs() - heldBackMs);
    },
  };
}

/** Shows scenarios on virtual time in their order: each with its whole story, or in one sentence. */
export function virtualShow(hall: Hall, howMuch: 'whole' | 'short'): Show {
  const stories = new Map<string, { readonly follow: Follow; readonly lines: Line[] }>();
  const ended = new Map<number, Told>();
  let next = 0;
  // A thread answers with a copy of its scenario.
  const storyOf = (scenario: Scenario): { readonly follow: Follow; readonly lines: Line[] } => {
    const story = stories.get(scenario.file) ?? { follow: follower(), lines: [] };
    stories.set(scenario.file, story);
    return story;
  };
  const tell = (told: Told, lines: readonly Line[]): void => {
    hall.over += 1;
    const count = { over: hall.over, of: hall.of };
    const { paint } = hall;
    if (howMuch === 'short') return hall.print(shortStory(told, count, paint));
    return hall.print(`${count.over > 1 ? '\n' : ''}${wholeStory(told, lines, count, paint)}`);
  };
  return {
    onProgress(scenario, histories) {
      if (howMuch === 'short') return;
      const { follow, lines } = storyOf(scenario);
      lines.push(...follow(histories));
    },
    onTold(told, index) {
      ended.set(index, told);
      for (let first = ended.get(next); first !== undefined; first = ended.get(next)) {
        const { follow, lines } = storyOf(first.scenario);
        tell(first, [...lines, ...follow(first.histories)]);
        ended.delete(next);
        next += 1;
      }
    },
  };
}
