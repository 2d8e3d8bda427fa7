// Summaries of histories: what a list, a page and a program see of a remediation.
import { describe, expect, it } from 'vitest';
import { type RemediationView, showRemediation, viewRemediation } from '../../../src/lib/console/views.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  alert,
  config,
  history,
  nowMs,
  principal,
  registryId,
  roleMissing,
  signal,
  target,
  targetId,
} from '../facts.ts';
import { memory } from '../memory-ports.ts';
import { decisionInput } from '../situations.ts';

const grant: Grant = { registryId, principalId: principal, roleId: acrPull };
const first = remediationIdOf(targetId, 1);
const decided = (decision: (Entry & { kind: 'decided' })['decision']): Entry => ({
  kind: 'decided',
  decision,
  dueAtMs: nowMs + 1,
  refusals: [],
});
const granting = decided({ do: 'grant', grant, because: 'pull-role-missing' });
const ask = decided({ do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs: nowMs });
const incident = decided({ do: 'incident', cause: 'tag-missing', because: 'needs-a-person' });
const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };

function view(...entries: Entry[]): RemediationView {
  const remediation = history(...entries).remediations.at(-1);
  if (remediation === undefined) throw new Error('A history begins with its opening.');
  return viewRemediation(remediation);
}

describe('the state of a remediation', () => {
  it.each<[RemediationView['state'], Entry[]]>([
    ['looking', []],
    ['looking', [granting]],
    ['waiting', [decided({ do: 'wait', because: 'role-propagating' })]],
    ['needs-approval', [ask]],
    ['needs-person', [incident]],
    ['closed', [incident, closed]],
  ])('is %s', (state, entries) => {
    expect(view(...entries).state).toBe(state);
  });

  it('has a next look only while it goes on', () => {
    expect(view(incident).dueAtMs).toBe(nowMs + 1);
    expect(view(incident, closed)).not.toHaveProperty('dueAtMs');
  });
});

describe('the decision', () => {
  it('is summed up with the name of the rule that made it, where the history says so', () => {
    const byRule = incident.kind === 'decided' ? { ...incident, rule: 'ask-a-person' as const } : incident;

    expect(view(byRule).decision).toEqual({ do: 'incident', because: 'needs-a-person', rule: 'ask-a-person' });
    expect(view(incident).decision).toEqual({ do: 'incident', because: 'needs-a-person' });
  });
});

describe('an approval', () => {
  const answered: Entry = { kind: 'answered', answer: 'approved', grant, by: 'Ada' };

  it('is pending while it is asked for, and withdrawn once it is not and no person answered', () => {
    expect(view(ask).approval).toMatchObject({ state: 'pending', grant });
    expect(view(ask, incident).approval).toBeUndefined();
    expect(view(ask, decided({ do: 'wait', because: 'looking-again' })).approval?.state).toBe('pending');
  });

  it('keeps its answer and who gave it, whatever came after', () => {
    expect(view(ask, answered, granting, closed).approval).toMatchObject({ state: 'approved', by: 'Ada' });
  });
});

describe('an undo', () => {
  const made: Entry[] = [granting, { kind: 'outcome', action: 'grant', outcome: 'done', undo: 'its-assignment' }];
  const asked: Entry = { kind: 'undo-asked', remediation: first, grant, assignment: 'its-assignment', by: 'Ada' };

  it('is possible only where pullmedic made an assignment', () => {
    expect(view(...made).undo).toEqual({ state: 'possible', assignment: 'its-assignment', because: [] });
    expect(view(granting)).not.toHaveProperty('undo');
  });

  it('is asked for, refused with its reasons, or ended with its outcome', () => {
    const refused: Entry = {
      kind: 'undo-decided',
      remediation: first,
      refusals: [{ guard: 'kill-switch', why: 'on' }],
    };

    expect(view(...made, asked).undo).toMatchObject({ state: 'asked', by: 'Ada' });
    expect(view(...made, asked, refused).undo).toMatchObject({ state: 'refused', because: ['kill-switch: on'] });
    expect(view(...made, asked, { kind: 'undo-outcome', remediation: first, outcome: 'removed' }).undo).toMatchObject({
      state: 'removed',
    });
  });
});

describe('an action', () => {
  it('without an outcome is unknown: its host may have died after it', () => {
    expect(view(granting).actions).toMatchObject([{ action: 'grant', outcome: 'unknown' }]);
  });

  it('counts as the one that helped only if it took effect', () => {
    const outcome = (said: 'done' | 'failed'): Entry => ({ kind: 'outcome', action: 'grant', outcome: said });

    expect(view(granting, outcome('done')).times.actedAtMs).toBeDefined();
    expect(view(granting, outcome('failed')).times).not.toHaveProperty('actedAtMs');
  });
});

describe('an alert', () => {
  it('that pullmedic left as it was is refused, with the reason', () => {
    const left: Entry = {
      kind: 'alert-decided',
      remediation: first,
      alert: alert.id,
      state: 'Closed',
      refusals: [{ guard: 'alert-state', why: 'set-back' }],
    };

    expect(view(left).alerts).toEqual([
      { alert: alert.id, state: 'Closed', outcome: 'refused', because: ['alert-state: set-back'] },
    ]);
  });
});

describe('a cause', () => {
  const found = decisionInput(roleMissing).remediation;

  it('is shown with how sure it is, also after the recovery', () => {
    const recovered = { how: 'recovered', because: 'pulled-and-ready', atMs: nowMs } as const;

    expect(viewRemediation(found)).toMatchObject({ causes: ['pull-role-missing'], sureness: 'confirmed' });
    expect(viewRemediation({ ...found, closed: recovered }).causes).toEqual(['pull-role-missing']);
  });

  it.each(['not-a-pull-failure', 'push-refused', 'build-refused', 'nothing-failing'] as const)(
    'is not shown where it ended as %s: then no pull of the app failed',
    (because) => {
      const shown = viewRemediation({ ...found, closed: { how: 'withdrawn', because, atMs: nowMs } });

      expect(shown.causes).toEqual([]);
      expect(shown).not.toHaveProperty('sureness');
    },
  );
});

describe('one remediation', () => {
  it('is shown with its own entries; an id that is none, or of none, shows nothing', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
    for (const [seq, entry] of [opened, incident].entries()) await ports.history.append(targetId, seq, entry);

    expect((await showRemediation(ports, first))?.entries.map(({ entry }) => entry.kind)).toEqual([
      'opened',
      'decided',
    ]);
    expect(await showRemediation(ports, remediationIdOf(targetId, 2))).toBeUndefined();
    expect(await showRemediation(ports, '../secrets')).toBeUndefined();
  });
});
