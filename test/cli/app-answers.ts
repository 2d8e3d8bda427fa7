// A deployed app for the tests of functions that ask one: it answers each path with a given value.
import { Declined } from '../../src/cli/declined.ts';
import type { Deployed } from '../../src/cli/deployed.ts';

export interface Answering extends Deployed {
  /** The paths that were asked for, in order. */
  readonly asked: string[];
}

/** An app with these answers; any other path is declined. */
export function appWith(answers: Readonly<Record<string, unknown>>): Answering {
  const asked: string[] = [];
  const answer = async (path: string): Promise<unknown> => {
    asked.push(path);
    if (!Object.hasOwn(answers, path)) throw new Declined('The app has no such function.');
    return answers[path];
  };
  return { get: answer, post: answer, healthPath: 'health', asked };
}
