import { describe, expect, it } from 'vitest';
import { isSameWrite } from '../../../src/lib/evidence/last-write.ts';

const ada = { by: 'ada@contoso.example', kind: 'User', atMs: 1000 };

describe('a write of an app', () => {
  it('is the same if the same writer made it at the same instant', () => {
    expect(isSameWrite(ada, { by: ada.by, atMs: 1000 })).toBe(true);
    expect(isSameWrite('not-said', 'not-said')).toBe(true);
  });

  it.each([
    ['a second later', { ...ada, atMs: 2000 }],
    ['by another writer', { ...ada, by: 'bob@contoso.example' }],
    ['that is not said', 'not-said'],
    ['that no look has read', undefined],
  ] as const)('%s is another one', (_, other) => {
    expect(isSameWrite(ada, other)).toBe(false);
    expect(isSameWrite(other, ada)).toBe(false);
  });
});
