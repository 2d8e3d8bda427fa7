// What every benchmark gives: figures as JSON, a table for people, rows of the one table of all, and pictures.

export interface Outcome {
  /** Plain data: the JSON of the benchmark. */
  readonly figures: unknown;
  readonly table: string;
  readonly rows: readonly Row[];
  /** SVG by the name of its file. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** One line of the table of all benchmarks. A figure is held against something in the same run, or against a number that is counted. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  /** What it was measured against, and the least and the most that were seen. */
  readonly against: string;
  readonly goal: string;
  /** Whether the goal is reached. `undefined` where there is none. */
  readonly met: boolean | undefined;
}

export interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly gigabytes: number;
  /** The JSON of `PULLMEDIC_SETTINGS`. */
  readonly settings: string;
}

export interface Benchmark {
  /** What it measures: a sentence of the help. */
  readonly says: string;
  /** What `--runs` counts here, and how many it takes by itself. */
  readonly counts: string;
  readonly usualRuns: number;
  /** How many it takes as one of all. */
  readonly runsAsOneOfAll: number;
  measure(options: Options): Promise<Outcome>;
}

/** The table of all benchmarks. */
export function tableOfAll(rows: readonly Row[]): string {
  const lines = rows.map(({ what, figure, against, goal, met }) =>
    [what, figure, against, goal, met === undefined ? '-' : met ? 'yes' : 'NO'].join(' | '),
  );
  return [
    '| what | figure | measured against | goal | reached |',
    '|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}
