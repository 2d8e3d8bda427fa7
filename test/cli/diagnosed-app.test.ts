// Which app is diagnosed, and what is said where none can be: a sentence for each reason, and nothing guessed.
import { describe, expect, it } from 'vitest';
import { appWritten, type CallersAzure, findApp, NotReached } from '../../src/cli/diagnosed-app.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { known, type Unreadable, unreadable } from '../../src/lib/words/fact.ts';
import { app, appId, registryId } from '../lib/facts.ts';

const azure: CallersAzure = {
  signIn: async () => undefined,
  appsNamed: async () => known({ ids: [appId], hasUnreadable: false }),
  app: async () => known(app),
};
const other = `${appId}-2` as typeof appId;
const byName = { name: 'ca-orders' };

describe('what is written', () => {
  it('is a resource id or a name', () => {
    expect(appWritten(appId)).toEqual({ id: appId });
    expect(appWritten('CA-Orders')).toEqual(byName);
  });

  it.each([undefined, '', 'a b', '-a', "a' or '1", registryId, '/subscriptions/x', 'a'.repeat(64)])(
    'is neither where it is %s',
    (text) => {
      expect(() => appWritten(text)).toThrow(UsageError);
    },
  );
});

describe('the app', () => {
  it('is read by its id, and by the name that only it has', async () => {
    expect(await findApp(azure, byName)).toEqual({ id: appId, facts: app });
    const notListed: CallersAzure = { ...azure, appsNamed: () => Promise.reject(new Error('not asked')) };
    expect(await findApp(notListed, { id: appId })).toEqual({ id: appId, facts: app });
  });

  it('is not chosen among several of the name: their ids are listed', async () => {
    const both: CallersAzure = {
      ...azure,
      appsNamed: async () => known({ ids: [appId, other], hasUnreadable: false }),
    };

    await expect(findApp(both, byName)).rejects.toThrow(UsageError);
    await expect(findApp(both, byName)).rejects.toThrow(
      `2 workloads have the name ca-orders; give the id: ${appId} ${other}.`,
    );
  });

  it('is not taken where one more of the name has an id that cannot be read', async () => {
    const odd: CallersAzure = { ...azure, appsNamed: async () => known({ ids: [appId], hasUnreadable: true }) };

    await expect(findApp(odd, byName)).rejects.toThrow('has an id that cannot be read');
  });
});

describe('what is in the way', () => {
  it('is a sign-in, before anything else is asked', async () => {
    const asked = findApp({ ...azure, signIn: () => Promise.reject(new Error('secret of the SDK')) }, byName);

    await expect(asked).rejects.toThrow(NotReached);
    await expect(asked).rejects.toThrow(/^not signed in: run "az login"/);
  });

  it('is that there is no such app', async () => {
    const none: CallersAzure = { ...azure, appsNamed: async () => known({ ids: [], hasUnreadable: false }) };
    const gone: CallersAzure = { ...azure, app: async () => known('gone') };

    await expect(findApp(none, byName)).rejects.toThrow(
      /^not found: .* has the name ca-orders and is a container app, a job or a container group\./,
    );
    await expect(findApp(gone, { id: appId })).rejects.toThrow(/^not found: no container app has this id\.$/);
  });

  it.each<[Unreadable, RegExp]>([
    ['forbidden', /^no right: .* the role Reader/],
    ['unavailable', /^unreachable: /],
    ['timed-out', /^unreachable: /],
    ['throttled', /^The .* could not be read \(throttled/],
  ])('is "%s" of the list and of the app', async (why, sentence) => {
    const noList = findApp({ ...azure, appsNamed: async () => unreadable(why) }, byName);
    const noApp = findApp({ ...azure, app: async () => unreadable(why) }, { id: appId });

    await expect(noList).rejects.toThrow(sentence);
    await expect(noApp).rejects.toThrow(sentence);
    await expect(noApp).rejects.toThrow(NotReached);
  });
});
