// Changes that a person asked for, and changes of an alert: neither needs a decision on a cause.
import { describe, expect, it } from 'vitest';
import { alertRefusals, type UndoInput, undoRefusals } from '../../../src/lib/decision/request-guards.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { codeOf } from '../../../src/lib/history/refusals.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import { type AlertId, parseAlertId } from '../../../src/lib/words/arm-id.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import { alert, config, history, target, targetId } from '../facts.ts';
import { grant, granted } from './told.ts';

const undoOn = { PULLMEDIC_SETTINGS: '{"undo":true}' };
const made: Entry[] = granted('done').map((entry) => (entry.kind === 'outcome' ? { ...entry, undo: 'its' } : entry));
const asked = (more: Partial<Entry & { kind: 'undo-asked' }> = {}): Entry => ({
  kind: 'undo-asked',
  remediation: remediationIdOf(targetId, 1),
  grant,
  assignment: 'its',
  by: 'Ada',
  ...more,
});

function remediation(...entries: Entry[]): Remediation {
  const [first] = history(...entries).remediations;
  if (first === undefined) throw new Error('A history begins with its opening.');
  return first;
}

function refused(more: Partial<UndoInput> = {}): string[] {
  const reliance = known({ remediations: [], resources: [] });
  const usual = { target, killSwitch: known(false), remediation: remediation(...made, asked()), reliance };
  return undoRefusals({ config: config(undoOn), ...usual, ...more }).map(codeOf);
}

describe('an undo of an assignment on which others rely', () => {
  const others = { reliance: known({ remediations: [], resources: [target.appId] }) };
  const anyway = { remediation: remediation(...made, asked({ anyway: true })) };

  it('is refused, and where that cannot be read too', () => {
    expect(refused(others)).toEqual(['undo: others-rely']);
    expect(
      refused({ reliance: known({ remediations: [remediationIdOf(targetId, 2)], resources: [target.appId] }) }),
    ).toEqual(['undo: others-rely']);
    expect(refused({ reliance: unreadable('forbidden') })).toEqual(['undo: reliance-unreadable']);
  });

  it('passes where the person wants it anyway, and every other guard counts all the same', () => {
    expect(refused({ ...others, ...anyway })).toEqual([]);
    expect(refused({ ...others, ...anyway, killSwitch: known(true) })).toEqual(['kill-switch: on']);
  });
});

describe('an undo', () => {
  it('of what was made and asked about passes, also in approve mode: the request is the approval', () => {
    expect(refused()).toEqual([]);
    expect(refused({ config: config({ ...undoOn, PULLMEDIC_MODE: 'approve' }) })).toEqual([]);
  });

  it('passes where the registry is no longer opted in: it only takes rights away', () => {
    expect(refused({ config: config({ ...undoOn, PULLMEDIC_REGISTRIES: '[]' }) })).toEqual([]);
  });

  it.each<[string, Partial<UndoInput>, string]>([
    ['where it is not switched on', { config: config() }, 'undo: off'],
    ['in observe mode', { config: config({ ...undoOn, PULLMEDIC_MODE: 'observe' }) }, 'mode: observe'],
    ['while the kill switch is on', { killSwitch: known(true) }, 'kill-switch: on'],
    ['that no person asked for', { remediation: remediation(...made) }, 'undo: nothing-made'],
    ['where nothing was made', { remediation: remediation(asked()) }, 'undo: nothing-made'],
    [
      'of another assignment than was made',
      { remediation: remediation(...made, asked({ assignment: 'another' })) },
      'undo: not-what-was-made',
    ],
    [
      'of another grant than was made',
      { remediation: remediation(...made, asked({ grant: { ...grant, repository: 'shop/orders' } })) },
      'undo: not-what-was-made',
    ],
  ])('is refused %s', (_, more, refusal) => {
    expect(refused(more)).toContain(refusal);
  });
});

describe('setting an alert', () => {
  const elsewhere = 'ffffffff-0000-4000-8000-000000000009';
  const foreign = parseAlertId(
    `/subscriptions/${elsewhere}/providers/Microsoft.AlertsManagement/alerts/a1e70000-0000-4000-8000-000000000002`,
  );
  const codes = (id: AlertId | undefined, settings: Config): string[] =>
    id === undefined
      ? ['no id']
      : alertRefusals({ config: settings, target, alert: id, killSwitch: known(false) }).map(codeOf);

  it('needs no approval: it changes no rights', () => {
    expect(codes(alert.id, config({ PULLMEDIC_MODE: 'approve' }))).toEqual([]);
    expect(codes(alert.id, config({ PULLMEDIC_MODE: 'observe' }))).toEqual(['mode: observe']);
  });

  it('is refused in a subscription that pullmedic does not look after', () => {
    expect(codes(foreign, config())).toEqual(['alert-state: another-subscription']);
    expect(codes(foreign, config({ PULLMEDIC_SETTINGS: JSON.stringify({ alsoRead: [elsewhere] }) }))).toEqual([]);
  });
});
