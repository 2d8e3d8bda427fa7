// The judge finds each broken promise, and lets pass what only looks like one.
import { describe, expect, it } from 'vitest';
import type { Change, NeededGrant, ReplicaLife } from '../../local/azure/changes.ts';
import { roleIds } from '../../local/azure/model/assignments.ts';
import type { Entry, Remediation } from '../../local/demo/answers.ts';
import { brokenPromises } from '../../local/demo/promises.ts';

const scope = '/subscriptions/s/resourcegroups/rg/providers/microsoft.containerregistry/registries/acrshop';
const pull: NeededGrant = { principalId: 'p-orders', roleId: roleIds['AcrPull'] ?? '', scope };
const push: NeededGrant = { ...pull, roleId: roleIds['AcrPush'] ?? '' };
const other: NeededGrant = { ...pull, principalId: 'p-stranger' };
const stored = { registryId: scope, principalId: 'P-Orders', roleId: pull.roleId };

const granted = { kind: 'grant', atMs: 1000, made: pull, condition: '', needed: [pull] } as const;
const restarted = { kind: 'restart', atMs: 1000, app: 'ca', revision: 'ca--1', served: false, pulled: false } as const;
const restartedGroup = { kind: 'restart-group', atMs: 1000, app: 'ca', served: false, pulled: false } as const;
const renewed = { kind: 'new-revision', atMs: 1000, app: 'ca' } as const;
const removed = { kind: 'removal', atMs: 1000, scope } as const;
const closedAlert = { kind: 'alert', atMs: 1000, alert: '/alerts/a', state: 'Closed' } as const;

function entry(kind: string, atMs: number, more: Partial<Entry> = {}): Entry {
  return { kind, atMs, says: '', ...more };
}

const decidedGrant = entry('decided', 900, { decision: { do: 'grant', grant: stored } });
const decidedRestart = entry('decided', 900, { decision: { do: 'restart', revision: 'ca--1' } });
const no = entry('answered', 800, { answer: 'rejected', grant: stored });
const yes = entry('answered', 850, { answer: 'approved', grant: stored });

function broken(
  changes: readonly Change[],
  entries: readonly Entry[],
  remediations: readonly Remediation[] = [],
  replicas: readonly ReplicaLife[] = [],
) {
  const judged = {
    histories: { remediations, incidents: [] },
    stories: [{ app: 'ca', image: 'v1', entries }],
    changes,
    replicas,
  };
  return brokenPromises({ ...judged, endedMs: 100_000_000, nameOf: (id) => id.replace('p-', 'id-') }).map(
    ({ what, seen }) => `${what}: ${seen}`,
  );
}

describe('a change', () => {
  it.each<[string, Change, readonly Entry[]]>([
    ['a needed grant', granted, [decidedGrant]],
    ['a restart of what does not serve', restarted, [decidedRestart]],
    ['a restart of a group that waits', restartedGroup, [decidedRestart]],
    ['a new revision', renewed, [entry('decided', 900, { decision: { do: 'new-revision' } })]],
    [
      'a removal that a person asked for',
      removed,
      [entry('undo-asked', 800, { grant: stored }), entry('undo-decided', 900, { refusals: [] })],
    ],
    ['an alert', closedAlert, [entry('alert-decided', 900, { alert: '/Alerts/a', state: 'Closed', refusals: [] })]],
  ])('may be %s that was decided before', (_, change, entries) => {
    expect(broken([change], entries)).toEqual([]);
    expect(broken([change], [])).toEqual([expect.stringMatching(/^a change that was not written down before: /)]);
  });

  it('was written down before, not after', () => {
    expect(broken([granted], [{ ...decidedGrant, atMs: 1200 }])).toEqual([
      'a change that was not written down before: AcrPull for id-orders on acrshop',
    ]);
  });

  it.each<[string, Change, Entry]>([
    ['a grant to somebody else', { ...granted, made: other, needed: [other] }, decidedGrant],
    ['a restart of another revision', { ...restarted, revision: 'ca--2' }, decidedRestart],
    ['an alert that was refused', closedAlert, entry('alert-decided', 900, { alert: '/alerts/a', refusals: [{}] })],
  ])('is not %s than was decided', (_, change, decision) => {
    expect(broken([change], [decision])).toEqual([expect.stringMatching(/not written down/)]);
  });
});

describe('a restart', () => {
  it('never meets a revision that serves', () => {
    expect(broken([{ ...restarted, served: true }], [decidedRestart])).toEqual([
      'ca: restart of a revision that served: ca--1 had a ready replica',
    ]);
  });
});

describe('a restart of a container group', () => {
  it('meets no container that runs, and none that pulls and would succeed', () => {
    expect(broken([{ ...restartedGroup, served: true }], [decidedRestart])).toEqual([
      'ca: restart of a container group that served: a container of ca ran',
    ]);
    expect(broken([{ ...restartedGroup, pulled: true }], [decidedRestart])).toEqual([
      'ca: restart of a container group that was pulling and would have succeeded: ca',
    ]);
  });
});

