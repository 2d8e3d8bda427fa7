// From requests to looks: a look is what is asked without a pause, from the app and its revisions on.
import { describe, expect, it } from 'vitest';
import { looksOf } from '../../../bench/looks/course.ts';
import { looksOfCause } from '../../../bench/looks/measure.ts';
import type { Call, Played } from '../../../bench/played/played.ts';

const app = '/subscriptions/s/resourcegroups/g/providers/microsoft.app/containerapps/ca-api';

function call(atMs: number, path: string): Call {
  return { atMs, method: 'GET', host: 'management.azure.com', path };
}

const look = [call(1000, `${app}/revisions`), call(1000, app), call(1050, '/registry'), call(1150, '/roles')];

describe('the looks among the requests', () => {
  it('a look is counted from its first request to its last answer, with the tokens that it fetched between them', () => {
    expect(looksOf(look, 50)).toEqual([{ requests: 4, tookMs: 200, depth: 4 }]);
  });

  it('what is asked before the app and its revisions is no part of a look', () => {
    expect(looksOf([call(900, '/providers/microsoft.resourcegraph/resources'), ...look], 50)).toEqual(
      looksOf(look, 50),
    );
    expect(looksOf([call(0, '/providers/microsoft.app/containerapps'), call(50, `${app}/revisions`)], 50)).toEqual([]);
  });

  it('the app that is read right before a change is no part of the look either', () => {
    expect(looksOf([...look, call(1200, app), call(1250, '/roleassignments')], 50)).toEqual(looksOf(look, 50));
  });

  it('two looks are two, because a pause lies between them', () => {
    const later = look.map((one) => ({ ...one, atMs: one.atMs + 20_000 }));
    expect(looksOf([...look, ...later], 50)).toHaveLength(2);
  });
});

describe('the looks of a cause', () => {
  const played: Played = {
    scenario: 'tag-missing',
    calls: look,
    storage: {},
    executions: {},
    logBytes: 0,
    lastedMs: 1,
    looks: [],
    failures: [],
  };

  it('a scenario that went wrong gives no figures, and neither does one without a look', () => {
    expect(looksOfCause('tag-missing', played, 50).first.requests).toBe(4);
    expect(() => looksOfCause('tag-missing', { ...played, failures: ['it did not recover'] }, 50)).toThrow(
      'tag-missing: it did not recover',
    );
    expect(() => looksOfCause('tag-missing', { ...played, calls: [] }, 50)).toThrow('no look was found');
  });
});
