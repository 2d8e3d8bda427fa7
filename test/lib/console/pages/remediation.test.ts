import { describe, expect, it } from 'vitest';
import { html } from '../../../../src/lib/console/html.ts';
import { remediationPage } from '../../../../src/lib/console/pages/remediation.ts';
import { readStory, storyOf } from '../../../../src/lib/console/story.ts';
import { type IncidentView, viewRemediation } from '../../../../src/lib/console/views.ts';
import { sayEntry, sayUnread } from '../../../../src/lib/console/words.ts';
import { diagnose } from '../../../../src/lib/diagnosis/diagnose.ts';
import type { Entry } from '../../../../src/lib/history/entries.ts';
import type { Unreadable } from '../../../../src/lib/words/fact.ts';
import { asking, looked } from '../../console-entries.ts';
import { pageOf } from '../../console-pages.ts';
import {
  acrPull,
  config,
  dnsUnlinked,
  history,
  nowMs,
  principal,
  registryId,
  roleMissing,
  signal,
  target,
} from '../../facts.ts';
import { memory } from '../../memory-ports.ts';

const hostile = `</p><script>alert(1)</script>"'&\u001b[31m\u202e`;

describe('a page', () => {
  it('escapes whatever is put into it', () => {
    expect(html`<p title="${hostile}">${hostile}</p>`.text).not.toMatch(/<script|\p{Cc}|\p{Cf}/u);
  });

  it('shows hostile log text as text', () => {
    const diagnosis = diagnose({
      target,
      evidence: roleMissing,
      suspicions: [{ label: 'unauthorized', rule: 'x', words: hostile }],
      pulledBefore: false,
    });
    const looked = {
      kind: 'looked',
      suspicions: [],
      diagnosis,
      progress: { pulledRow: false, readyReplica: false, notReady: [], proof: 'not-yet' },
      revisions: [],
      unread: ['logs', 'registry'],
      whyUnread: { registry: 'forbidden' },
      calls: 9,
    } as const;
    const [remediation] = history(looked).remediations;
    if (remediation === undefined) throw new Error('no remediation');

    const page = pageOf(viewRemediation(remediation), [{ seq: 2, atMs: nowMs, entry: looked }]);

    expect(page).toContain('The log claims');
    expect(page).toContain(`href="/api/history/${remediation.id}/report"`);
    expect(page).toContain('Could not read: logs, registry (forbidden: no right to read it)');
    expect(page).not.toContain('<script>');
  });

  it('says in observe what would have been granted, and every guard that withheld it', () => {
    const grant = { registryId, principalId: principal, roleId: acrPull };
    const decided = {
      kind: 'decided',
      decision: { do: 'incident', cause: 'pull-role-missing', because: 'change-refused', grant },
      dueAtMs: nowMs,
      refusals: [
        { guard: 'mode', why: 'observe' },
        { guard: 'consumer-not-listed', why: 'not-this-app' },
      ],
    } as const;
    const [remediation] = history(decided).remediations;
    if (remediation === undefined) throw new Error('no remediation');

    const page = pageOf(viewRemediation(remediation), [{ seq: 2, atMs: nowMs, entry: decided }]);

    expect(page).toContain(`Would grant AcrPull to ${principal}`);
    expect(page).toContain('mode: observe');
    expect(page).toContain('consumer-not-listed: not-this-app');
  });

  it('shows an open question with the doubts and how to answer', () => {
    const grant = { registryId, principalId: principal, roleId: acrPull };
    const [remediation] = history({
      kind: 'decided',
      decision: { do: 'ask', grant, cause: 'pull-role-removed', because: 'needs-approval', expiresAtMs: nowMs + 1 },
      dueAtMs: nowMs,
      refusals: [{ guard: 'role-removed', why: 'taken-away' }],
    }).remediations;
    if (remediation === undefined) throw new Error('no remediation');
    const view = viewRemediation(remediation);
    const page = pageOf(view, []);

    expect(page).toContain('AcrPull to');
    expect(page).toContain('on the registry acrshop');
    expect(page).toContain('another person or system removed this role');
    expect(page).toContain(`pullmedic approve ${view.id} --question ${view.approval?.question}`);
  });
});

describe('a question that was answered a moment ago', () => {
  it('is looked at now, whatever instant the history has from before the answer', () => {
    const [remediation] = history(asking).remediations;
    if (remediation === undefined) throw new Error('no remediation');
    const view = viewRemediation(remediation);
    if (view.approval === undefined) throw new Error('no question');
    const later = { ...view, dueAtMs: nowMs + 26 * 60_000 };
    const page = pageOf({ ...later, approval: { ...view.approval, state: 'approved', by: 'ada' } }, []);

    expect(page).toContain('<dt>Next look</dt><dd>now;');
    expect(page).toContain('>approved</span></h1>');
    expect(pageOf(later, [])).not.toContain('<dd>now;');
  });
});

