// The model worlds in which systems are told: two systems and a topic where people hear of an incident for certain, and a topic alone, which
// hears of every remediation, where they hear of none.
import { listeningConfig } from '../lib/telling/listening.ts';
import { configWith } from '../lib/telling/scripted.ts';
import { archiveModels } from './archive-models.ts';
import type { Model } from './model.ts';
import { models } from './models.ts';

const topic = listeningConfig(['topic']).settings.incidents;
const people = configWith(['pager', 'chat']).settings.incidents;
const all = { ...people, systems: { ...people.systems, ...topic.systems } };

function telling(model: Model, ending: string, incidents: typeof all): Model {
  const config = { ...model.config, settings: { ...model.config.settings, incidents } };
  return { ...model, name: `${model.name}-${ending}`, config };
}

const acting = models.filter(({ config }) => config.mode !== 'observe');
const isTold = ({ incident }: Model): boolean => incident === 'open' || incident === 'resolved';

export const toldModels: readonly Model[] = [
  ...acting.filter(isTold).map((model) => telling(model, 'told', all)),
  ...acting.filter((model) => !isTold(model)).map((model) => telling(model, 'heard', topic)),
];

/** Every model. */
export const allModels: readonly Model[] = [...models, ...toldModels, ...archiveModels];
