// What setting the kill switch would do.

import type { KillSwitchState } from '../ports/controls.ts';
import { sayInstant } from '../words/say-instant.ts';
import { type Answering, type Impossible, impossible, type Proposal, switchedSince } from './answering.ts';
import type { Intent } from './verbs.ts';

/** What a form calls the setting of a switch that no person has set yet. */
export const neverSet = 'never';

/** Turning it on is always possible, whatever was shown: nothing may stand between a person and that. */
export async function proposeSwitch(
  { ports, config }: Pick<Answering, 'ports' | 'config'>,
  { verb, shown }: Intent,
): Promise<Proposal | Impossible> {
  const setting = await ports.controls.setting();
  if (verb === 'switch-on')
    return {
      kind: 'possible',
      title: 'Turn the kill switch on?',
      facts: [
        { name: 'Now', value: setting.read ? saySetting(setting.value) : 'cannot be read, and that counts as on' },
      ],
      does: [
        'From then on pullmedic changes nothing in Azure: no grant, no restart, no new revision, no undo, no state of an alert.',
        'A change that is on its way to Azure at this moment can still arrive. Looks, questions and incidents go on.',
      ],
      doubts: [],
      button: 'Turn it on',
    };
  if (!setting.read) return settingUnread;
  if ((setting.value?.version ?? neverSet) !== shown) return switchedSince(setting.value?.by ?? 'a person');
  if (setting.value?.on !== true) return impossible(409, 'The kill switch is off already.');
  return {
    kind: 'possible',
    title: 'Turn the kill switch off?',
    facts: [{ name: 'Now', value: saySetting(setting.value) }],
    does: [
      `pullmedic may change Azure again, as the mode (${config.mode}) and the guards allow. What waits for a change may make it within minutes.`,
      'Your answer turns off this setting and no later one.',
    ],
    doubts: [],
    button: 'Turn it off',
  };
}

export const settingUnread = impossible(
  503,
  'The setting of the kill switch cannot be read, and that counts as on. It stays as it is. If that lasts, turn it on, then off.',
);

function saySetting(setting: KillSwitchState | undefined): string {
  if (setting === undefined) return 'off; no person has set it yet';
  const { on, by, atMs, why } = setting;
  return `${on ? 'on' : 'off'}, set by ${by} at ${sayInstant(atMs)}${why === undefined ? '' : `, because: ${why}`}`;
}