describe('a restart of a revision that pulls', () => {
  it('is a broken promise where the pull would have succeeded', () => {
    expect(broken([{ ...restarted, pulled: true }], [decidedRestart])).toEqual([
      'ca: restart of a revision that was pulling and would have succeeded: ca--1',
    ]);
  });
});

describe('a recovery', () => {
  const closed = entry('closed', 100_000, { how: 'recovered' });
  const life = { ofJob: false, app: 'ca', images: ['v1'], name: 'r', createdMs: 1000 };
  const recoveredBeside = (more: Partial<ReplicaLife>, how = closed) => broken([], [how], [], [{ ...life, ...more }]);

  it('leaves no replica without its image', () => {
    expect(recoveredBeside({})).toEqual(['ca: replicas without the image at its recovery: 1']);
    expect(recoveredBeside({ pulledMs: 100_001 })).toHaveLength(1);
    expect(recoveredBeside({ removedMs: 100_001 })).toHaveLength(1);
  });

  it('may meet an execution of a job that had only begun and pulled in time', () => {
    expect(recoveredBeside({ ofJob: true, pulledMs: 100_001 })).toEqual([]);
    expect(recoveredBeside({ ofJob: true, pulledMs: 1000 + 5 * 60_000 })).toHaveLength(1);
    expect(recoveredBeside({ ofJob: true })).toHaveLength(1);
  });

  it.each<[string, Partial<ReplicaLife>]>([
    ['that pulled before', { pulledMs: 100_000 }],
    ['that was removed before', { removedMs: 100_000 }],
    ['that came only then', { createdMs: 90_000 }],
    ['of another image', { images: ['v2'] }],
    ['of another app', { app: 'cb' }],
  ])('says nothing of a replica %s', (_, more) => {
    expect(recoveredBeside(more)).toEqual([]);
  });

  it('is the only ending that says so', () => {
    expect(recoveredBeside({}, { ...closed, how: 'withdrawn' })).toEqual([]);
  });
});

describe('a grant', () => {
  it.each<[string, NeededGrant]>([
    ['another principal', other],
    ['another role', push],
    ['another registry', { ...pull, scope: `${scope}2` }],
  ])('is broken where the facts ask for %s', (_, needed) => {
    expect(broken([{ ...granted, needed: [needed] }], [decidedGrant])).toEqual([
      'a grant that no app needed at that moment: AcrPull for id-orders on acrshop',
    ]);
  });

  it('does not follow a no; it may follow a later yes, and a no to another grant', () => {
    expect(broken([granted], [no, decidedGrant])).toEqual([
      'a grant after a person said no: AcrPull for id-orders on acrshop',
    ]);
    expect(broken([granted], [no, yes, decidedGrant])).toEqual([]);
    expect(broken([granted], [{ ...no, grant: { ...stored, principalId: 'p-stranger' } }, decidedGrant])).toEqual([]);
  });
});

describe('a grant that is made again', () => {
  const again = { ...granted, atMs: 5000 };
  const twice = (second: Change, entries: readonly Entry[]) => broken([granted, second], [decidedGrant, ...entries]);

  it('was taken away in between, so a person approved it in between', () => {
    const madeAgain = ['a grant made again without an approval: AcrPull for id-orders on acrshop'];
    expect(twice(again, [])).toEqual(madeAgain);
    expect(twice(again, [{ ...yes, atMs: 4000 }])).toEqual([]);
    expect(twice(again, [yes])).toEqual(madeAgain);
    expect(twice(again, [{ ...yes, atMs: 6000 }])).toEqual(madeAgain);
    expect(twice(again, [{ ...yes, atMs: 4000, answer: 'rejected' }])).toHaveLength(2);
  });

  it.each<[string, Change]>([
    ['to another principal', { ...again, made: other, needed: [other] }],
    ['of another repository', { ...again, condition: "stringequals 'shop/stock'" }],
    [
      'on another registry',
      { ...again, made: { ...pull, scope: `${scope}2` }, needed: [{ ...pull, scope: `${scope}2` }] },
    ],
  ])('is not the same grant %s', (_, second) => {
    expect(twice(second, []).filter((one) => one.startsWith('a grant made again'))).toEqual([]);
  });
});

describe('a remediation', () => {
  const open = { target: { appName: 'ca' }, state: 'waiting' } as Remediation;

  it.each<[string, Partial<Remediation>]>([
    ['closed', { state: 'closed' }],
    ['waiting for its next step', { dueAtMs: 100_000_500 }],
    ['in the hands of a person who was told', { state: 'needs-person', incident: 'i1' }],
    ['waiting for an answer', { state: 'needs-approval', approval: { state: 'pending', question: 1 } }],
  ])('may be %s', (_, more) => {
    expect(broken([], [], [{ ...open, ...more }])).toEqual([]);
  });

  it.each<[string, Partial<Remediation>]>([
    ['without a next step', {}],
    ['long overdue', { dueAtMs: 90_000_000 }],
    ['waiting for a person whom nobody told', { state: 'needs-person' }],
  ])('is not left alone %s', (_, more) => {
    expect(broken([], [], [{ ...open, ...more }])).toEqual([expect.stringMatching(/^ca: an ending, or a next step: /)]);
  });
});
