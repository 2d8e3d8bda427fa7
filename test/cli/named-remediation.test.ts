// Short names: one meaning is taken, several are listed, and what could not be read leaves a name without a meaning.
import { beforeEach, describe, expect, it } from 'vitest';
import { Declined } from '../../src/cli/declined.ts';
import { appNamed, grantNamed, remediationNamed } from '../../src/cli/named-remediation.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { appWith } from './app-answers.ts';
import { keepPrinted, type Printed } from './ran.ts';

let printed: Printed;
beforeEach(() => {
  printed = keepPrinted();
});

const idOf = (start: string, ordinal = 1): string => `t${start.padEnd(24, '0')}.${ordinal}`;
const appIdOf = (name: string, group = 'rg'): string =>
  `/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/${group}/providers/Microsoft.App/containerApps/${name}`;
function row(remediation: string, name: string, group?: string): object {
  const facts = { appName: name, state: 'waiting', causes: [] };
  return { remediation, appId: appIdOf(name, group), closed: false, needsPerson: false, updatedAtMs: 0, facts };
}
const pageOf = (rows: readonly object[], more: object = {}): object => ({ problems: [], rows, skipped: 0, ...more });

const all = 'history?as=json&q=';
const live = 'history?as=json&q=state%3Alive';
const orders = 'history?as=json&q=app%3Aca-orders';
const two = [row(idOf('ab1'), 'ca-orders'), row(idOf('ab2'), 'ca-bills')];

describe('a remediation', () => {
  it('that is named by its whole id is not looked for', async () => {
    const app = appWith({});
    expect(await remediationNamed(app, idOf('ab1'), 'live')).toMatchObject({ id: idOf('ab1') });
    expect(app.asked).toEqual([]);
  });

  it('is found by the beginning of its id, and by the name of its app', async () => {
    expect(await remediationNamed(appWith({ [all]: pageOf(two) }), 'tab1', 'all')).toMatchObject({ id: idOf('ab1') });
    expect(await remediationNamed(appWith({ [orders]: pageOf(two) }), 'ca-orders', 'all')).toMatchObject({
      id: idOf('ab1'),
    });
    expect(await remediationNamed(appWith({ [live]: pageOf(two) }), 'CA-Bills', 'live')).toMatchObject({
      id: idOf('ab2'),
    });
  });

  it('is found on a later page, and an earlier page with one meaning does not end the search', async () => {
    const pages = { [all]: pageOf([two[0] ?? {}], { next: 'k&1' }), [`${all}&after=k%261`]: pageOf([two[1] ?? {}]) };
    expect(await remediationNamed(appWith(pages), 'tab2', 'all')).toMatchObject({ id: idOf('ab2') });
    await expect(remediationNamed(appWith(pages), 'tab', 'all')).rejects.toThrow('names 2 remediations');
  });

  it('is not taken where a name has several meanings: they are listed', async () => {
    const asked = remediationNamed(appWith({ [all]: pageOf(two) }), 'tab', 'all');

    await expect(asked).rejects.toThrow(UsageError);
    expect(printed.error()).toContain(`${idOf('ab1')}  waiting  ca-orders`);
    expect(printed.error()).toContain(`${idOf('ab2')}  waiting  ca-bills`);
  });

  it('is not found by the beginning of the name of an app', async () => {
    const asked = remediationNamed(appWith({ 'history?as=json&q=app%3Aca-order': pageOf(two) }), 'ca-order', 'all');
    await expect(asked).rejects.toThrow('No remediation has an id that begins with ca-order');
  });

  it.each([
    ['rows that cannot be read', pageOf(two, { skipped: 1 })],
    ['a term that the app does not know', pageOf(two, { problems: ['x'] })],
    ['more than is read', pageOf(two, { next: '' })],
  ])('is not taken beside %s', async (_what, answer) => {
    const asked = remediationNamed(appWith({ [live]: answer }), 'ca-orders', 'live');
    await expect(asked).rejects.toThrow('Not all remediations could be read');
  });

  it.each([undefined, '', '../x', 't0.1', 'a b', '-x'])('is not looked for by %s', async (text) => {
    const app = appWith({});
    await expect(remediationNamed(app, text, 'all')).rejects.toThrow(UsageError);
    expect(app.asked).toEqual([]);
  });

  it('is not asked for by an id of the answer that is none', async () => {
    const hostile = { ...row('../kill-switch', 'ca-orders') };
    await expect(remediationNamed(appWith({ [orders]: pageOf([hostile]) }), 'ca-orders', 'all')).rejects.toThrow(
      Declined,
    );
  });
});

describe('a remediation whose grant is to be taken back', () => {
  const rows = [row(idOf('ab1'), 'ca-orders'), row(idOf('ab1', 2), 'ca-orders')];
  const seen = (state?: string): object => ({ remediation: state === undefined ? {} : { undo: { state } } });
  const answers = (first: object, second: object): Record<string, object> => ({
    [orders]: pageOf(rows),
    [`remediations/${idOf('ab1')}`]: first,
    [`remediations/${idOf('ab1', 2)}`]: second,
  });

  it('is the one with a grant, of several with this name', async () => {
    const app = appWith(answers(seen('possible'), seen()));
    expect(await grantNamed(app, 'ca-orders')).toEqual({ id: idOf('ab1'), app: 'ca-orders' });
    expect(await grantNamed(appWith(answers(seen('removed'), seen('refused'))), 'ca-orders')).toMatchObject({
      id: idOf('ab1', 2),
    });
  });

  it('is not chosen where two have a grant, or none has', async () => {
    for (const both of [seen('possible'), seen(), seen('already-gone')])
      await expect(grantNamed(appWith(answers(both, both)), 'ca-orders')).rejects.toThrow('names 2 remediations');
  });

  it('is not read where the name has one meaning, or is a whole id', async () => {
    const app = appWith({ [orders]: pageOf(rows.slice(0, 1)) });
    expect(await grantNamed(app, 'ca-orders')).toEqual({ id: idOf('ab1'), app: 'ca-orders' });
    expect(await grantNamed(appWith({}), idOf('ab1'))).toEqual({ id: idOf('ab1') });
    await expect(grantNamed(appWith({ [orders]: pageOf([]) }), 'ca-orders')).rejects.toThrow('No remediation');
  });
});

describe('an app', () => {
  it('is one app however many remediations it has', async () => {
    const rows = [row(idOf('ab1'), 'ca-orders'), row(idOf('ab1', 2), 'ca-orders')];
    expect(await appNamed(appWith({ [orders]: pageOf(rows) }), 'ca-orders')).toBe(appIdOf('ca-orders').toLowerCase());
  });

  it('is not chosen between two groups', async () => {
    const rows = [row(idOf('ab1'), 'ca-orders'), row(idOf('ab2'), 'ca-orders', 'other')];
    await expect(appNamed(appWith({ [orders]: pageOf(rows) }), 'ca-orders')).rejects.toThrow(UsageError);
  });

  it('is not taken from an id that is none of an app', async () => {
    const hostile = { ...row(idOf('ab1'), 'ca-orders'), appId: '/subscriptions/x' };
    await expect(appNamed(appWith({ [orders]: pageOf([hostile]) }), 'ca-orders')).rejects.toThrow(Declined);
  });
});
