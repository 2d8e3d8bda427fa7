import { describe, expect, it } from 'vitest';
import { givenBy } from '../../../src/lib/settings/given.ts';

describe('the settings that are given', () => {
  it('are the names of app settings with a value, and of members of PULLMEDIC_SETTINGS', () => {
    const env = {
      PULLMEDIC_MODE: 'act',
      PULLMEDIC_CLOUD: ' ',
      PULLMEDIC_SETTINGS: '{"undo":true,"limits":{"grantsPerHour":4},"alsoRead":["a"],"retry":{}}',
      OTHER: 'x',
    };

    expect(givenBy(env)).toEqual(['PULLMEDIC_MODE', 'undo', 'limits.grantsPerHour', 'alsoRead']);
  });

  it.each(['', 'no JSON', '[1]', 'null'])('are no members where the text is no object: %s', (text) => {
    expect(givenBy({ PULLMEDIC_SETTINGS: text })).toEqual([]);
  });

  it('are names only, never values', () => {
    expect(JSON.stringify(givenBy({ PULLMEDIC_SETTINGS: '{"incidents":{"page":"https://secret"}}' }))).not.toContain(
      'secret',
    );
  });
});
