// A world whose old histories move into the archive while an app fails again: what is decided then rests on what moved.
import { known } from '../../src/lib/words/fact.ts';
import { app, appId, arm, config, minute, nowMs, roleMissing, signal } from '../lib/facts.ts';
import type { Model } from './model.ts';
import { models } from './models.ts';

/** By then both remediations have ended, however often a host died on the way. */
const archivesFromMs = nowMs + 60 * minute;
/** Later than the first portion of the archive begins, and earlier than the next after a fault. */
const failsAgainAtMs = archivesFromMs + 20_000;

/** Another app of the same identity, which has its role by then. */
const crashesAtMs = nowMs + 25 * minute;
const otherId = arm(appId.replace(/ca-orders$/i, 'ca-crashes'));

function modelOf(name: string): Model {
  const model = models.find((one) => one.name === name);
  if (model === undefined) throw new Error(`There is no model ${name}.`);
  return model;
}

const [healing, crashing] = [modelOf('missing-role'), modelOf('crash')];

export const archiveModels: readonly Model[] = [
  {
    name: 'archived-then-fails-again',
    config: config(),
    signals: [
      { atMs: nowMs, signal },
      {
        atMs: crashesAtMs,
        signal: { ...signal, id: 'alert|other', about: { kind: 'app', id: otherId }, atMs: crashesAtMs },
      },
      { atMs: failsAgainAtMs, signal: { ...signal, id: 'alert|again', atMs: failsAgainAtMs } },
    ],
    archives: { fromMs: archivesFromMs, afterMs: 10 * minute },
    restsAtMs: archivesFromMs + 30 * minute,
    read(changes, atMs, id) {
      if (id === otherId) return { ...crashing.read(changes, atMs, id), app: known({ ...app, id: otherId }) };
      return atMs < failsAgainAtMs ? healing.read(changes, atMs, id) : roleMissing;
    },
    ends: ['recovered', 'withdrawn', 'needs-person'],
    grants: 1,
    incident: 'open',
  },
];
