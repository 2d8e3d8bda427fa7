import { describe, expect, it } from 'vitest';
import { phasesOf } from '../../../src/lib/console/phases.ts';
import {
  asking,
  closed,
  decided,
  eachMinute,
  granting,
  looked,
  opened,
  stabilising,
  waiting,
} from '../console-entries.ts';
import { minute, nowMs } from '../facts.ts';

/** Names, whose time it was, and how many minutes. */
function said(...given: Parameters<typeof phasesOf>): (readonly [string, string, number])[] {
  return phasesOf(...given).map(({ name, whose, fromMs, toMs }) => [name, whose, (toMs - fromMs) / minute]);
}

describe('the phases of a remediation', () => {
  it('tell the time of Azure from that of pullmedic, from the failure to the end', () => {
    const entries = eachMinute(opened, looked, granting, looked, waiting, looked, stabilising, looked, closed);

    expect(said({ entries, failedAtMs: nowMs - 3 * minute, nowMs: nowMs + 90 * minute })).toEqual([
      ['until it was detected', 'azure', 3],
      ['diagnosis', 'pullmedic', 2],
      ['the grant', 'pullmedic', 2],
      ['waiting for the role', 'azure', 2],
      ['watching whether it stays ready', 'pullmedic', 2],
    ]);
  });

  it('count restarts that try whether the role works as the wait for the role', () => {
    const granted = { kind: 'outcome', action: 'grant', outcome: 'done' } as const;
    const restart = decided({ do: 'restart', revision: 'r1', because: 'role-should-work' });
    const takesEffect = decided({ do: 'wait', because: 'restart-takes-effect' });
    const entries = eachMinute(
      opened,
      looked,
      granting,
      granted,
      looked,
      restart,
      takesEffect,
      looked,
      restart,
      takesEffect,
    );

    expect(said({ entries, nowMs: nowMs + 20 * minute })).toEqual([
      ['diagnosis', 'pullmedic', 2],
      ['the grant', 'pullmedic', 1],
      ['waiting for the role', 'azure', 17],
    ]);
  });

  it('show the pull after a restart for another reason', () => {
    const restart = decided({ do: 'restart', revision: 'r1', because: 'cause-is-gone' });

    expect(said({ entries: eachMinute(opened, restart), nowMs: nowMs + 5 * minute })[1]).toEqual([
      'the pull after a restart',
      'azure',
      4,
    ]);
  });

  it('join what repeats, and the last one of a live remediation ends now', () => {
    const entries = eachMinute(opened, looked, asking, looked, asking);

    expect(said({ entries, nowMs: nowMs + 30 * minute })).toEqual([
      ['diagnosis', 'pullmedic', 2],
      ['waiting for an answer', 'person', 28],
    ]);
  });

  it('have no time before the opening where the log does not say when the failure began', () => {
    const [first] = phasesOf({ entries: eachMinute(opened), failedAtMs: nowMs, nowMs: nowMs + minute });

    expect(first).toMatchObject({ name: 'diagnosis', fromMs: nowMs });
    expect(phasesOf({ entries: [], nowMs })).toEqual([]);
  });
});
