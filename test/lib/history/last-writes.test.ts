import { describe, expect, it } from 'vitest';
import { newWrite, withWrite } from '../../../src/lib/history/last-writes.ts';
import { looked } from '../console-entries.ts';
import { history } from '../facts.ts';

const ada = { by: 'ada@contoso.example', kind: 'User', atMs: 1000 };
const bob = { by: 'bob@contoso.example', kind: 'User', atMs: 2000 };
const eve = { by: 'eve@contoso.example', kind: 'User', atMs: 3000 };

describe('the writes of an app', () => {
  it('are the one that the first look saw and the newest since', () => {
    const looks = [ada, bob, eve].map((lastWrite) => ({ ...looked, lastWrite }));

    expect(history(...looks).remediations[0]?.writes).toEqual({ first: ada, since: eve });
  });

  it('are not known where no look said so, as in a history of an older version', () => {
    expect(history(looked).remediations[0]).not.toHaveProperty('writes');
  });

  it('are recorded once, and again only when another one is seen', () => {
    const known = withWrite(undefined, ada);

    expect(newWrite(undefined, ada)).toEqual(ada);
    expect(newWrite(known, ada)).toBeUndefined();
    expect(newWrite(known, bob)).toEqual(bob);
    expect(newWrite(withWrite(known, bob), bob)).toBeUndefined();
    expect(newWrite(withWrite(known, bob), ada)).toEqual(ada);
  });

  it('keep apart what Azure does not say from what was not read', () => {
    expect(withWrite(undefined, undefined)).toBeUndefined();
    expect(withWrite(undefined, 'not-said')).toEqual({ first: 'not-said' });
    expect(newWrite({ first: 'not-said' }, 'not-said')).toBeUndefined();
    expect(withWrite({ first: 'not-said' }, ada)).toEqual({ first: 'not-said', since: ada });
  });
});
