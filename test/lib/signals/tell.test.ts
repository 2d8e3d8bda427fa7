import { describe, expect, it } from 'vitest';
import { readTell } from '../../../src/lib/signals/tell.ts';

const incident = `i${'a'.repeat(24)}`;

describe('a message that has a system told', () => {
  it('is read from an object or from text', () => {
    const tell = { incident, system: 'pager' };
    expect(readTell(tell)).toEqual(tell);
    expect(readTell(JSON.stringify({ ...tell, more: 1 }))).toEqual(tell);
  });

  it.each([
    [{ incident: 'i1', system: 'pager' }],
    [{ incident, system: 'a|b' }],
    [{ incident }],
    ['{'],
    [undefined],
    [Buffer.from('x')],
  ])('%j is none', (message) => {
    expect(readTell(message)).toBeUndefined();
  });
});
