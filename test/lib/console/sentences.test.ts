// The JSON says every code in words too.
import { describe, expect, it } from 'vitest';
import { sentencesOf } from '../../../src/lib/console/sentences.ts';
import { type RemediationView, viewRemediation } from '../../../src/lib/console/views.ts';
import { history } from '../facts.ts';

function view(members: Partial<RemediationView>): RemediationView {
  const [remediation] = history().remediations;
  if (remediation === undefined) throw new Error('no remediation');
  return { ...viewRemediation(remediation), ...members };
}

describe('the sentences of a remediation', () => {
  it('say what started it, what the log claims, the cause and why nothing is changed', () => {
    const said = sentencesOf(
      view({
        startedBy: 'schedule',
        suspicion: 'dns',
        causes: ['private-dns-unlinked'],
        refusals: ['kill-switch: on'],
      }),
    );

    expect(said).toMatchObject({
      startedBy: 'the sweep for stuck workloads',
      suspicion: 'the name of the registry does not resolve',
      causes: ['the private DNS zone is not linked to the network of the app'],
      refusals: ['the kill switch is on'],
    });
  });

  it('say why each action came to its outcome, in the order of the actions', () => {
    const done = { action: 'grant', outcome: 'done', atMs: 1 } as const;
    const refused = { action: 'restart', outcome: 'failed', because: 'refused', atMs: 2 } as const;
    const withheld = { action: 'grant', outcome: 'withheld', because: 'mode: observe', atMs: 3 } as const;

    expect(sentencesOf(view({ actions: [done, refused, withheld] })).actions).toEqual([
      '',
      'Azure refused it',
      'the mode is observe: it proposes and changes nothing',
    ]);
  });

  it('say what it waits for only where it waits', () => {
    expect(sentencesOf(view({ decision: { do: 'wait', because: 'role-propagating' } })).waits).toBe(
      'Waits for the role to take effect.',
    );
    expect(sentencesOf(view({ decision: { do: 'incident', because: 'needs-a-person' } })).waits).toBeUndefined();
  });

  it('leave a code of an older version as it is', () => {
    expect(sentencesOf(view({ refusals: ['an-old-guard: old'] })).refusals).toEqual(['an-old-guard: old']);
  });
});
