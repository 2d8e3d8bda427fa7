// The filter by which storage searches ended rows. Each text that is searched for goes through `odata`, which quotes it.

import type { RowSearch } from '../../history/row-search.ts';
import { odata } from './odata.ts';
import { aboveKey, belowKey } from './row-keys.ts';

/** The most comparisons that storage takes in one filter: https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities */
const mostComparisons = 15;

/** True if the search asks for something that rows of older versions do not say. */
export function asksFacts({ fromMs: _from, untilMs: _until, ...facts }: RowSearch): boolean {
  return Object.values(facts).some((value) => value !== undefined);
}

/**
 * The filter of a search within a partition. Conditions for which there is no room are left out, so a filter may select too much and never
 * too little: the rows are compared again.
 */
export function conditionsOf(partition: string, search: RowSearch): string {
  const { app, registry, causes, sureness, closedHow, neededPerson, fromMs, untilMs } = search;
  const conditions = [
    partition,
    ...(fromMs === undefined ? [] : [odata`RowKey lt ${belowKey(fromMs)}`]),
    ...(untilMs === undefined ? [] : [odata`RowKey ge ${aboveKey(untilMs)}`]),
    ...(app === undefined ? [] : [odata`appName ge ${app}`, odata`appName lt ${after(app)}`]),
    ...(registry === undefined ? [] : [odata`registry ge ${registry}`, odata`registry lt ${after(registry)}`]),
    ...(sureness === undefined ? [] : [odata`sureness eq ${sureness}`]),
    ...(closedHow === undefined ? [] : [odata`closedHow eq ${closedHow}`]),
    ...(neededPerson === undefined ? [] : [`neededPerson eq ${neededPerson}`]),
  ];
  const ofCauses = (causes ?? []).flatMap((cause) => [
    odata`cause0 eq ${cause}`,
    odata`cause1 eq ${cause}`,
    odata`cause2 eq ${cause}`,
  ]);
  const fits = ofCauses.length > 0 && conditions.length + ofCauses.length <= mostComparisons;
  return [...conditions, ...(fits ? [`(${ofCauses.join(' or ')})`] : [])].join(' and ');
}

/** Above every text that begins with this one. Names and hosts hold no character beyond `~`. */
function after(beginning: string): string {
  return `${beginning}~`;
}
