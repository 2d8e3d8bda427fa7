// How the table of commands describes one: its words, options, examples and exit codes. Help, completion and the reference read nothing else.

/** An option, in the shape that `parseArgs` of Node reads, with what help says of it. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: true;
  /** What its value is called in help, such as NUMBER. Options of type `string` have it. */
  readonly takes?: string;
  /** The values that it may have, where they are few. */
  readonly offers?: readonly string[];
  readonly says: string;
}

/** The words of a command beside its options: how many, and what completion offers for them. */
export interface WordsSpec {
  readonly most: number;
  readonly offers?: readonly string[] | 'files' | 'commands';
}

/** What a command needs: nothing but a log, the right to read in Azure, or a deployed pullmedic. */
export type Needs = 'log' | 'azure' | 'app' | 'nothing';

export interface CommandSpec {
  readonly needs: Needs;
  /** One line for the list of commands. */
  readonly does: string;
  /** What follows its name, a line for each way to write it. */
  readonly usage: readonly string[];
  /** What a person has to know beside that, as paragraphs. */
  readonly explains: readonly string[];
  readonly words: WordsSpec;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Whole commands, without `pullmedic`. The first one has no placeholder. */
  readonly examples: readonly string[];
  /** What each exit code says. */
  readonly exits: Readonly<Record<number, string>>;
}