describe('what a person can do', () => {
  it('stands on the page of what is live, with the commands of its open incident', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const [row] = running.rows.values();
    const story = await readStory(running.ports, row?.remediation ?? '');
    if (story?.incident === undefined) throw new Error('no incident');
    const open = story.incident;
    const shell = { nowMs, address: '/api/history/t' };
    const page = (incident: IncidentView = open) => remediationPage({ ...story, incident }, { cloud: 'public' }, shell);

    expect(page()).toMatch(/<summary>What to run: \d commands?<\/summary>/);
    expect(page()).toContain('az network private-dns link vnet create');
    expect(page({ ...open, state: 'resolved' })).not.toContain('What to run');
  });

  it('about a grant is the command line where there is a button, and the command of Azure where undo is off', () => {
    const assignment = `${registryId}/providers/microsoft.authorization/roleassignments/made`;
    const grant = { registryId, principalId: principal, roleId: acrPull };
    const decided = {
      kind: 'decided',
      decision: { do: 'grant', grant, because: 'pull-role-missing' },
      dueAtMs: nowMs,
      refusals: [],
    } as const;
    const done = { kind: 'outcome', action: 'grant', outcome: 'done', undo: assignment } as const;
    const [remediation] = history(decided, done).remediations;
    if (remediation === undefined) throw new Error('no remediation');
    const page = (undo: boolean) =>
      remediationPage(
        storyOf(viewRemediation(remediation), []),
        { cloud: 'public', undo },
        { nowMs, address: '/api/x' },
      );

    expect(page(true)).toContain(`pullmedic undo ${remediation.id}`);
    expect(page(false)).toContain(`az role assignment delete --ids ${assignment}`);
    expect(page(false)).toContain('The setting undo is off');
  });
});

describe('who deployed', () => {
  it('is on the page, and "not read" is said where no look knows it', () => {
    const lastWrite = { by: 'ada@contoso.example', kind: 'User', atMs: nowMs - 60_000 };
    const [knows] = history({ ...looked, lastWrite }).remediations;
    const [older] = history(looked).remediations;
    if (knows === undefined || older === undefined) throw new Error('no remediation');

    expect(pageOf(viewRemediation(knows), [])).toContain(
      '<dt>Deployed by</dt><dd><strong>ada@contoso.example</strong> (a person)',
    );
    expect(pageOf(viewRemediation(older), [])).toContain('<dt>Deployed by</dt><dd>Not read: ');
  });
});

describe('a fact that could not be read', () => {
  it.each<[Unreadable, string]>([
    ['look-cap-reached', 'zones (look-cap-reached: the look had sent as many requests as one look may)'],
    ['list-too-long', 'zones (list-too-long: the list has more items than are read)'],
    ['fact-too-large', 'zones (fact-too-large: it is larger than what can be stored)'],
    ['too-many-endpoints', 'zones (too-many-endpoints: the registry has more private endpoints than one look reads)'],
    ['too-many', 'zones (too-many: there was more than a look may read)'],
    ['of-another-version' as Unreadable, 'zones (of-another-version)'],
  ])('says which limit it met, also in a history of an older version: %s', (why, said) => {
    const diagnosis = diagnose({ target, evidence: roleMissing, suspicions: [], pulledBefore: false });
    const progress = { pulledRow: false, readyReplica: false, notReady: [], proof: 'not-yet' } as const;
    const looked = { kind: 'looked', suspicions: [], diagnosis, progress, revisions: [], calls: 9 } as const;

    expect(sayUnread({ ...looked, unread: ['zones'], whyUnread: { zones: why } })).toEqual([said]);
  });
});

describe('a look at an app that serves', () => {
  const diagnosis = diagnose({ target, evidence: roleMissing, suspicions: [], pulledBefore: false });
  const look = {
    kind: 'looked',
    suspicions: [],
    diagnosis: { ...diagnosis, causes: ['pull-role-propagating'], serves: true },
    progress: { pulledRow: true, readyReplica: true, notReady: [], proof: 'proven' },
    revisions: [],
    unread: [],
    calls: 9,
  } as const;

  function said(entry: Entry): string {
    const [remediation] = history(entry).remediations;
    if (remediation === undefined) throw new Error('no remediation');
    return pageOf(viewRemediation(remediation), [{ seq: 2, atMs: nowMs, entry }]);
  }

  it('says that nothing is failing and that the cause reads clear, and calls nothing confirmed', () => {
    const timeline = sayEntry({ ...look, causeReads: 'clear' });

    expect(timeline).toBe('Looked: the app serves, nothing is failing, and the cause reads clear');
    expect(said({ ...look, causeReads: 'clear' })).toContain(timeline);
  });

  it('heads its findings by what they say of a failure, and leaves out an empty list', () => {
    const page = said({ ...look, diagnosis: { ...look.diagnosis, for: [] }, causeReads: 'clear' });

    expect(page).toContain('Speaks against a failure, or has nothing to do with it:');
    expect(page).not.toMatch(/Speaks of a failure|Shows the cause/);
    expect(said({ ...look, diagnosis })).toContain('Shows the cause:');
  });

  it('names the cause where it still reads true', () => {
    expect(sayEntry({ ...look, diagnosis: { ...look.diagnosis, causes: ['tag-missing'] }, causeReads: 'true' })).toBe(
      'Looked: the app serves, and yet a cause still reads true: the image is not in the registry (confirmed)',
    );
  });

  it('of an older version says what it said', () => {
    const { serves: _, ...older } = look.diagnosis;

    expect(sayEntry({ ...look, diagnosis: older })).toBe(
      'Looked: the pull role is assigned and not in effect yet (confirmed)',
    );
  });
});
