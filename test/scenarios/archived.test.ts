// An app fails again after its history moved into the archive: on virtual time, with and without an archive.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Told } from '../../local/demo/told.ts';
import { playInThreads } from '../../local/engine/threads.ts';
import { fileOf } from '../../local/scenarios/built-in.ts';
import { readScenario } from '../../local/scenarios/schema.ts';

describe('a failure after the history of the app was archived', () => {
  let archived: Told;
  let kept: Told;

  beforeAll(async () => {
    const scenario = await readScenario(fileOf('archived-then-fails-again'));
    const { history: _history, ...settings } = scenario.pullmedic.settings;
    const without = { ...scenario, pullmedic: { ...scenario.pullmedic, settings } };
    const [first, second] = await playInThreads([scenario, without], 1);
    if (first === undefined || second === undefined) throw new Error('not played');
    [archived, kept] = [first, second];
  });

  it('is decided as if all of it were in the table', () => {
    const [fresh, old] = archived.histories.remediations;

    expect(archived.failures).toEqual([]);
    expect(old).toMatchObject({ archived: true });
    const remediations = [fresh, { ...old, archived: undefined }];
    expect({ ...archived.histories, remediations }).toEqual(kept.histories);
    expect(archived.timeline).toEqual(kept.timeline);
  });

  it('is not what the scenario expects where nothing is archived', () => {
    expect(kept.failures).toEqual([{ what: 'ca-seals: in the archive', expected: 'true', seen: 'false' }]);
  });
});
